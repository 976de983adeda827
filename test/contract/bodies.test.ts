import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { rowBatchSchema } from '#shared/contracts/detection-store.contract.ts';
import { detectionUi } from '#shared/contracts/detection-ui.contract.ts';
import { frameDescriptorSchema } from '#shared/domain/frame.ts';
import { runSettingsSchema } from '#shared/domain/run.ts';

const box = { x1: 1, y1: 2, x2: 30, y2: 40 };
const trackBox = { trackId: 1, frame: 0, ptsMs: 0, box, label: 'car', confidence: 0.9, origin: 'detected' };
const crossing = {
  number: 0,
  line: 'a',
  direction: 'forward',
  label: 'car',
  trackId: 1,
  frame: 3,
  ptsMs: 120,
  x: 5,
  y: 6,
};
const frame = {
  ring: '/ivis-0-1-1',
  epoch: 7,
  slot: 1,
  generation: 4,
  seq: 2,
  ptsMs: 40,
  wallMs: 1,
  monoMs: 2,
  width: 640,
  height: 360,
  pixelFormat: 'i420',
};
const counts = { lines: {}, zones: {}, tracks: { total: 1, byClass: { car: 1 } } };
const good: [string, z.ZodType, unknown][] = [
  ['frame', frameDescriptorSchema, frame],
  [
    'batch',
    rowBatchSchema,
    { runId: 1, batch: 0, boxes: [trackBox], raw: [], tracks: [], crossings: [crossing], visits: [] },
  ],
  [
    'result',
    detectionUi.notices['result.published'],
    {
      sourceId: 'file-1',
      runId: 1,
      seq: 2,
      ptsMs: 40,
      frameMonoMs: 2,
      tracks: [trackBox],
      crossings: [crossing],
      counts,
    },
  ],
  [
    'settings',
    runSettingsSchema,
    {
      mode: 'analyse',
      lines: [
        {
          name: 'a',
          points: [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
        },
      ],
      zones: [],
      classes: ['car'],
      confidence: 0.25,
      every: null,
      fps: null,
      keepRawDetections: false,
    },
  ],
];

/** Paths to every number inside a value. */
function numbersIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'number') return [path];
  if (Array.isArray(value)) return value.flatMap((each, index) => numbersIn(each, [...path, index]));
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, each]) => numbersIn(each, [...path, key]));
  }
  return [];
}

function replaced(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return by;
  if (Array.isArray(value))
    return value.map((each, index) => (index === head ? replaced(each, rest, by) : each));
  return Object.fromEntries(
    Object.entries(value as Record<string, unknown>).map(([key, each]) => [
      key,
      key === head ? replaced(each, rest, by) : each,
    ]),
  );
}

describe.each(good)('the body of a %s', (_name, schema, value) => {
  it('parses when right', () => {
    expect(schema.safeParse(value).error).toBeUndefined();
  });

  it('is refused with NaN, an infinity or a string in place of any number', () => {
    const paths = numbersIn(value);
    expect(paths.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '1', undefined, {}),
        (path, bad) => {
          expect(schema.safeParse(replaced(value, path, bad)).success).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('limits of bodies', () => {
  it('refuse a box turned inside out', () => {
    const turned = { ...trackBox, box: { x1: 30, y1: 2, x2: 1, y2: 40 } };
    const batch = { runId: 1, batch: 0, boxes: [turned], raw: [], tracks: [], crossings: [], visits: [] };
    expect(rowBatchSchema.safeParse(batch).success).toBe(false);
  });

  it('refuse a batch of a million boxes', () => {
    const batch = {
      runId: 1,
      batch: 0,
      boxes: new Array(1_000_000).fill(trackBox),
      raw: [],
      tracks: [],
      crossings: [],
      visits: [],
    };
    expect(rowBatchSchema.safeParse(batch).success).toBe(false);
  });

  it('refuse a pixel format the frame contract does not name', () => {
    expect(frameDescriptorSchema.safeParse({ ...frame, pixelFormat: 'bgr24' }).success).toBe(false);
  });
});
