import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ivis } from '../drivers/ivis-command.ts';
import { transformClip, transforms } from '../eval/clip-transforms.ts';
import { variants } from '../eval/clip-variants.ts';
import { compareCrossings, countClip, type LineResult } from '../eval/count-clip.ts';
import type { TruthClip } from '../eval/counting-truth.ts';
import { type ProgramRun, runProgram } from '../eval/program-run.ts';
import { movingPhotograph, SPARSE_FPS } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-counting-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines that are off, so that a failure tells which and by how much. */
const wrong = (results: readonly LineResult[]): LineResult[] =>
  results.filter(({ counted, truth }) => counted !== truth);

describe('counts of a film of a car that drives to and fro, against the truth', () => {
  let video: string;
  let truth: TruthClip;
  let run: ProgramRun;
  beforeAll(async () => {
    video = join(folder, 'car.mp4');
    const clip = await movingPhotograph(video);
    const line = { classes: ['car', 'truck'], forward: clip.forward, backward: clip.backward };
    const points = clip.line.points.map(({ x, y }): [number, number] => [x, y]);
    // a second line that nothing crosses, and a third off the middle
    truth = {
      clip: 'car.mp4',
      lines: [
        { ...line, name: 'middle', points },
        { ...line, name: 'right', points: points.map(([x, y]): [number, number] => [x + 60, y]) },
        {
          ...line,
          name: 'above',
          points: [
            [320, 0],
            [320, 150],
          ],
          forward: 0,
          backward: 0,
        },
      ],
    };
    run = await runProgram(video, truth);
  });

  it('the program counts each line exactly', () => {
    const results = compareCrossings(truth, run.crossings);
    expect(results).toHaveLength(6);
    expect(wrong(results)).toEqual([]);
  });

  it('what its model found is kept for every frame, with times and labels', () => {
    expect(run.dump.frames.length).toBe(150);
    const found = run.dump.frames.filter(({ detections }) => detections.length > 0);
    expect(found.length).toBeGreaterThan(140);
    expect(run.dump.frames.map(({ ptsMs }) => Math.round(ptsMs / 40))).toEqual([...Array(150).keys()]);
  });

  it.each(Object.keys(variants))('counting what was found gives the same: %s', (name) => {
    const clip = variants[name]?.({ dump: run.dump, truth });
    expect(clip && wrong(countClip(clip))).toEqual([]);
  });

  it.each(Object.keys(transforms))('the program counts the film made anew exactly: %s', async (name) => {
    const made = join(folder, `${name}.mp4`);
    await transformClip(name, video, made);
    const changed = transforms[name]?.truth(truth, run.dump) ?? truth;
    expect(wrong(compareCrossings(changed, (await runProgram(made, changed)).crossings))).toEqual([]);
  });
});

describe('gates, speeds and loitering of the same film', () => {
  it('the ways from gate to gate, the mean speed and a long stay come out of the program', async () => {
    const clip = await movingPhotograph(join(folder, 'gates.mp4'), { fps: SPARSE_FPS });
    // the area lies between the gates; a hundred pixels are two metres, everywhere
    const corners = [
      [0, 100],
      [clip.width, 100],
      [clip.width, clip.height],
      [0, clip.height],
    ].map(([x = 0, y = 0]) => `${x},${y}=${x / 50},${y / 50}`);
    const end = await ivis([
      ...['analyze', clip.path, '--classes', 'car,truck', '--json', '--out', join(folder, 'gates')],
      ...['--gate', 'left:220,0,220,359', '--gate', 'right:420,359,420,0'],
      ...['--zone', 'all:0,0;640,0;640,360;0,360', '--loiter', 'all:4', '--calibrate', corners.join(';')],
    ]);
    expect(end.code, end.stderr).toBe(0);
    const { movements, zones } = JSON.parse(end.stdout);
    const total = (from: string, to: string): number => movements[from][to].total;
    expect([total('left', 'right'), total('right', 'left')]).toEqual([1, 1]);
    expect([total('left', 'left'), total('right', 'right'), total('left', 'unknown')]).toEqual([0, 0, 0]);
    // it begins left of the left gate and ends there
    expect([total('unknown', 'left'), total('unknown', 'right')]).toEqual([0, 0]);
    expect(zones.all).toMatchObject({ visits: 1, loiterings: 1 });
    const csv = (name: string): string[] =>
      readFileSync(join(folder, 'gates', name), 'utf8')
        .trim()
        .split('\r\n');
    expect(
      csv('movements.csv')
        .slice(1)
        .map((row) => row.split(',').slice(0, 2)),
    ).toEqual([
      ['left', 'right'],
      ['right', 'left'],
    ]);
    const [head, track] = csv('tracks.csv').map((row) => row.split(','));
    const value = (column: string): number => Number(track?.[head?.indexOf(column) ?? -1]);
    // to and fro over 368 pixels in 6 s
    const kmh = (3.6 * ((2 * 368) / 50)) / 6;
    expect(Math.abs(value('speed_kmh') - kmh)).toBeLessThan(value('speed_uncertainty_kmh'));
    expect(value('speed_uncertainty_kmh')).toBeLessThan(0.25 * kmh);
  });
});

