import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppState } from '#shared/domain/app-state.ts';
import type { Rate, RunSettings } from '#shared/domain/run.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { IvisWindow, type WindowPlace } from './ivis-window.ts';

export interface LiveCamera {
  readonly sourceId: string;
  readonly url: string;
  readonly rate?: Rate;
  /** A variable of the environment with user:password. */
  readonly loginVariable?: string;
  /** Besides a line across a picture of 320 x 240. */
  readonly settings?: Partial<RunSettings>;
}

/** What main told the window of one source over time. */
export interface SourceStory {
  /** States in their order, each as long as it lasted. */
  readonly states: readonly { readonly state: string; readonly atMs: number }[];
  /** Longest time in which its count of processed frames did not rise, since `mark`. */
  readonly longestStopMs: number;
  /** Wall times at which more frames were told to be looked at. */
  readonly frames: readonly number[];
}

interface Tap {
  state: AppState | null;
  stories: Record<
    string,
    { states: { state: string; atMs: number }[]; longestStopMs: number; frames: number[] }
  >;
  rises: Record<string, { processed: number; atMs: number }>;
}

/** What a window of an earlier day would have kept of these cameras, all of them wanted. */
function keptCameras(cameras: readonly LiveCamera[]): string {
  const points = { a: { x: 0, y: 120 }, b: { x: 320, y: 120 } };
  const sources = cameras.map(({ sourceId, url, rate, loginVariable, settings }) => ({
    sourceId,
    title: sourceId,
    input: { kind: 'rtsp', url, transport: 'tcp' },
    loginKept: loginVariable === undefined ? null : 'environment',
    folderId: null,
    settings: {
      mode: 'live',
      // With a line of its own it is not begun anew when its picture is known.
      lines: [{ name: 'Line 1', points: [points.a, points.b] }],
      zones: [],
      classes: [],
      confidence: null,
      every: null,
      fps: null,
      keepRawDetections: false,
      ...(rate === undefined ? {} : { rate }),
      ...settings,
    },
    media: null,
    wanted: true,
    counting: null,
    last: null,
  }));
  return JSON.stringify({ version: 1, sources, folders: [] });
}

/** Where their logins are. */
function keptLogins(cameras: readonly LiveCamera[]): string {
  const logins = cameras.flatMap(({ sourceId, loginVariable }) =>
    loginVariable === undefined ? [] : [[sourceId, { kind: 'environment', variable: loginVariable }]],
  );
  return JSON.stringify({ version: 1, logins: Object.fromEntries(logins) });
}

/** ivis with its window and cameras that it goes on with by itself; what main tells its page is listened to. */
export class LiveWindow {
  readonly window: IvisWindow;
  readonly mainPid: number;

  private constructor(window: IvisWindow, mainPid: number) {
    this.window = window;
    this.mainPid = mainPid;
  }

  /** `prepare`: what else ivis is to find in its data folder. */
  static async open(
    cameras: readonly LiveCamera[],
    place: WindowPlace = {},
    prepare: (dataFolder: string) => void = () => {},
  ): Promise<LiveWindow> {
    const data = mkdtempSync(join(tmpdir(), 'ivis-live-window-'));
    prepare(data);
    writeFileSync(join(data, 'sources.json'), keptCameras(cameras));
    writeFileSync(join(data, 'logins.json'), keptLogins(cameras));
    return LiveWindow.again(data, place).catch((thrown: unknown) => {
      rmSync(data, { recursive: true, force: true });
      throw thrown;
    });
  }

