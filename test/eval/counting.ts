// Machine against truth at counting lines: node test/eval/counting.ts TRUTH.json [--variants] [--json]
// The truth file names clips with dumped detections (see counting-truth.ts). --variants also counts each clip
// mirrored, at half the frames, at half size and with boxes removed.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { variants } from './clip-variants.ts';
import { countClip } from './count-clip.ts';
import { countingTruthSchema, parseDump, type TruthClip } from './counting-truth.ts';

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, variants: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [truthPath] = positionals;
if (truthPath === undefined) {
  console.error('usage: counting.ts TRUTH.json [--variants] [--json]');
  process.exit(2);
}

const { clips } = countingTruthSchema.parse(JSON.parse(readFileSync(truthPath, 'utf8')));
const names = values.variants ? Object.keys(variants) : ['plain'];
const lines = names.flatMap((variant) =>
  clips.flatMap((truth) => {
    const dump = parseDump(readFileSync(detectionsOf(truth, truthPath), 'utf8'));
    const clip = variants[variant]?.({ dump, truth }) ?? { dump, truth };
    return countClip(clip).map((result) => ({ variant, ...result }));
  }),
);
for (const { variant, clip, line, direction, counted, truth } of lines) {
  const error = counted - truth;
  const mark = error === 0 ? '' : `  ${error > 0 ? '+' : ''}${error}`;
  console.log(`${variant}: ${clip} ${line} ${direction}: ${counted} of ${truth}${mark}`);
}
const errors = lines.reduce((sum, { counted, truth }) => sum + Math.abs(counted - truth), 0);
const truth = lines.reduce((sum, line) => sum + line.truth, 0);
console.log(`${errors} off over ${truth} crossings`);
if (values.json) console.log(JSON.stringify({ lines, errors, truth }));

function detectionsOf({ clip, detections }: TruthClip, path: string): string {
  if (detections !== undefined) return resolve(dirname(path), detections);
  console.error(`${clip}: the truth file names no detections`);
  process.exit(1);
}
