import { join } from 'node:path';
import pino from 'pino';
import type { LogLevel } from '#shared/contracts/worker-lifecycle.contract.ts';
import { isAtLeast, RecentLines } from './recent-lines.ts';
import { openRotatingFile, type RotatingFileLimits, rotatedPaths, type TextTarget } from './rotating-file.ts';
import { type SecretMask, secrets } from './secret-mask.ts';

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

/** A log that can also be read and turned up or down. */
export interface LogBook extends LogSink {
  level: LogLevel;
  readonly recent: RecentLines;
  /** Its files, newest first; empty when it goes to standard error. Not all of them need exist. */
  readonly paths: readonly string[];
}

export interface LogOptions {
  readonly limits?: RotatingFileLimits;
  readonly mask?: SecretMask;
}

const LIMITS: RotatingFileLimits = { maxBytes: 5 * 2 ** 20, keep: 4 };

const HEAD = new Set(['time', 'level', 'process', 'pid', 'sourceId', 'message']);

function standardError(): TextTarget {
  const target = pino.destination({ dest: 2, sync: true });
  target.on('error', () => {});
  return { write: (text) => target.write(text), flush: () => target.flushSync() };
}

/**
 * A rotating log file in `folder`, or standard error when `folder` is null. A log that cannot be written must never
 * stop the program, so its errors are swallowed here. Every text is masked before it becomes part of a line: over a
 * finished line, a mask could cut through the JSON.
 */
export function openLogSink(folder: string | null, level: LogLevel, options: LogOptions = {}): LogBook {
  const limits = options.limits ?? LIMITS;
  const mask = options.mask ?? secrets;
  const path = folder === null ? null : join(folder, 'ivis.log');
  const target = path === null ? standardError() : openRotatingFile(path, limits);
  const recent = new RecentLines();
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
  const maskFields = (fields: LogLine['fields']): LogLine['fields'] =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        mask.mask(key),
        typeof value === 'string' ? mask.mask(value) : value,
      ]),
    );
  return {
    get level() {
      return logger.level as LogLevel;
    },
    set level(next) {
      logger.level = next;
    },
    recent,
    paths: path === null ? [] : rotatedPaths(path, limits.keep),
    write: (line) => {
      if (!isAtLeast(line.level, logger.level as LogLevel)) return;
      const message = mask.mask(line.message);
      const fields = maskFields(line.fields);
      recent.add({ ...line, message, fields: { ...fields } });
      // A field must not pass itself off as the head of the line.
      const own = Object.fromEntries(Object.entries(fields).filter(([key]) => !HEAD.has(key)));
      const { process: name, pid, sourceId, wallMs } = line;
      logger[line.level](
        { time: new Date(wallMs).toISOString(), process: name, pid, sourceId, ...own },
        message,
      );
    },
    close: () => target.flush(),
  };
}
