import { z } from 'zod';
import { lookSettingsSchema } from './look.ts';

const share = z.number().min(0).max(1);

/** What a detection of one class must be like. Shares are of the picture's height and area. */
export const classRuleSchema = z
  .object({
    /** Class name; null: every class without a rule of its own. */
    label: z.string().min(1).nullable(),
    /** Detections below begin no track; left out: as for all classes. */
    confidence: z.number().min(0).max(1).optional(),
    minHeight: share.optional(),
    maxHeight: share.optional(),
    minArea: share.optional(),
    maxArea: share.optional(),
  })
  .refine((rule) => (rule.minHeight ?? 0) <= (rule.maxHeight ?? 1), {
    message: 'minHeight must not exceed maxHeight',
  })
  .refine((rule) => (rule.minArea ?? 0) <= (rule.maxArea ?? 1), {
    message: 'minArea must not exceed maxArea',
  });
export type ClassRule = z.infer<typeof classRuleSchema>;

/** The picture is also looked at in parts, so that small objects are seen larger; each part takes as long as all. */
export const tilesSchema = z
  .object({
    columns: z.number().int().min(1).max(4),
    rows: z.number().int().min(1).max(4),
    /** How much of its width and height a part shares with the next one. */
    overlap: z.number().min(0).max(0.5).default(0.2),
  })
  .refine(({ columns, rows }) => columns * rows > 1, { message: 'one tile is the picture itself' });
export type Tiles = z.infer<typeof tilesSchema>;

/** How a source is looked at and followed, beyond what is counted. */
export const tuningSchema = z.object({
  algorithm: z.enum(['bytetrack', 'oc-sort']).optional(),
  /**
   * Longest side of the picture as the model sees it, pixels; for models that take any size. Larger finds smaller
   * objects, and takes as much longer as the area is larger.
   */
  inputSize: z.number().int().min(160).max(2560).optional(),
  /** The point of an object that crosses lines and enters zones: its foot, or its middle as seen from above. */
  anchor: z.enum(['bottom-centre', 'centre']).optional(),
  /** Whether the camera may move a little (a mast in the wind). */
  cameraMotion: z.boolean().optional(),
  classRules: z
    .array(classRuleSchema)
    .max(100)
    .refine((rules) => new Set(rules.map(({ label }) => label)).size === rules.length, {
      message: 'a class has two rules',
    })
    .optional(),
  tiles: tilesSchema.optional(),
  /** Left out: objects are followed by their boxes alone. */
  looks: lookSettingsSchema.optional(),
});
export type Tuning = z.infer<typeof tuningSchema>;

/** The rule of a class: its own, else that for all others. */
export function ruleOf(rules: readonly ClassRule[], label: string): ClassRule | undefined {
  return rules.find((rule) => rule.label === label) ?? rules.find((rule) => rule.label === null);
}
