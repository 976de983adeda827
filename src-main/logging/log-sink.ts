import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import type { LogLevel } from '#shared/contracts/worker-lifecycle.contract.ts';

export interface LogLine {
  readonly level: LogLevel;
  readonly process: string;
  readonly pid: number | null;
  readonly sourceId: string | null;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
  readonly wallMs: number;
}

/** The one log of all processes: a JSON object per line, UTC. */
export interface LogSink {
  write(line: LogLine): void;
  close(): void;
}

/**
 * A log file in `folder`, or standard error when `folder` is null. A log that cannot be written must never stop
 * the program, so its errors are swallowed here.
 */
export function openLogSink(folder: string | null, level: LogLevel): LogSink {
  if (folder !== null) mkdirSync(folder, { recursive: true });
  const target = pino.destination(
    folder === null ? { dest: 2, sync: true } : { dest: join(folder, 'ivis.log'), sync: false, mkdir: true },
  );
  target.on('error', () => {});
  const logger = pino(
    {
      level,
      base: null,
      timestamp: false,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }) },
    },
    target,
  );
  return {
    write: ({ level: lineLevel, message, fields, wallMs, ...rest }) =>
      logger[lineLevel]({ time: new Date(wallMs).toISOString(), ...rest, ...fields }, message),
    close: () => {
      try {
        target.flushSync();
      } catch {
        // Nothing was written yet.
      }
    },
  };
}
