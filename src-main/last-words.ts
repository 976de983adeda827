import { app } from 'electron';
import { toWireError } from '#shared/contracts/wire-error.ts';
import { tell } from './cli/terminal.ts';
import type { LogSink } from './logging/log-sink.ts';
import { noteInLog } from './logging/main-note.ts';

const FAILED = 70;

export interface LastWords {
  readonly log: LogSink;
  /** Starts ivis again when it is gone; left out where a person waits for its result. */
  readonly again?: () => void;
}

/**
 * What happens when something goes wrong in main that nobody expected. Without this Electron shows a dialog and waits
 * for somebody to press its button: meanwhile nothing is counted, nobody is watched over, and the window is dead. Half a
 * broken main process is worse than none, so it says why and ends.
 */
export function sayLastWords({ log, again }: LastWords): void {
  const note = (message: string, thrown: unknown): void => {
    const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    const fields = { detail: detail.slice(0, 4000) };
    noteInLog({ log, clock: { wallMs: Date.now } }, 'error', message, { fields });
  };
  process.on('uncaughtException', (thrown) => {
    note('main ends: something went wrong that nobody expected', thrown);
    tell(`error internal: ${toWireError(thrown).message}`);
    log.close();
    again?.();
    app.exit(FAILED);
  });
  process.on('unhandledRejection', (thrown) => note('a failure that nobody waited for', thrown));
}
