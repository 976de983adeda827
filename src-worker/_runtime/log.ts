import type { LogLevel } from '#shared/contracts/worker-lifecycle.contract.ts';

export type LogFields = Record<string, string | number | boolean | null>;

/** What a worker has to say; carried to the one log of main. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const MAX_MESSAGE = 8000;

/** A log over any writer; messages longer than the contract allows are cut. */
export function logTo(write: (level: LogLevel, message: string, fields: LogFields) => void): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      write(level, message.slice(0, MAX_MESSAGE), fields);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
