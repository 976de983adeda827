import type { ErrorKind } from './error-kind.ts';
import type { Fault } from './source.ts';

/** What an operator reads: what happened, and what to do about it. */
export interface FaultText {
  readonly title: string;
  readonly whatToDo: string;
}

/** One text per kind. The type makes a kind without a text a compile error. */
export const faultTexts: Readonly<Record<ErrorKind, FaultText>> = {
  'invalid-message': {
    title: 'Two parts of ivis did not understand each other',
    whatToDo:
      'Close ivis and start it again. If it comes back, install ivis again: its parts may be of different versions.',
  },
  'unknown-request': {
    title: 'A part of ivis was asked for something it does not know',
    whatToDo:
      'Close ivis and start it again. If it comes back, install ivis again: its parts may be of different versions.',
  },
  timeout: {
    title: 'A part of ivis took too long to answer',
    whatToDo: 'Try again. If the computer is busy, close other programs or analyse fewer videos at once.',
  },
  closed: {
    title: 'A part of ivis was closed while it was needed',
    whatToDo: 'It is started again by itself. Wait a few seconds, then try again.',
  },
  'not-ready': {
    title: 'ivis is still getting ready',
    whatToDo: 'Wait until the model and the database are shown as ready, then try again.',
  },
  internal: {
    title: 'Something went wrong inside ivis',
    whatToDo: 'Try again. If it comes back, report it with the technical detail shown here.',
  },
  'bad-argument': {
    title: 'This setting cannot be used',
    whatToDo: 'The technical detail says which value is wrong. Change it and try again.',
  },
  stopped: {
    title: 'The analysis was stopped',
    whatToDo: 'What was counted until then is kept. Choose “Run again” to analyse the whole video.',
  },
  'file-not-found': {
    title: 'The file is not there any more',
    whatToDo:
      'It may have been moved, renamed, or be on a drive that is not connected. Open it again from where it is now.',
  },
  'file-unreadable': {
    title: 'ivis may not read this file',
    whatToDo:
      'Ask the owner of the file for permission, or copy it to a folder of your own and open the copy.',
  },
  'file-empty': {
    title: 'The file is empty',
    whatToDo:
      'It has no bytes in it. The recording or the copy probably failed: copy it again from the recorder.',
  },
  'file-not-video': {
    title: 'This is not a video that ivis can read',
    whatToDo: 'Check that it plays in a video player. If it does, convert it to MP4 (H.264) and open that.',
  },
  'file-no-picture': {
    title: 'There is no picture in this file',
    whatToDo: 'It has sound but no video. Open a file with a picture.',
  },
  'file-refused': {
    title: 'This kind of file is not opened, for safety',
    whatToDo: 'Playlists and files that point to other places are refused. Open the video file itself.',
  },
  'file-incomplete': {
    title: 'The video ends too early',
    whatToDo:
      'The file is damaged or was cut off. Counts hold up to the point where it ends. Copy it again from the recorder if you can.',
  },
  'frame-too-large': {
    title: 'The picture of this video is too large',
    whatToDo: 'Convert it to a smaller picture, for example 1920 × 1080, and open that.',
  },
  'ffmpeg-missing': {
    title: 'The video decoder is missing',
    whatToDo: 'Install ivis again. Virus scanners sometimes remove the decoder (ffmpeg): allow it there.',
  },
  'ffmpeg-failed': {
    title: 'The video could not be decoded',
    whatToDo: 'Check that it plays in a video player. If it does, convert it to MP4 (H.264) and open that.',
  },
  'camera-unreachable': {
    title: 'The camera does not answer',
    whatToDo:
      'Check its power, its cable and its address. A source that is on goes on by itself when the camera is back.',
  },
  'address-unknown': {
    title: 'There is no machine of this name',
    whatToDo:
      'Check the spelling of the address, or enter the camera by its number (for example 192.168.1.20).',
  },
  'camera-auth': {
    title: 'The camera does not accept user or password',
    whatToDo:
      'Enter them again. A source that is on tries only once a minute, because many cameras lock up after several wrong tries.',
  },
  'camera-certificate': {
    title: 'The certificate of the camera is not trusted',
    whatToDo:
      'Compare its fingerprint with the one on the camera’s own page. If they are the same, accept it with “Test” in the settings of the source.',
  },
  'camera-not-found': {
    title: 'The camera has no stream at this address',
    whatToDo:
      'The machine answers, but the part after its name is wrong. Look it up in the manual of the camera.',
  },
  'camera-refused': {
    title: 'The camera refuses to send pictures',
    whatToDo:
      'It may have too many viewers already, or not be able to send in this way. Close other viewers or try another stream of it.',
  },
  'camera-lost': {
    title: 'The connection to the camera is lost',
    whatToDo:
      'Check its power and its cable. ivis connects again by itself; the time without pictures is noted.',
  },
  'camera-no-picture': {
    title: 'The camera is connected but sends no picture',
    whatToDo: 'If this lasts, restart the camera. ivis connects again by itself.',
  },
  'camera-black': {
    title: 'The picture is black',
    whatToDo:
      'Look for a cover on the lens, a lamp that is off or a broken night mode. Counting waits for a picture.',
  },
  'camera-frozen': {
    title: 'The picture does not change any more',
    whatToDo:
      'The camera repeats one picture. Restart it if its scene is not really motionless. Counting waits for a change.',
  },
  'camera-too-fast': {
    title: 'More pictures come than the camera can take',
    whatToDo: 'The stream is a replay or runs in a loop. Check the address and the recorder in between.',
  },
  'camera-damaged': {
    title: 'Many pictures arrive damaged',
    whatToDo:
      'The network loses data. Choose TCP instead of UDP, a lower bit rate, or check the cable and the Wi-Fi.',
  },
  'picture-changed': {
    title: 'Size or coding of the picture has changed',
    whatToDo:
      'Nothing if that was intended: ivis goes on with the new picture. Check that lines and zones still fit.',
  },
  'computer-slept': {
    title: 'The computer slept',
    whatToDo: 'Nothing: ivis connects again by itself. If counting must not pause, switch sleep off.',
  },
  'device-missing': {
    title: 'The webcam is not there or in use',
    whatToDo: 'Plug it in, close other programs that use it, and give ivis permission to use cameras.',
  },
  'stream-refused': {
    title: 'ivis does not open this kind of stream',
    whatToDo: 'Set the camera to H.264, H.265 or MJPEG.',
  },
  'folder-not-found': {
    title: 'The watched folder is not there',
    whatToDo:
      'It may have been moved, or its drive or share is not connected. It is looked for every few seconds.',
  },
  'folder-unreadable': {
    title: 'ivis may not look into the watched folder',
    whatToDo: 'Give yourself permission to read it. It is tried again every few seconds.',
  },
  'login-unprotected': {
    title: 'This desktop cannot keep a password protected',
    whatToDo:
      'Keep it for this session only, or decide for a file or a variable yourself. On Linux a keyring (GNOME Keyring or KWallet) gives protection.',
  },
  'login-unreadable': {
    title: 'The login of this camera cannot be read',
    whatToDo: 'Unlock the keyring, or edit the camera and give its user and password again.',
  },
  'login-needed': {
    title: 'The camera needs its user and password again',
    whatToDo: 'They were kept only until ivis was closed. Open the settings of the camera and enter them.',
  },
  'shm-full': {
    title: 'There is not enough shared memory for the pictures',
    whatToDo: 'Stop or remove other videos, then start this one again. On Linux the space is in /dev/shm.',
  },
  'shm-scarce': {
    title: 'Shared memory is short: pictures may be lost before they are looked at',
    whatToDo:
      'Stop other sources or make more room; on Linux the space is in /dev/shm. The source takes it when it connects next, or when it is stopped and started.',
  },
  'ring-failed': {
    title: 'The memory that holds the pictures could not be used',
    whatToDo: 'Start the analysis again. If it comes back, restart the computer to free what is left over.',
  },
  'model-missing': {
    title: 'The detection model is not installed',
    whatToDo: 'Run the set-up of ivis again while online, or put the model file into the models folder.',
  },
  'model-corrupt': {
    title: 'The detection model is damaged',
    whatToDo:
      'Its checksum is not the expected one. Delete the file from the models folder and run the set-up again.',
  },
  'model-wrong-shape': {
    title: 'This model does not fit ivis',
    whatToDo:
      'Its inputs or outputs are not those the manifest names. Install the model that the manifest names.',
  },
  'model-failed': {
    title: 'The detection model failed',
    whatToDo: 'Start the analysis again. If it comes back, choose another model or processor.',
  },
  'worker-crashed': {
    title: 'A part of ivis stopped unexpectedly',
    whatToDo:
      'ivis starts it again by itself. An analysis that is marked as failed can be tried again; if it fails again, save the diagnostics on the Health page.',
  },
  'worker-hung': {
    title: 'A part of ivis stopped making progress',
    whatToDo:
      'ivis ended it and starts it again by itself. If this repeats, analyse fewer videos at once. An analysis that is marked as failed can be tried again.',
  },
  'detection-away': {
    title: 'Counting is paused: detection is being started again',
    whatToDo:
      'The camera stays connected, and is recorded where that is on. What passes now is not counted, and this time is noted as a gap. Counting goes on by itself; if this repeats, save the diagnostics on the Health page.',
  },
  'store-full': {
    title: 'The disk with the database is full',
    whatToDo:
      'Free some space on that disk. A video waits; a camera is kept in memory for a while, then its counting pauses and that time is noted as a gap.',
  },
  'store-read-only': {
    title: 'The database cannot be written',
    whatToDo:
      'Give yourself permission to write in the folder of the database. It is tried again each minute.',
  },
  'store-corrupt': {
    title: 'The database is damaged',
    whatToDo:
      'The damaged file is kept under another name. At its start ivis goes on with the newest backup, or with a new database if there is none; the technical detail says which, and what is missing. If this came while ivis ran, start it again. Check the disk.',
  },
  'store-newer': {
    title: 'The database is from a newer ivis',
    whatToDo: 'Install the newer ivis. Until then the database is only read, nothing is stored.',
  },
  'store-failed': {
    title: 'The database did not take the results',
    whatToDo:
      'It is tried again by itself. A video waits; a camera is kept in memory for a while, then its counting pauses and that time is noted as a gap. Close other programs that have the database open, and check the disk.',
  },
  'store-in-use': {
    title: 'Another ivis writes this database',
    whatToDo:
      'Wait until it is done or end it, or choose another folder for the results. Nothing was changed.',
  },
  'store-away': {
    title: 'Counting is paused: the database takes no rows',
    whatToDo:
      'What passes now is not counted, and this time is noted as a gap. Counting goes on by itself when the database takes rows again: free its disk, or close other programs that use it.',
  },
  'output-unwritable': {
    title: 'The folder cannot be written',
    whatToDo: 'Choose another folder, or give yourself permission to write in this one.',
  },
  'output-full': {
    title: 'The disk is full',
    whatToDo: 'Free some space or choose a folder on another disk, then export again.',
  },
};

/** A fault for people from a kind and the technical words that came with it (may be empty). */
export function toFault(kind: ErrorKind, detail: string): Fault {
  return { kind, ...faultTexts[kind], detail };
}
