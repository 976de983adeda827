import path from 'node:path';
import { afterAll, afterEach, describe } from 'vitest';
import { type CameraClip, type ClipOrder, cameraClip } from '../../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing, type ServerOrder } from '../../drivers/rtsp-server.ts';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';
import { LiveRig } from './live-rig.ts';

/** Cameras for a test; their servers end with the test. */
export interface CameraStage {
  clip(name: string, order?: ClipOrder): Promise<CameraClip>;
  /** A file in the folder of these tests. */
  at(name: string): string;
  server(order: ServerOrder): Promise<RtspServer>;
  /** A server with one camera at /cam. */
  camera(
    clip: CameraClip,
    more?: Partial<ServerOrder['mounts'][number]> & { port?: number },
  ): Promise<RtspServer>;
}

/** What a test of live sources starts; all of it ends with the test. */
export interface Stage extends CameraStage {
  rig(): LiveRig;
}

/** To be called where hooks are registered. */
export function cameraStage(name: string): CameraStage {
  const { folder, remove } = temporaryFolder(name);
  const servers: RtspServer[] = [];
  const clips = new Map<string, Promise<CameraClip>>();
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.kill()));
  }, 30_000);
  afterAll(remove);
  const stage: CameraStage = {
    at: (file) => path.join(folder, file),
    clip: (file, order) => {
      const made = clips.get(file) ?? cameraClip(path.join(folder, file), order);
      clips.set(file, made);
      return made;
    },
    server: async (order) => {
      const server = await RtspServer.start(order);
      servers.push(server);
      return server;
    },
    camera: (clip, { port = 0, ...more } = {}) =>
      stage.server({ port, mounts: [{ path: '/cam', file: clip.path, fps: clip.fps, ...more }] }),
  };
  return stage;
}

function stageOf(name: string): Stage {
  const cameras = cameraStage(name);
  const rigs: LiveRig[] = [];
  // Registered last, so it runs first: rigs end before their cameras do.
  afterEach(async () => {
    await Promise.all(rigs.splice(0).map((rig) => rig.tearDown()));
  }, 30_000);
  return {
    ...cameras,
    rig: () => {
      const rig = new LiveRig();
      rigs.push(rig);
      return rig;
    },
  };
}

/** A row of the fault table that needs no RTSP server. */
export function fault(name: string, body: (stage: Stage) => void): void {
  describe(name, { timeout: 120_000 }, () => body(stageOf('fault')));
}

/** A row of the fault table that needs one; skipped, with a word, where there is none. */
export function cameraFault(name: string, body: (stage: Stage) => void): void {
  const missing = rtspMissing();
  const title = missing === null ? name : `${name} (skipped: ${missing})`;
  describe.skipIf(missing !== null)(title, { timeout: 120_000 }, () => body(stageOf('fault')));
}

/** Figures for people; no test depends on them. */
export function report(what: string, ms: number): void {
  console.log(`${what}: ${(ms / 1000).toFixed(2)} s`);
}
