import { z } from 'zod';

/** Every way ivis can fail, as people and programs see it. Closed: each kind has one text and one reaction. */
export const errorKindSchema = z.enum([
  // messages between processes
  'invalid-message',
  'unknown-request',
  'timeout',
  'closed',
  'not-ready',
  'internal',
  // what was asked for
  'bad-argument',
  'stopped',
  // files and streams
  'file-not-found',
  'file-unreadable',
  'file-empty',
  'file-not-video',
  'file-no-picture',
  'file-refused',
  'file-incomplete',
  'frame-too-large',
  'ffmpeg-missing',
  'ffmpeg-failed',
  // cameras and streams
  'camera-unreachable',
  'address-unknown',
  'camera-auth',
  'camera-certificate',
  'camera-not-found',
  'camera-refused',
  'camera-lost',
  'camera-no-picture',
  'camera-black',
  'camera-frozen',
  'camera-too-fast',
  'camera-damaged',
  'picture-changed',
  'computer-slept',
  'device-missing',
  'stream-refused',
  'folder-not-found',
  'folder-unreadable',
  // logins
  'login-unprotected',
  'login-unreadable',
  'login-needed',
  // shared memory
  'shm-full',
  'shm-scarce',
  'ring-failed',
  // models
  'model-missing',
  'model-corrupt',
  'model-wrong-shape',
  'model-failed',
  // processes
  'worker-crashed',
  'worker-hung',
  'detection-away',
  // database
  'store-full',
  'store-read-only',
  'store-corrupt',
  'store-newer',
  'store-failed',
  'store-in-use',
  'store-away',
  // files we write
  'output-unwritable',
  'output-full',
]);
export type ErrorKind = z.infer<typeof errorKindSchema>;