const media = join(import.meta.dirname, '../../../shared/media');
const skipped = existsSync(media) ? '' : ' (skipped: ../shared/media is not here)';

describe.skipIf(skipped !== '')(`counts of a real clip, against the truth${skipped}`, () => {
  it('cars from above on a car park: two up, two down, in every variant', async () => {
    const truth: TruthClip = {
      clip: 'car-park.mp4',
      // seen from straight above the model takes most of these cars for cell phones
      lines: [
        {
          name: 'across',
          points: [
            [0, 216],
            [767, 216],
          ],
          classes: ['cell phone', 'car', 'truck'],
          forward: 2,
          backward: 2,
        },
      ],
    };
    const run = await runProgram(join(media, truth.clip), truth);
    expect(wrong(compareCrossings(truth, run.crossings))).toEqual([]);
    for (const [name, change] of Object.entries(variants)) {
      expect(wrong(countClip(change({ dump: run.dump, truth }))), name).toEqual([]);
    }
  });
});

describe.skipIf(skipped !== '')(`a film that is looked at too rarely${skipped}`, () => {
  const analysed = async (...words: string[]) => {
    const out = join(folder, words.join('-'));
    const end = await ivis([
      'analyze',
      join(media, 'pets-s2l1.avi'),
      '--classes',
      'person',
      '--line',
      'middle:384,0,384,576',
      '--out',
      out,
      ...words,
    ]);
    expect(end.code, end.stderr).toBe(0);
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
    const [, ...rows] = readFileSync(join(out, 'count-intervals.csv'), 'utf8').trim().split('\r\n');
    const forward = rows.map((row) => row.split(',')).filter(([, , , direction]) => direction === 'forward');
    const sumOf = (column: number): number => forward.reduce((sum, row) => sum + Number(row[column]), 0);
    return { text: end.stdout, summary, watchedMs: sumOf(7), tooRareMs: sumOf(9) };
  };

  it('says that its counts are too low, and how often it would have to be looked at', async () => {
    const [rare, often] = [await analysed('--fps', '1'), await analysed('--fps', '4')];
    expect(rare.text).toMatch(/TOO FEW LOOKS: .*at least \d\.\d looks a second/);
    expect(rare.summary.motion.stepShare).toBeGreaterThan(0.8);
    // From the first look to the last one, and so it is written beside the counts.
    expect(rare.summary.tooRareMs).toBeGreaterThan(rare.summary.durationMs - 2000);
    expect(rare.tooRareMs).toBe(rare.summary.tooRareMs);
    expect(rare.watchedMs).toBeGreaterThanOrEqual(rare.summary.tooRareMs);
    expect(often.text).not.toContain('TOO FEW LOOKS');
    expect([often.summary.tooRareMs, often.tooRareMs]).toEqual([0, 0]);
    expect(often.summary.motion.stepShare).toBeLessThan(0.4);
    expect(often.summary.motion.neededFps).toBeLessThan(4);
  });
});
