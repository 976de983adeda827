import { describe, expect, it } from 'vitest';
import { trackBoxSchema } from '../../../../src-shared/domain/track.ts';
import { Analysis, type AnalysisOptions } from '../../../../src-worker/detection/counting/analysis.ts';

const line = {
  name: 'gate',
  points: [
    { x: 320, y: 100 },
    { x: 320, y: 400 },
  ],
};
const zone = {
  name: 'left',
  points: [
    { x: 0, y: 0 },
    { x: 300, y: 0 },
    { x: 300, y: 479 },
    { x: 0, y: 479 },
  ],
};

interface Thing {
  label: string | ((frame: number) => string);
  y: number;
  confidence?: number;
}

/** Things drive from left to right in 40 frames at 10/s. */
function analyse(things: readonly Thing[], options: Partial<AnalysisOptions> = {}) {
  const analysis = new Analysis({ lines: [line], zones: [zone], ...options });
  const steps = Array.from({ length: 40 }, (_, frame) => {
    const x = 100 + 11 * frame;
    const detections = things.map(({ label, y, confidence = 0.8 }) => ({
      box: { x1: x - 40, y1: y - 50, x2: x + 40, y2: y },
      label: typeof label === 'string' ? label : label(frame),
      confidence,
    }));
    return analysis.step({ frame, ptsMs: frame * 100, width: 640, height: 480, detections });
  });
  return { analysis, steps: [...steps, analysis.finish('source-ended')] };
}

describe('Analysis', () => {
  it('counts lines, zones and tracks in one go', () => {
    const { analysis, steps } = analyse([
      { label: 'car', y: 200 },
      { label: 'person', y: 380 },
    ]);
    expect(steps.flatMap(({ crossings }) => crossings.map(({ label }) => label)).sort()).toEqual([
      'car',
      'person',
    ]);
    expect(steps.flatMap(({ visits }) => visits)).toHaveLength(2);
    expect(steps.flatMap(({ closed }) => closed.map(({ end }) => end))).toEqual([
      'source-ended',
      'source-ended',
    ]);
    const counts = analysis.counts();
    expect(counts.tracks).toEqual({ total: 2, byClass: { car: 1, person: 1 } });
    expect(counts.lines.gate?.forward).toEqual({ total: 2, byClass: { car: 1, person: 1 } });
    expect(counts.zones.left).toMatchObject({ visits: 2, maxOccupancy: 2, occupancy: 0 });
  });

  it('gives out boxes that keep to the schema and nothing more', () => {
    for (const { tracks, backfill } of analyse([{ label: 'car', y: 200 }]).steps) {
      for (const box of [...tracks, ...backfill]) expect(trackBoxSchema.strict().parse(box)).toEqual(box);
    }
  });

  it('believes a third of the votes for a wished label, and no fewer', () => {
    const often = (every: number) => ({
      label: (frame: number): string => (frame % every === 0 ? 'car' : 'boat'),
      y: 200,
    });
    const wished = { classes: ['car'] };
    expect(analyse([often(2)], wished).analysis.counts().lines.gate?.forward.byClass).toEqual({ car: 1 });
    expect(analyse([often(5)], wished).analysis.counts().lines.gate?.forward.total).toBe(0);
    // without a wish the majority has it
    expect(analyse([often(5)]).analysis.counts().lines.gate?.forward.byClass).toEqual({ boat: 1 });
  });

  it('leaves out what is not wished', () => {
    const { analysis, steps } = analyse(
      [
        { label: 'car', y: 200 },
        { label: 'person', y: 380 },
      ],
      { classes: ['car'] },
    );
    expect(new Set(steps.flatMap(({ tracks }) => tracks.map(({ label }) => label)))).toEqual(
      new Set(['car']),
    );
    expect(analysis.counts().tracks).toEqual({ total: 1, byClass: { car: 1 } });
    expect(analysis.counts().zones.left).toMatchObject({ visits: 1, maxOccupancy: 1 });
  });

  it('does not lose a wished vehicle that is a truck in some frames, and counts it once', () => {
    const label = (frame: number): string => (frame % 3 === 1 ? 'truck' : 'car');
    const { analysis } = analyse([{ label, y: 200 }], { classes: ['car'] });
    expect(analysis.counts().lines.gate?.forward).toEqual({ total: 1, byClass: { car: 1 } });
    expect(analyse([{ label, y: 200 }], { classes: ['truck'] }).analysis.counts().tracks.total).toBe(0);
  });

  it('counts a crossing afterwards when the vote turns to a wished label later', () => {
    const label = (frame: number): string => (frame < 14 || (frame > 17 && frame < 22) ? 'truck' : 'car');
    const { steps, analysis } = analyse([{ label, y: 200 }], { classes: ['car'] });
    const crossings = steps.flatMap((step, frame) =>
      step.crossings.map((crossing) => ({ ...crossing, told: frame })),
    );
    expect(crossings).toMatchObject([{ label: 'car', direction: 'forward', frame: 20 }]);
    expect(crossings[0]?.told).toBeGreaterThan(30);
    expect(analysis.counts().lines.gate?.forward.total).toBe(1);
  });
});
