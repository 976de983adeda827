import type { BrowserWindow } from 'electron';
import { decideRestart } from '../supervisor/restart-policy.ts';
import type { RestartPolicy } from '../supervisor/worker-specs.ts';

/** A page that falls three times within a minute is left alone for a minute: it would only fall again. */
const policy: RestartPolicy = {
  delaysMs: [100, 500, 1000],
  maxInWindow: 3,
  windowMs: 60_000,
  probeMs: 60_000,
};
/** A page that answers nothing for so long after it was found hanging is ended and loaded anew. */
const HUNG_MS = 5000;

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
 * Loads the window's page again when its process ended or hangs. Everything else goes on meanwhile: the page only
 * shows, and asks for state and pictures anew when it is back.
 */
export function watchPage(window: BrowserWindow, url: string, { monoMs, note }: PageWatchOptions): void {
  const endsMs: number[] = [];
  let hung: NodeJS.Timeout | null = null;
  const load = (address: string): void => {
    if (!window.isDestroyed()) window.loadURL(address).catch(() => note('the page could not be loaded'));
  };
  const answers = (): void => {
    if (hung !== null) clearTimeout(hung);
    hung = null;
  };
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    answers();
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    endsMs.push(monoMs());
    const decision = decideRestart(policy, endsMs, monoMs());
    note(`the window's process ended (${reason}), ${endsMs.length} in all`);
    if (decision.kind === 'restart') setTimeout(load, decision.delayMs, url);
    if (decision.kind !== 'give-up') return;
    setTimeout(load, 0, REST_PAGE);
    setTimeout(load, decision.probeMs, url);
  });
  window.on('unresponsive', () => {
    note('the window does not answer');
    hung ??= setTimeout(() => {
      hung = null;
      if (!window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
    }, HUNG_MS);
  });
  window.on('responsive', answers);
}
