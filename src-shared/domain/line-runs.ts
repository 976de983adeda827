import { z } from 'zod';
import { runIdSchema } from './run.ts';

/** From which run on a line is counted, where it was drawn or changed later than others; by its name. */
export const lineRunsSchema = z.record(z.string(), runIdSchema);
export type LineRuns = z.infer<typeof lineRunsSchema>;

/** Whether what a line counted in this run is part of what is on show. */
export function isCounted(lineRuns: LineRuns, line: string, runId: number): boolean {
  return runId >= (lineRuns[line] ?? 0);
}
