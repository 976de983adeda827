import { app } from 'electron';
import type { LogSink } from '../logging/log-sink.ts';
import { noteInLog } from '../logging/main-note.ts';
import { WORKER_SERVICE } from '../supervisor/worker-process.ts';

const FORCED = 130;

/** Ends ivis at once with all its workers; one that was stopped would not hear anything milder. */
export function forceEnd(log: LogSink, why: string): void {
  noteInLog({ log, clock: { wallMs: Date.now } }, 'warn', `ivis ends at once: ${why}`);
  log.close();
  for (const { pid, name } of app.getAppMetrics()) {
    if (name?.startsWith(WORKER_SERVICE) !== true || pid <= 0) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
  app.exit(FORCED);
}
