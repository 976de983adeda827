import { z } from 'zod';
import { folderViewSchema } from './folder.ts';
import { healthSummarySchema } from './health.ts';
import { loadedModelSchema } from './model.ts';
import { processViewSchema } from './process-state.ts';
import { recordingViewSchema } from './recording.ts';
import { faultSchema, sourceViewSchema } from './source.ts';

/** `safe`: sources stay stopped and no accelerator is used. `software-graphics`: the window is drawn by the processor. */
const startNoteSchema = z.object({ kind: z.enum(['safe', 'software-graphics']), cause: z.string() });
export type StartNote = z.infer<typeof startNoteSchema>;

/** Everything the window shows that is not pixels or boxes; sent whole, a few times a second at most. */
export const appStateSchema = z.object({
  version: z.string(),
  sources: z.array(sourceViewSchema),
  folders: z.array(folderViewSchema),
  recording: recordingViewSchema,
  processes: z.array(processViewSchema),
  model: z.object({
    state: z.enum(['loading', 'ready', 'failed']),
    loaded: loadedModelSchema.nullable(),
    fault: faultSchema.nullable(),
    labels: z.array(z.string()),
    licence: z.string(),
    /** Look models that are installed. */
    looks: z.array(z.string()),
  }),
  store: z.object({ path: z.string(), fault: faultSchema.nullable() }),
  /** How this start differs from a usual one, and why; absent when it does not. */
  start: startNoteSchema.optional(),
  /** How ivis is as a whole; absent before the first look. */
  health: healthSummarySchema.optional(),
});
export type AppState = z.infer<typeof appStateSchema>;
