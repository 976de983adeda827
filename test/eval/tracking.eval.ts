// Compares tracking results with truth: npm run eval:tracking -- --gt GT --res RES [--gt GT --res RES]... [--json]
// Files are MOTChallenge 2D text. Prints one row per sequence and, of several, one for all.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { parseMot } from './mot-file.ts';
import { addCounts, compare, score, type TrackingScore } from './tracking-score.ts';

const { values } = parseArgs({
  options: {
    gt: { type: 'string', multiple: true, default: [] },
    res: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  },
});
if (values.gt.length === 0 || values.gt.length !== values.res.length) {
  console.error('usage: tracking.ts --gt GT --res RES [--gt GT --res RES]... [--json]');
  process.exit(2);
}

const compared = values.gt.map((gt, i) => {
  const read = (path: string, kind: 'truth' | 'result') => {
    try {
      return parseMot(readFileSync(path, 'utf8'), kind);
    } catch (error) {
      console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      process.exit(1);
    }
  };
  const counts = compare(read(gt, 'truth'), read(values.res[i] ?? '', 'result'));
  return { name: basename(dirname(gt)) || basename(gt), counts };
});
const all = score(addCounts(compared.map(({ counts }) => counts)));
const rows: [string, TrackingScore][] = compared.map(({ name, counts }) => [name, score(counts)]);
if (rows.length > 1) rows.push(['all', all]);

const shares = ['HOTA', 'DetA', 'AssA', 'IDF1', 'MOTA', 'recall', 'precision'] as const;
const sums = ['IDSW', 'FP', 'FN'] as const;
const width = Math.max(8, ...rows.map(([name]) => name.length));
console.log(
  [' '.repeat(width), ...shares.map((key) => key.padStart(9)), ...sums.map((key) => key.padStart(6))].join(
    ' ',
  ),
);
for (const [name, figures] of rows) {
  const cells = [
    ...shares.map((key) => figures[key].toFixed(1).padStart(9)),
    ...sums.map((key) => String(figures[key]).padStart(6)),
  ];
  console.log([name.padEnd(width), ...cells].join(' '));
}
if (values.json) console.log(JSON.stringify({ ...all, sequences: Object.fromEntries(rows) }));
