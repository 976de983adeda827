import { z } from 'zod';
import { mediaInfoSchema } from './media-info.ts';
import { rateSchema } from './run.ts';
import { loginKeepingSchema, loginSchema, sourceInputSchema } from './source-input.ts';

/** What becomes of the login of a source. The only way a password travels from the page, and it never travels back. */
export const loginChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** As it is. */
  z.object({ kind: z.literal('keep') }),
  z.object({
    kind: z.literal('set'),
    login: loginSchema,
    keeping: loginKeepingSchema.exclude(['environment']),
  }),
  /** `variable` holds user:password. */
  z.object({ kind: z.literal('environment'), variable: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/) }),
]);
export type LoginChange = z.infer<typeof loginChangeSchema>;

const titleSchema = z.string().trim().max(120);
const classesSchema = z.array(z.string().min(1)).max(200);

/** What the add dialog holds when it is confirmed. An empty title: one is made from the address. */
export const sourceDraftSchema = z.object({
  title: titleSchema,
  input: sourceInputSchema,
  login: loginChangeSchema,
  classes: classesSchema,
  /** Of live sources only. */
  rate: rateSchema.nullable(),
  /** Of files only: at real speed instead of as fast as it goes. */
  realSpeed: z.boolean(),
});
export type SourceDraft = z.infer<typeof sourceDraftSchema>;

export const folderDraftSchema = z.object({
  title: titleSchema,
  path: z.string().min(1).max(32768),
  classes: classesSchema,
});
export type FolderDraft = z.infer<typeof folderDraftSchema>;

/** What "Test" found. */
export const sourceTestSchema = z.object({
  media: mediaInfoSchema,
  /** Until the first picture. */
  connectMs: z.number().nonnegative(),
  /** A JPEG. */
  picture: z.instanceof(Uint8Array),
  ffmpeg: z.object({ version: z.string(), old: z.boolean() }),
});
export type SourceTest = z.infer<typeof sourceTestSchema>;

/** Whether passwords can be kept so that only this user can read them, by what, or why not, in plain words. */
export const protectionSchema = z.object({
  protected: z.boolean(),
  words: z.string().min(1),
});
export type Protection = z.infer<typeof protectionSchema>;
