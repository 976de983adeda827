import { z } from 'zod';
import { faultSchema, sourceIdSchema } from './source.ts';

/** A watched folder as the window shows it. */
export const folderViewSchema = z.object({
  folderId: sourceIdSchema,
  title: z.string().min(1),
  path: z.string().min(1),
  /** Files still growing or being read for their hash. */
  waiting: z.number().int().nonnegative(),
  /** Files handed over to be analysed since the folder is watched. */
  taken: z.number().int().nonnegative(),
  /** Files left alone because the same content was analysed before. */
  known: z.number().int().nonnegative(),
  /** Why it cannot be looked into at the moment. */
  fault: faultSchema.nullable(),
});
export type FolderView = z.infer<typeof folderViewSchema>;
