import type { DumpedClip, TruthClip } from './counting-truth.ts';
import { Random } from './simulation/random.ts';

/** A clip and its truth, changed in a way that must not change the counts (mirrored: directions swap). */
export interface ClipVariant {
  dump: DumpedClip;
  truth: TruthClip;
}

type Change = (clip: ClipVariant) => ClipVariant;

/** Changes by name. */
export const variants: Record<string, Change> = {
  plain: (clip) => clip,
  mirrored: ({ dump, truth }) => ({
    dump: mapBoxes(dump, ({ x1, y1, x2, y2 }) => ({ x1: dump.width - x2, y1, x2: dump.width - x1, y2 })),
    truth: mapLines(truth, (line) => ({
      ...line,
      points: line.points.map(([x, y]): [number, number] => [dump.width - x, y]),
      forward: line.backward,
      backward: line.forward,
    })),
  }),
  'every second frame': ({ dump, truth }) => ({
    dump: { ...dump, frames: dump.frames.filter(({ frame }) => frame % 2 === 0) },
    truth,
  }),
  'half size': ({ dump, truth }) => ({
    dump: {
      ...mapBoxes(dump, ({ x1, y1, x2, y2 }) => ({ x1: x1 / 2, y1: y1 / 2, x2: x2 / 2, y2: y2 / 2 })),
      width: dump.width / 2,
      height: dump.height / 2,
    },
    truth: mapLines(truth, (line) => ({
      ...line,
      points: line.points.map(([x, y]): [number, number] => [x / 2, y / 2]),
    })),
  }),
  '5 % of boxes removed': ({ dump, truth }) => {
    const random = new Random(5);
    const frames = dump.frames.map((frame) => ({
      ...frame,
      detections: frame.detections.filter(() => !random.chance(0.05)),
    }));
    return { dump: { ...dump, frames }, truth };
  },
};

type DumpedBox = DumpedClip['frames'][number]['detections'][number]['box'];

function mapBoxes(dump: DumpedClip, change: (box: DumpedBox) => DumpedBox): DumpedClip {
  const frames = dump.frames.map((frame) => ({
    ...frame,
    detections: frame.detections.map((detection) => ({ ...detection, box: change(detection.box) })),
  }));
  return { ...dump, frames };
}

function mapLines(
  truth: TruthClip,
  change: (line: TruthClip['lines'][number]) => TruthClip['lines'][number],
): TruthClip {
  return { ...truth, lines: truth.lines.map(change) };
}
