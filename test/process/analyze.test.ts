import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandEnd, ivis, processesWith, ringsOf } from '../drivers/ivis-command.ts';
import { readDatabase } from '../drivers/run-database.ts';
import { movingPhotograph, type PhotographClip, SPARSE_FPS } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-analyze-'));
const read = (...parts: string[]): string => readFileSync(join(folder, ...parts), 'utf8');
const rowsOf = (csv: string): string[][] =>
  csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));

let clip: PhotographClip;
let first: CommandEnd;
const lineOption = (): string => {
  const [a, b] = clip.line.points;
  return `middle:${a.x},${a.y},${b.x},${b.y}`;
};

beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car.mp4'), { fps: SPARSE_FPS });
  first = await ivis([
    'analyze',
    clip.path,
    '--line',
    lineOption(),
    '--zone',
    `all:0,0;${clip.width},0;${clip.width},${clip.height};0,${clip.height}`,
    '--classes',
    'car',
    '--out',
    join(folder, 'one'),
    '--mot',
    join(folder, 'one', 'mot.txt'),
    '--annotate',
    join(folder, 'one', 'annotated.mp4'),
    '--json',
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('ivis analyze on a film of a car that drives to and fro', () => {
  it('ends with 0 and closes its ledger over every frame', () => {
    expect(first.stderr).not.toContain('error');
    expect(first.code).toBe(0);
    const summary = JSON.parse(first.stdout);
    expect(summary).toMatchObject({
      complete: true,
      frames: { decoded: clip.frames, processed: clip.frames, dropped: {}, inFlight: 0 },
      model: { id: 'yolo11n', provider: expect.any(String), inputSize: '640x384' },
    });
    expect(JSON.parse(read('one', 'summary.json'))).toEqual(summary);
  });

  it('counts each true crossing once in its direction', () => {
    const summary = JSON.parse(first.stdout);
    expect(summary.lines.middle).toEqual({
      forward: { total: clip.forward, byClass: { car: clip.forward } },
      backward: { total: clip.backward, byClass: { car: clip.backward } },
    });
    const crossings = rowsOf(read('one', 'crossings.csv'));
    expect(crossings.map((row) => row[1]).sort()).toEqual(
      [...Array(clip.backward).fill('backward'), ...Array(clip.forward).fill('forward')].sort(),
    );
  });

  it('puts the boxes where the car truly is', () => {
    const errors = rowsOf(read('one', 'detections.csv')).map((row) => {
      const [ptsMs = 0, x1 = 0, x2 = 0] = [row[2], row[7], row[9]].map(Number);
      return Math.abs((x1 + x2) / 2 - clip.centreX(ptsMs));
    });
    errors.sort((a, b) => a - b);
    expect(errors.length).toBeGreaterThan(clip.frames * 0.9);
    expect(errors[Math.floor(errors.length * 0.95)]).toBeLessThan(15);
  });

  it('keeps the car one track in one zone visit', () => {
    const summary = JSON.parse(first.stdout);
    expect(summary.tracks).toEqual({ total: 1, byClass: { car: 1 } });
    expect(summary.zones.all).toMatchObject({ visits: 1, maxOccupancy: 1 });
    expect(summary.zones.all.dwellMs.max).toBeGreaterThan(clip.durationMs * 0.9);
  });

  it('writes MOTChallenge rows for each box, and a video', () => {
    const mot = read('one', 'mot.txt').trim().split('\n');
    expect(mot.length).toBe(rowsOf(read('one', 'detections.csv')).length);
    expect(mot[0]).toMatch(/^1,1,[\d.]+,[\d.]+,[\d.]+,[\d.]+,[\d.]+,-1,-1,-1$/);
    expect(
      readFileSync(join(folder, 'one', 'annotated.mp4'))
        .subarray(4, 8)
        .toString(),
    ).toBe('ftyp');
  });

  it('leaves the same rows in the database as in the files, and nothing running', () => {
    const { integrity, foreignKeyFaults, runs } = readDatabase(join(folder, 'one', 'ivis.db'));
    expect(integrity).toBe('ok');
    expect(foreignKeyFaults).toEqual([]);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      status: 'complete',
      attempt: 1,
      batchHoles: 0,
      crossings: clip.forward + clip.backward,
    });
    expect(processesWith(clip.path)).toEqual([]);
  });

  it('gives the same CSV files byte for byte when run again', async () => {
    const again = await ivis([
      'analyze',
      clip.path,
      '--line',
      lineOption(),
      '--zone',
      `all:0,0;${clip.width},0;${clip.width},${clip.height};0,${clip.height}`,
      '--classes',
      'car',
      '--out',
      join(folder, 'two'),
    ]);
    expect(again.code).toBe(0);
    for (const file of ['detections.csv', 'tracks.csv', 'crossings.csv', 'zones.csv', 'counts.csv']) {
      expect(read('two', file), file).toBe(read('one', file));
    }
  });

  it('counts what it leaves out with --every, and the ledger still closes', async () => {
    const run = await ivis([
      'analyze',
      clip.path,
      '--every',
      '3',
      '--line',
      lineOption(),
      '--out',
      join(folder, 'every'),
      '--json',
    ]);
    const { frames } = JSON.parse(run.stdout);
    expect(frames.decoded).toBe(clip.frames);
    expect(frames.processed).toBe(Math.ceil(clip.frames / 3));
    expect(frames.dropped).toEqual({ sampled: clip.frames - frames.processed });
  });

  it('leaves no ring behind', () => {
    expect(ringsOf(first.pid)).toEqual([]);
    expect(first.log.filter((line) => line.message === 'is running').map((line) => line.process)).toEqual(
      expect.arrayContaining(['store', 'detection', 'capture']),
    );
  });
});
