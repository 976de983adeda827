import { z } from 'zod';
import { wireErrorSchema } from '#shared/contracts/wire-error.ts';
import { modelSpecSchema } from '#shared/domain/model.ts';
import type { LookShape } from './look-session.ts';
import type { Provider } from './session.ts';

const providers: readonly Provider[] = ['cpu', 'cuda', 'dml', 'coreml'];
const number = z.int().nonnegative();
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const floats = z.custom<Float32Array>((value) => value instanceof Float32Array);

const lookShapeSchema: z.ZodType<LookShape> = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  dimension: z.int().positive(),
});

/** What the model's thread is asked; `id` comes back with the answer. */
export const threadRequestSchema = z.discriminatedUnion('ask', [
  z.object({
    ask: z.literal('open'),
    id: number,
    bytes,
    spec: modelSpecSchema,
    provider: z.enum(providers),
  }),
  z.object({
    ask: z.literal('run'),
    id: number,
    session: number,
    input: floats,
    tensorW: z.int().positive(),
    tensorH: z.int().positive(),
  }),
  z.object({
    ask: z.literal('open-look'),
    id: number,
    bytes,
    name: z.string(),
    provider: z.enum(providers),
  }),
  z.object({
    ask: z.literal('embed'),
    id: number,
    session: number,
    input: floats,
    count: z.int().positive(),
  }),
  z.object({ ask: z.literal('release'), id: number, session: number }),
]);
export type ThreadRequest = z.infer<typeof threadRequestSchema>;

/** What it answers. */
export const threadAnswerSchema = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('opened'), id: number }),
  z.object({ answer: z.literal('look-opened'), id: number, shape: lookShapeSchema }),
  z.object({
    answer: z.literal('ran'),
    id: number,
    output: floats,
    input: floats,
  }),
  z.object({ answer: z.literal('released'), id: number }),
  z.object({ answer: z.literal('failed'), id: number, error: wireErrorSchema }),
]);
export type ThreadAnswer = z.infer<typeof threadAnswerSchema>;
