import { z } from 'zod';
import { speedSchema } from './calibration.ts';
import { bothNumbers, countChangeSchema } from './count-change.ts';
import { pictureKindSchema } from './evidence.ts';
import { crossingSchema, directionSchema } from './line.ts';
import { runIdSchema } from './run.ts';

/** Why a counted crossing is wrong. Closed: each has one text for people. */
export const wrongReasonSchema = z.enum([
  'no-object',
  'did-not-cross',
  'counted-twice',
  'wrong-class',
  'wrong-direction',
  'other',
]);
export type WrongReason = z.infer<typeof wrongReasonSchema>;

const noteSchema = z.string().max(500);
const numberSchema = z.number().int().nonnegative();
export const correctionIdSchema = z.number().int().positive();

/** What a person says about a count. Nothing the machine counted is ever changed: it stays beside what is said here. */
export const correctionOrderSchema = z.discriminatedUnion('kind', [
  /** The crossing was counted and should not have been. */
  z.object({ kind: z.literal('wrong'), number: numberSchema, reason: wrongReasonSchema, note: noteSchema }),
  /** Takes a 'wrong' back. */
  z.object({ kind: z.literal('restored'), number: numberSchema, note: noteSchema }),
  /** A crossing that the machine did not count. */
  z.object({
    kind: z.literal('missed'),
    line: z.string().min(1).max(64),
    direction: directionSchema,
    label: z.string().min(1).max(64),
    ptsMs: z.number().nonnegative().max(1e12),
    note: noteSchema,
  }),
  /** Takes a 'missed' back. */
  z.object({ kind: z.literal('withdrawn'), target: correctionIdSchema, note: noteSchema }),
]);
export type CorrectionOrder = z.infer<typeof correctionOrderSchema>;

const signatureSchema = z.object({
  correctionId: correctionIdSchema,
  by: z.string(),
  madeWallMs: z.number(),
  note: z.string(),
});

/** One row of an opened count: a crossing of the machine, or one that a person added. */
export const countedCrossingSchema = z.object({
  /** The run that it was counted in: a live source has one more each time a process died under it. */
  runId: runIdSchema,
  /** Null for an added one. */
  number: numberSchema.nullable(),
  line: crossingSchema.shape.line,
  direction: directionSchema,
  label: crossingSchema.shape.label,
  trackId: crossingSchema.shape.trackId.nullable(),
  frame: numberSchema.nullable(),
  ptsMs: z.number(),
  /** UTC; null when neither it nor the start of the medium is known. */
  wallMs: z.number().nullable(),
  /** Of its track, once that has ended on calibrated ground. */
  speed: speedSchema.nullable(),
  x: z.number().nullable(),
  y: z.number().nullable(),
  pictures: z.array(pictureKindSchema),
  /** Set while a person holds the machine's crossing to be wrong. */
  wrong: signatureSchema.extend({ reason: wrongReasonSchema }).nullable(),
  /** Set on an added one. */
  added: signatureSchema.nullable(),
});
export type CountedCrossing = z.infer<typeof countedCrossingSchema>;

/** Which crossings are looked at; null: all. */
export const crossingFilterSchema = z.object({
  line: z.string().max(64).nullable(),
  direction: directionSchema.nullable(),
  label: z.string().max(64).nullable(),
});
export type CrossingFilter = z.infer<typeof crossingFilterSchema>;

/** What the machine counted, and how far people moved it. */
export const correctedCountSchema = countChangeSchema.extend({ machine: z.number().int().nonnegative() });
export type CorrectedCount = z.infer<typeof correctedCountSchema>;

/** Machine and corrected number of all these counts together. */
export function correctedTotal(counts: readonly CorrectedCount[]): { machine: number; corrected: number } {
  const machine = counts.reduce((sum, count) => sum + count.machine, 0);
  return { machine, corrected: bothNumbers(machine, counts).corrected ?? machine };
}