  /** Opens ivis where it was before. */
  static async again(data: string, place: WindowPlace = {}): Promise<LiveWindow> {
    const size = { width: 1366, height: 768 };
    const window = await IvisWindow.open([], size, data, place);
    await window.app.evaluate(({ BrowserWindow }) => {
      const [contents] = BrowserWindow.getAllWindows().map(({ webContents }) => webContents);
      if (contents === undefined) throw new Error('there is no window');
      const tap: Tap = { state: null, stories: {}, rises: {} };
      Object.assign(globalThis, { ivisTap: tap });
      const post = contents.postMessage.bind(contents);
      contents.postMessage = (channel, message, transfer) => {
        const { name, body } = message as { name?: string; body?: AppState };
        if (name === 'state.changed' && body !== undefined) {
          tap.state = body;
          const atMs = performance.now();
          for (const { sourceId, state, progress } of body.sources) {
            tap.stories[sourceId] ??= { states: [], longestStopMs: 0, frames: [] };
            const story = tap.stories[sourceId];
            if (story.states.at(-1)?.state !== state) story.states.push({ state, atMs });
            const processed = progress?.ledger.processed ?? 0;
            const rise = tap.rises[sourceId];
            if (rise?.processed === processed) continue;
            if (processed > (rise?.processed ?? 0)) story.frames.push(Date.now());
            if (rise !== undefined && rise.processed > 0) {
              story.longestStopMs = Math.max(story.longestStopMs, atMs - rise.atMs);
            }
            tap.rises[sourceId] = { processed, atMs };
          }
        }
        post(channel, message, transfer);
      };
    });
    return new LiveWindow(window, await window.app.evaluate(() => process.pid));
  }

  /** What the window was told last. */
  async state(): Promise<AppState | null> {
    const look = (): Promise<AppState | null> =>
      this.window.app.evaluate(() => (globalThis as unknown as { ivisTap: Tap }).ivisTap.state);
    return look().catch((thrown: unknown) => {
      // The driver's, on a busy machine: nothing was done, so it may be asked again.
      if (String(thrown).includes('promise was garbage collected')) return look();
      throw thrown;
    });
  }

  /** Throws while the window was not told of it. */
  async source(sourceId: string): Promise<SourceView> {
    const found = (await this.state())?.sources.find((source) => source.sourceId === sourceId);
    if (found === undefined) throw new Error(`the window was not told of ${sourceId}`);
    return found;
  }

  /** Forgets how long counts stood still so far. */
  async mark(): Promise<void> {
    await this.window.app.evaluate(() => {
      const { stories, rises } = (globalThis as unknown as { ivisTap: Tap }).ivisTap;
      for (const story of Object.values(stories)) story.longestStopMs = 0;
      for (const rise of Object.values(rises)) rise.atMs = performance.now();
    });
  }

  /** A stop that lasts still counts as long as it has lasted. */
  async story(sourceId: string): Promise<SourceStory> {
    return this.window.app.evaluate((_electron, id) => {
      const { stories, rises } = (globalThis as unknown as { ivisTap: Tap }).ivisTap;
      const story = stories[id];
      const sinceMs = performance.now() - (rises[id]?.atMs ?? 0);
      return {
        states: story?.states ?? [],
        frames: story?.frames ?? [],
        longestStopMs: Math.max(story?.longestStopMs ?? 0, sinceMs),
      };
    }, sourceId);
  }

  /** Pid of the process that reads the source; null while there is none. */
  async capturePid(sourceId: string): Promise<number | null> {
    const processes = (await this.state())?.processes ?? [];
    const capture = processes.find(
      (each) => each.name === 'capture' && each.sourceId === sourceId && each.state === 'running',
    );
    return capture?.pid ?? null;
  }

  /** Waits until `find` gives something; fails with `what` after the time limit. */
  async until<T>(what: string, find: (live: LiveWindow) => Promise<T | null>, limitMs = 60_000): Promise<T> {
    const endMs = performance.now() + limitMs;
    for (;;) {
      const found = await find(this);
      if (found !== null) return found;
      if (performance.now() > endMs) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async untilState(sourceId: string, state: string, limitMs = 60_000): Promise<void> {
    await this.until(
      `${sourceId} to be ${state}`,
      async () =>
        (await this.state())?.sources.find((s) => s.sourceId === sourceId)?.state === state ? true : null,
      limitMs,
    );
  }
}
