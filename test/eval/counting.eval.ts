// Machine against truth at counting lines: npm run eval:counting -- TRUTH.json [--variants] [--transforms] [--json]
// Each clip of the truth file (see counting-truth.ts) is analysed by the program itself, once; a clip that names
// dumped detections is counted from these. --variants also counts what was found mirrored, at half the frames, at
// half size and with boxes removed; --transforms makes the clips anew, mirrored, at half size and at half rate, and
// has the program analyse them too.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { transformClip, transforms } from './clip-transforms.ts';
import { variants } from './clip-variants.ts';
import { compareCrossings, countClip, type LineResult } from './count-clip.ts';
import { countingTruthSchema, parseDump, type TruthClip } from './counting-truth.ts';
import { runProgram } from './program-run.ts';

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    variants: { type: 'boolean', default: false },
    transforms: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [truthPath] = positionals;
if (truthPath === undefined) {
  console.error('usage: counting.ts TRUTH.json [--variants] [--transforms] [--json]');
  process.exit(2);
}

type Row = LineResult & { variant: string };
const folder = mkdtempSync(join(tmpdir(), 'ivis-counting-'));
const all: Row[] = [];
try {
  const { clips } = countingTruthSchema.parse(JSON.parse(readFileSync(truthPath, 'utf8')));
  for (const truth of clips) {
    for (const row of await rowsOf(truth, truthPath)) {
      all.push(row);
      const error = row.counted - row.truth;
      const mark = error === 0 ? 'error 0' : `error ${error > 0 ? '+' : ''}${error}`;
      const what = `${row.variant}: ${row.clip} ${row.line} ${row.direction}`;
      console.log(`${what}: machine ${row.counted} truth ${row.truth} ${mark}`);
    }
  }
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const sum = (rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);
const errors = sum(all, ({ counted, truth }) => Math.abs(counted - truth));
const truth = sum(all, (row) => row.truth);
console.log(`${errors} off over ${truth} crossings`);
if (values.json) {
  const lines = all.map(({ variant, ...line }) => (variant === 'plain' ? line : { ...line, variant }));
  console.log(JSON.stringify({ lines, errors, truth }));
}

async function rowsOf(truth: TruthClip, path: string): Promise<Row[]> {
  const under = (name: string): string => resolve(dirname(path), name);
  const named = (variant: string, results: readonly LineResult[]): Row[] =>
    results.map((result) => ({ variant, ...result }));
  const rest = values.variants ? Object.keys(variants).filter((name) => name !== 'plain') : [];
  if (truth.detections !== undefined) {
    const dump = parseDump(readFileSync(under(truth.detections), 'utf8'));
    return ['plain', ...rest].flatMap((name) => named(name, countVariant(name, dump, truth)));
  }
  const video = under(truth.clip);
  const run = await runProgram(video, truth);
  const rows = named('plain', compareCrossings(truth, run.crossings));
  for (const name of rest) rows.push(...named(name, countVariant(name, run.dump, truth)));
  for (const name of values.transforms ? Object.keys(transforms) : []) {
    const made = join(folder, 'clip.mp4');
    await transformClip(name, video, made);
    const changed = transforms[name]?.truth(truth, run.dump) ?? truth;
    rows.push(...named(name, compareCrossings(changed, (await runProgram(made, changed)).crossings)));
  }
  return rows;
}

function countVariant(name: string, dump: ReturnType<typeof parseDump>, truth: TruthClip): LineResult[] {
  const change = variants[name];
  return countClip(change ? change({ dump, truth }) : { dump, truth });
}
