import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AppState } from '#shared/domain/app-state.ts';
import { Display } from '../drivers/display.ts';
import { Acknowledged } from '../drivers/invariants.ts';
import { LiveWindow } from '../drivers/live-window.ts';
import { familyOf, type KnownProcess, lives, programOf, strike } from '../drivers/process-tree.ts';
import { cameraClip } from '../drivers/rtsp-clips.ts';
import { RtspServer } from '../drivers/rtsp-server.ts';
import type { Victim } from './schedule.ts';
import { SECRET } from './secret.ts';

const CAMERAS = ['cam-1', 'cam-2'] as const;
const LOGIN = 'IVIS_TEST_LOGIN';
const env = { [LOGIN]: `${SECRET.user}:${SECRET.password}` };
const UP_MS = 90_000;
const ANSWER_MS = 5000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function wordsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** ivis with its window and two cameras that want a password, which faults are thrown at while it runs. */
export class LiveWorld {
  readonly dataFolder: string;
  /** Of all its runs, also of those before a main process that was killed. */
  readonly acknowledged = new Acknowledged();
  readonly #display: Display;
  readonly #server: RtspServer;
  #live: LiveWindow;

  private constructor(display: Display, server: RtspServer, live: LiveWindow) {
    this.#display = display;
    this.#server = server;
    this.#live = live;
    this.dataFolder = live.window.dataFolder;
  }

  static async open(folder: string): Promise<LiveWorld> {
    const display = await Display.open();
    const clip = await cameraClip(join(folder, 'camera.h264'));
    const mounts = CAMERAS.map((name) => ({ path: `/${name}`, file: clip.path, fps: clip.fps }));
    const server = await RtspServer.start({ mounts, ...SECRET });
    const rate = { targetFps: 3, floorFps: 1, priority: 1 };
    const cameras = CAMERAS.map((sourceId) => ({
      sourceId,
      url: server.url(`/${sourceId}`),
      rate,
      loginVariable: LOGIN,
    }));
    const world = new LiveWorld(display, server, await LiveWindow.open(cameras, { env }));
    await world.untilWell();
    return world;
  }

  get mainPid(): number {
    return this.#live.mainPid;
  }

  get database(): string {
    return join(this.dataFolder, 'ivis.db');
  }

  get family(): KnownProcess[] {
    return familyOf(this.mainPid);
  }

  get live(): LiveWindow {
    return this.#live;
  }

  /** What main told last; null while it does not answer. */
  state(): Promise<AppState | null> {
    const silence = new Promise<null>((resolve) => setTimeout(resolve, ANSWER_MS, null));
    const told = this.#live.state().then((state) => {
      if (state !== null) this.acknowledged.note(state);
      return state;
    });
    return Promise.race([told.catch(() => null), silence]);
  }

  /** The process that a fault is for; null while there is none. */
  async victim(victim: Victim, camera: number): Promise<KnownProcess | null> {
    const family = this.family.filter(({ state }) => state !== 'Z');
    const state = await this.state();
    const sourceId = this.cameraName(camera);
    const worker = (name: string): number | null =>
      state?.processes.find(
        (each) =>
          each.name === name &&
          each.state === 'running' &&
          (name !== 'capture' || each.sourceId === sourceId),
      )?.pid ?? null;
    const find = (test: (known: KnownProcess) => boolean): KnownProcess | null => family.find(test) ?? null;
    if (victim === 'main') return find(({ pid }) => pid === this.mainPid);
    if (victim === 'page') return find(({ pid }) => wordsOf(pid).includes('--type=renderer'));
    if (victim === 'graphics') return find(({ pid }) => wordsOf(pid).includes('--type=gpu-process'));
    if (victim !== 'ffmpeg') return find(({ pid }) => pid === worker(victim));
    const reader = worker('capture');
    return find(({ pid, parent }) => parent === reader && programOf(pid).startsWith('ffmpeg'));
  }

  cameraName(camera: number): string {
    return CAMERAS[camera % CAMERAS.length] ?? CAMERAS[0];
  }

  /**
   * Resolves when every camera is LIVE and looked at again, every process runs, the database takes rows and the page
   * shows the cameras; rejects with what is missing. `news`: what main told was told after the fault.
   */
  async untilWell(news: () => Promise<boolean> = async () => true, limitMs = UP_MS): Promise<void> {
    const untilMs = performance.now() + limitMs;
    const began = await this.#processed();
    for (;;) {
      const look = async (): Promise<string | null> =>
        (await news()) ? this.#missing(began) : 'main has not taken notice';
      const missing = await look().catch((thrown: unknown) => String(thrown));
      if (missing === null) return;
      if (performance.now() > untilMs) throw new Error(`not well within ${limitMs / 1000} s: ${missing}`);
      await sleep(50);
    }
  }

  /** Opens ivis again after its main process was killed; nothing of the old one may be left. */
  async openAgain(before: readonly KnownProcess[]): Promise<void> {
    const untilMs = performance.now() + 5000;
    while (before.some(lives) && performance.now() < untilMs) await sleep(50);
    const left = before.filter(lives);
    for (const { pid } of left) strike(pid, 'SIGKILL');
    this.#live = await LiveWindow.again(this.dataFolder, { env });
    if (left.length > 0) throw new Error(`I7: ${left.length} processes outlived main by 5 s`);
  }

  /** Opens ivis again after it was closed: with a page that the driver has not lost. */
  async reopen(): Promise<void> {
    this.#live = await LiveWindow.again(this.dataFolder, { env });
    await this.untilWell();
  }

  /** Ends it as its user does. */
  async close(): Promise<void> {
    await this.#live.window.quit();
  }

  async tearDown(): Promise<void> {
    await this.#server.kill();
    this.#display.close();
    rmSync(this.dataFolder, { recursive: true, force: true });
  }

  async #processed(): Promise<ReadonlyMap<string, number>> {
    const state = await this.state().catch(() => null);
    return new Map(state?.sources.map((each) => [each.sourceId, each.progress?.ledger.processed ?? 0]));
  }

  async #missing(began: ReadonlyMap<string, number>): Promise<string | null> {
    const state = await this.state();
    if (state === null) return 'main has told nothing';
    if (state.sources.length < CAMERAS.length) return 'sources';
    for (const { sourceId, state: now, progress } of state.sources) {
      if (now !== 'LIVE') return `${sourceId} is ${now}`;
      if ((progress?.ledger.processed ?? 0) === (began.get(sourceId) ?? 0))
        return `${sourceId} is not looked at`;
    }
    const ill = state.processes.find(({ state: life }) => life !== 'running');
    if (ill !== undefined) return `${ill.name} is ${ill.state}`;
    if (state.store.fault !== null) return state.store.fault.title;
    return (await this.#pageShows()) ? null : 'the page does not show the cameras';
  }

  #pageShows(): Promise<boolean> {
    const shown = this.#live.window.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return false;
      return contents.executeJavaScript(`document.querySelectorAll('[data-testid=source-state]').length > 1`);
    });
    const silence = new Promise<boolean>((resolve) => setTimeout(resolve, 1000, false));
    return Promise.race([shown.then((answer) => answer === true).catch(() => false), silence]);
  }
}
