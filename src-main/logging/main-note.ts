import type { Clock } from '#shared/clock.ts';
import type { LogLevel } from '#shared/contracts/worker-lifecycle.contract.ts';
import type { LogLine, LogSink } from './log-sink.ts';

/** What main's own lines are written with; every part of main that has both can note. */
export interface NotePlace {
  readonly log: Pick<LogSink, 'write'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

/** Writes a line that main itself says, of one source or of none. */
export function noteInLog(
  { log, clock }: NotePlace,
  level: LogLevel,
  message: string,
  { sourceId = null, fields = {} }: Partial<Pick<LogLine, 'sourceId' | 'fields'>> = {},
): void {
  const wallMs = clock.wallMs();
  log.write({ level, process: 'main', pid: process.pid, sourceId, message, fields, wallMs });
}
