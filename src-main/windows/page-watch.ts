import type { BrowserWindow } from 'electron';
import { beat, look, noPulse, type PagePulse, silenced } from '../supervisor/page-pulse.ts';
import { decideRestart } from '../supervisor/restart-policy.ts';
import type { RestartPolicy } from '../supervisor/worker-specs.ts';

/** A page that falls for the third time within a minute of life is left alone for a minute: it would only fall again. */
const policy: RestartPolicy = {
  delaysMs: [100, 500],
  maxRestarts: 2,
  forgetMs: 60_000,
  probeMs: 60_000,
};
/** A page that does not answer to a key or the mouse is given this long; then it is ended and loaded anew. */
const HUNG_MS = 2000;
const LOOK_MS = 500;

/** Without script and without anything of the page that fell. */
const REST_PAGE = `data:text/html;charset=utf-8,${encodeURIComponent(
  `<!doctype html><title>ivis</title><body style="background:#0d1117;color:#e6edf3;font:16px sans-serif;padding:15vh 10vw">
  <h1>The window keeps failing</h1>
  <p>Reading, counting and storing go on. The window is opened again in a minute.</p>
  <p>If this comes back, close ivis, save the log from its data folder and report it.</p>`,
)}`;

export interface PageWatchOptions {
  readonly monoMs: () => number;
  readonly note: (message: string) => void;
}

/**
 * Loads the window's page again when its process ended, hangs or takes too much memory. Everything else goes on
 * meanwhile: the page only shows, and asks for state and pictures anew when it is back.
 */
export class PageWatch {
  readonly #window: BrowserWindow;
  readonly #url: string;
  readonly #options: PageWatchOptions;
  /** Of each end that is not forgotten, for how long pages had beaten until then. */
  #endsAtMs: readonly number[] = [];
  #restarts = 0;
  #lastError: string | null = null;
  /** Why its end that is to come was brought about here. */
  #endedFor: string | null = null;
  #hung: NodeJS.Timeout | null = null;
  #pulse: PagePulse = noPulse;

  constructor(window: BrowserWindow, url: string, options: PageWatchOptions) {
    this.#window = window;
    this.#url = url;
    this.#options = options;
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#gone(reason));
    window.on('unresponsive', () => {
      this.#hung ??= setTimeout(() => this.restart('it does not answer'), HUNG_MS);
    });
    window.on('responsive', () => this.#answers());
    // Chromium looks for a hang only when there is input; a wall without an operator has to be watched too.
    const timer = setInterval(() => this.#look(), LOOK_MS);
    window.on('closed', () => clearInterval(timer));
  }

  /** The page beats; it owes that from its first beat on. */
  beat(): void {
    this.#pulse = beat(this.#pulse, this.#options.monoMs());
  }

  /** How often it was loaded again, and why it was the last time. */
  get restarts(): number {
    return this.#restarts;
  }

  get lastError(): string | null {
    return this.#lastError;
  }

  /** Ends the page; its end has it loaded again. */
  restart(cause: string): void {
    if (this.#window.isDestroyed()) return;
    this.#answers();
    this.#endedFor = cause;
    this.#options.note(`the window is loaded again: ${cause}`);
    const pid = this.#window.webContents.getOSProcessId();
    try {
      // 0 while it has no process: to whom a signal to 0 goes, all of ivis is ended.
      if (pid <= 0) throw new Error('the page has no process');
      // What Chromium sends to end it is not heard by a process that was stopped.
      process.kill(pid, 'SIGKILL');
    } catch {
      this.#window.webContents.forcefullyCrashRenderer();
    }
  }

  #gone(reason: string): void {
    this.#answers();
    this.#pulse = silenced(this.#pulse);
    const cause = this.#endedFor ?? reason;
    this.#endedFor = null;
    if (reason === 'clean-exit' || this.#window.isDestroyed()) return;
    const { note } = this.#options;
    const { beatenMs } = this.#pulse;
    this.#endsAtMs = [...this.#endsAtMs.filter((atMs) => beatenMs - atMs < policy.forgetMs), beatenMs];
    this.#restarts += 1;
    this.#lastError = cause;
    note(`the window's process ended (${reason}), ${this.#restarts} in all`);
    const decision = decideRestart(policy, this.#endsAtMs.length);
    if (decision.kind === 'restart') setTimeout(() => this.#load(this.#url), decision.delayMs);
    if (decision.kind !== 'give-up') return;
    setTimeout(() => this.#load(REST_PAGE), 0);
    setTimeout(() => this.#load(this.#url), decision.probeMs);
  }

  #load(address: string): void {
    const { note } = this.#options;
    if (!this.#window.isDestroyed())
      this.#window.loadURL(address).catch(() => note('the page could not be loaded'));
  }

  #answers(): void {
    if (this.#hung !== null) clearTimeout(this.#hung);
    this.#hung = null;
  }

  #look(): void {
    const { pulse, hangs } = look(this.#pulse, this.#options.monoMs());
    this.#pulse = pulse;
    if (hangs) this.restart('it hangs');
  }
}
