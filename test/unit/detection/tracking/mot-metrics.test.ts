import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clearCounts, mota } from '../../../eval/clear-metrics.ts';
import { overlapsOf } from '../../../eval/frame-overlaps.ts';
import { hota, hotaCounts } from '../../../eval/hota-metrics.ts';
import { identityCounts, idf1 } from '../../../eval/identity-metrics.ts';
import { parseMot } from '../../../eval/mot-file.ts';
import { addCounts, compare, score } from '../../../eval/tracking-score.ts';

/** Sequence of unit-high boxes: rows [frame, id, left], each 10 wide. */
function sequence(...rows: [number, number, number][]) {
  return parseMot(rows.map(([frame, id, left]) => `${frame},${id},${left},0,10,10,1`).join('\n'), 'truth');
}

describe('HOTA', () => {
  it('is 1 for a perfect result', () => {
    const truth = sequence([1, 1, 0], [2, 1, 5], [1, 2, 50], [2, 2, 55]);
    expect(hota(hotaCounts(overlapsOf(truth, truth)))).toEqual({ hota: 1, detA: 1, assA: 1 });
  });

  it('is 0 for an empty result', () => {
    expect(hota(hotaCounts(overlapsOf(sequence([1, 1, 0]), new Map())))).toEqual({
      hota: 0,
      detA: 0,
      assA: 0,
    });
  });

  it('by hand: one object, id changes half way', () => {
    // 4 frames, ids 7 7 8 8: each TP has TPA 2, FNA 2, FPA 0 -> A = 1/2; DetA = 1; HOTA = sqrt(1/2)
    const truth = sequence([1, 1, 0], [2, 1, 0], [3, 1, 0], [4, 1, 0]);
    const result = sequence([1, 7, 0], [2, 7, 0], [3, 8, 0], [4, 8, 0]);
    const { hota: whole, detA, assA } = hota(hotaCounts(overlapsOf(truth, result)));
    expect(detA).toBeCloseTo(1, 12);
    expect(assA).toBeCloseTo(0.5, 12);
    expect(whole).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it('by hand: one object found in three of four frames, one false box', () => {
    // TP 3, FN 1, FP 1 -> DetA 3/5; A(c): TPA 3, FNA 1, FPA 0 -> 3/4; the false box has its own id
    const truth = sequence([1, 1, 0], [2, 1, 0], [3, 1, 0], [4, 1, 0]);
    const result = sequence([1, 7, 0], [2, 7, 0], [3, 7, 0], [4, 9, 500]);
    const { hota: whole, detA, assA } = hota(hotaCounts(overlapsOf(truth, result)));
    expect(detA).toBeCloseTo(0.6, 12);
    expect(assA).toBeCloseTo(0.75, 12);
    expect(whole).toBeCloseTo(Math.sqrt(0.45), 12);
  });

  it('by hand: an overlap of one half counts at the ten thresholds up to 0.5 only', () => {
    // boxes 10 wide, shifted by 10/3: IoU = (20/3) / (40/3) = 1/2
    const { hota: whole } = hota(hotaCounts(overlapsOf(sequence([1, 1, 0]), sequence([1, 1, 10 / 3]))));
    expect(whole).toBeCloseTo(10 / 19, 12);
  });

  it('by hand: two objects that swap ids half way', () => {
    // per id pair TPA 1 of 2 frames: A = 1 / (2 + 2 - 1) = 1/3 for each of the four TP
    const truth = sequence([1, 1, 0], [1, 2, 50], [2, 1, 0], [2, 2, 50]);
    const result = sequence([1, 1, 0], [1, 2, 50], [2, 2, 0], [2, 1, 50]);
    expect(hota(hotaCounts(overlapsOf(truth, result))).assA).toBeCloseTo(1 / 3, 12);
  });
});

describe('HOTA by hand: which of two ids a box is matched to follows the whole sequence', () => {
  it('stays with the id that goes along, though another fits one frame better', () => {
    // Truth 1 in frames 1 to 4. Id 7 lies on it in 1 to 3 and overlaps it by half in 4; id 8 lies on it in 4 only.
    // Softly together: 7: 3 + (1/2) / (3/2 + 1/2 - 1/2) = 10/3, aligned (10/3) / (4 + 4 - 10/3) = 5/7;
    // 8: 1 / (3/2 + 1 - 1) = 2/3, aligned (2/3) / (4 + 1 - 2/3) = 2/13. Frame 4: 1/2 * 5/7 > 1 * 2/13, so 7.
    // Up to 0.5: TP 4, FN 0, FP 1, A = 4 / (4 + 4 - 4) = 1. Beyond: TP 3, FN 1, FP 2, A = 3 / (4 + 4 - 3) = 3/5.
    // By overlap alone frame 4 would be 8's: TP 4, A (3 * 3/5 + 1/4) / 4 at every threshold.
    const truth = sequence([1, 1, 0], [2, 1, 0], [3, 1, 0], [4, 1, 0]);
    const result = sequence([1, 7, 0], [2, 7, 0], [3, 7, 0], [4, 7, 10 / 3], [4, 8, 0]);
    const got = hota(hotaCounts(overlapsOf(truth, result)));
    expect(got.detA).toBeCloseTo((10 * (4 / 5) + 9 * (3 / 6)) / 19, 12);
    expect(got.assA).toBeCloseTo((10 * 1 + 9 * (3 / 5)) / 19, 12);
    expect(got.hota).toBeCloseTo((10 * Math.sqrt(4 / 5) + 9 * Math.sqrt(3 / 6 / (5 / 3))) / 19, 12);
  });

  it('weighs how long the two go together by how long either lives', () => {
    // Truth 1 in frames 1 to 3. Id 7 lies on it in 1 and 2, overlaps it by half in 3, and lives 17 frames more far off;
    // id 8 lies on it in 3 only. Together: 7: 2 + 1/3, aligned (7/3) / (3 + 20 - 7/3) = 7/62; 8: 2/3, aligned
    // (2/3) / (3 + 1 - 2/3) = 1/5. Frame 3: 1 * 1/5 > 1/2 * 7/62, so 8; without the lives it would be 7: 7/6 > 2/3.
    // TP 3, FN 0, FP 18 at every threshold; A: 7 twice 2 / (3 + 20 - 2), 8 once 1 / (3 + 1 - 1): 11/21 in all.
    const away = Array.from({ length: 17 }, (_, i): [number, number, number] => [4 + i, 7, 500]);
    const truth = sequence([1, 1, 0], [2, 1, 0], [3, 1, 0]);
    const result = sequence([1, 7, 0], [2, 7, 0], [3, 7, 10 / 3], [3, 8, 0], ...away);
    const got = hota(hotaCounts(overlapsOf(truth, result)));
    expect(got.detA).toBeCloseTo(3 / 21, 12);
    expect(got.assA).toBeCloseTo(11 / 63, 12);
    expect(got.hota).toBeCloseTo(Math.sqrt((3 / 21) * (11 / 63)), 12);
  });

  it('counts going together softly, and weighs the overlap in the frame itself', () => {
    // Truth 1 in frames 1 and 2. Frame 1: ids 7 and 8 overlap it by half each; frame 2: id 8 by 3/5, id 9 wholly.
    // Softly: 7: (1/2) / (1 + 1/2 - 1/2) = 1/2, aligned (1/2) / (2 + 1 - 1/2) = 1/5;
    // 8: 1/2 + (3/5) / (8/5 + 3/5 - 3/5) = 7/8, aligned (7/8) / (2 + 2 - 7/8) = 7/25;
    // 9: 1 / (8/5 + 1 - 1) = 5/8, aligned (5/8) / (2 + 1 - 5/8) = 5/19.
    // Frame 1: 8, for 7/25 > 1/5. Frame 2: 9, for 1 * 5/19 > 3/5 * 7/25; it would be 8 if frames were counted whole
    // (1 * 1/2 < 3/5 * 1), and by the alignment alone.
    // Up to 0.5: TP 2, FN 0, FP 2, A = 1 / (2 + 2 - 1) and 1 / (2 + 1 - 1); beyond: TP 1, FN 1, FP 3, A = 1/2.
    const truth = sequence([1, 1, 0], [2, 1, 0]);
    const result = sequence([1, 7, -10 / 3], [1, 8, 10 / 3], [2, 8, 2.5], [2, 9, 0]);
    const got = hota(hotaCounts(overlapsOf(truth, result)));
    expect(got.detA).toBeCloseTo((10 * (2 / 4) + 9 * (1 / 5)) / 19, 12);
    expect(got.assA).toBeCloseTo((10 * ((1 / 3 + 1 / 2) / 2) + 9 * (1 / 2)) / 19, 12);
  });
});

describe('CLEAR MOT', () => {
  it('keeps a match while it overlaps, although another box fits better', () => {
    const truth = sequence([1, 1, 0], [2, 1, 0]);
    const result = sequence([1, 7, 0], [2, 7, 3], [2, 8, 0]);
    expect(clearCounts(overlapsOf(truth, result))).toEqual({ truth: 2, tp: 2, fp: 1, fn: 0, switches: 0 });
  });

  it('counts a switch after a gap too', () => {
    const counts = clearCounts(
      overlapsOf(sequence([1, 1, 0], [2, 1, 0], [3, 1, 0]), sequence([1, 7, 0], [3, 8, 0])),
    );
    expect(counts).toEqual({ truth: 3, tp: 2, fp: 0, fn: 1, switches: 1 });
    expect(mota(counts)).toBeCloseTo(1 / 3, 12);
  });
});

describe('IDF1', () => {
  it('gives each truth its best id over the whole sequence', () => {
    const truth = sequence([1, 1, 0], [2, 1, 0], [3, 1, 0], [4, 1, 0]);
    const counts = identityCounts(overlapsOf(truth, sequence([1, 7, 0], [2, 7, 0], [3, 7, 0], [4, 8, 0])));
    expect(counts).toEqual({ idtp: 3, idfn: 1, idfp: 1 });
    expect(idf1(counts)).toBeCloseTo(0.75, 12);
  });
});

describe('MOTChallenge text', () => {
  it('leaves out rows of the truth that are not to be judged', () => {
    expect(parseMot('1,1,0,0,5,5,0,-1', 'truth').size).toBe(0);
    expect(parseMot('1,1,0,0,5,5,0,-1', 'result').size).toBe(1);
  });

  it('names the line of a row it cannot read', () => {
    expect(() => parseMot('1,1,0,0,5,5\n1,x,0,0,5,5', 'result')).toThrow('line 2');
    expect(() => parseMot('1,1,0,0,5,5\n1,1,9,9,5,5', 'result')).toThrow('twice');
  });
});

const check = '../shared/media/mot/metric-check';
describe.skipIf(!existsSync(check))('metric-check sequences (skipped where ../shared is not there)', () => {
  const read = (name: string) =>
    compare(
      parseMot(readFileSync(`${check}/${name}/gt.txt`, 'utf8'), 'truth'),
      parseMot(readFileSync(`${check}/${name}/test.txt`, 'utf8'), 'result'),
    );
  const rounded = (value: number): number => Math.round(value * 10) / 10;

  it.each([
    ['TUD-Campus', { IDF1: 55.8, recall: 58.2, precision: 94.1, FP: 13, FN: 150, IDSW: 7, MOTA: 52.6 }],
    ['TUD-Stadtmitte', { IDF1: 64.5, recall: 60.9, precision: 94, FP: 45, FN: 452, IDSW: 7, MOTA: 56.4 }],
  ] as const)('%s comes out to the digit', (name, figures) => {
    const got = score(read(name));
    const keys = Object.keys(figures) as (keyof typeof figures)[];
    expect(Object.fromEntries(keys.map((key) => [key, rounded(got[key])]))).toEqual(figures);
  });

  it('both together come out to the digit', () => {
    const got = score(addCounts([read('TUD-Campus'), read('TUD-Stadtmitte')]));
    expect([rounded(got.MOTA), rounded(got.IDF1)]).toEqual([55.5, 62.4]);
  });
});
