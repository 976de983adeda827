import { z } from 'zod';

/** Where the journal of what the model saw in a film lies, and which film it is. */
export const journalPlaceSchema = z.object({ path: z.string().min(1), film: z.string().min(1) });
export type JournalPlace = z.infer<typeof journalPlaceSchema>;
