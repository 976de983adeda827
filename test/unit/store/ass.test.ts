import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { assText, assTime } from '../../../src-worker/store/exports/ass-script.ts';
import { writeExport } from '../../../src-worker/store/exports/export-file.ts';
import {
  batchOf,
  boxOf,
  crossingOf,
  media,
  type OpenFixture,
  openFixture,
  settings,
  temporaryFolder,
} from './store-fixture.ts';

const require = createRequire(import.meta.url);
const { path: ffmpeg } = z.object({ path: z.string() }).parse(require('@ffmpeg-installer/ffmpeg'));
const fonts = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');

let fixture: OpenFixture;
let folder: string;
let remove: () => void;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  fixture = openFixture(join(folder, 'ivis.db'));
});

afterEach(() => {
  fixture.store.db.close();
  remove();
});

async function scriptOf(runId: number): Promise<string> {
  const outPath = join(folder, 'boxes.ass');
  await writeExport(fixture.store.path, { runId, kind: 'ass', outPath });
  return readFileSync(outPath, 'utf8');
}

/** Draws boxes.ass over a black 640x480 clip and returns its frames as RGB. */
function render(fps: number, frames: number): Buffer[] {
  const size = 640 * 480 * 3;
  const raw = execFileSync(
    ffmpeg,
    ['-hide_banner', '-nostdin', '-loglevel', 'quiet', '-f', 'lavfi']
      .concat('-i', `color=black:s=640x480:r=${fps}:d=${frames / fps}`)
      .concat(
        '-vf',
        `format=rgb24,ass=f=boxes.ass:fontsdir=${fonts}`,
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
        '-',
      ),
    { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: size * (frames + 1) },
  );
  return Array.from({ length: raw.length / size }, (_, i) => raw.subarray(i * size, (i + 1) * size));
}

/** True when there is something other than black at a point. */
const drawn = (frame: Buffer | undefined, x: number, y: number): boolean => {
  const at = (y * 640 + x) * 3;
  return Math.max(...(frame?.subarray(at, at + 3) ?? [])) > 60;
};

test('ffmpeg draws each box on its own frame and nowhere else', { timeout: 30_000 }, async () => {
  const runId = fixture.beginRun();
  const boxes = [0, 1, 2, 5, 6].map((frame) =>
    boxOf(frame, 1, { box: { x1: 20 + frame * 30, y1: 200, x2: 120 + frame * 30, y2: 300 } }),
  );
  fixture.rows.write(batchOf(runId, 0, { boxes }));
  await scriptOf(runId);
  const frames = render(10, 8);
  expect(frames).toHaveLength(8);
  frames.forEach((frame, i) => {
    const edges = Array.from({ length: 8 }, (_, n) => drawn(frame, 20 + n * 30, 250));
    expect(edges.indexOf(true), `left edge in frame ${i}`).toBe([0, 1, 2, 5, 6].includes(i) ? i : -1);
    expect(drawn(frame, 70 + i * 30, 250), 'inside is not filled').toBe(false);
    expect(drawn(frame, 320, 240), 'the line is there').toBe(true);
  });
});

test('ffmpeg writes the label above the box and inside it at the top of the picture', {
  timeout: 30_000,
}, async () => {
  const runId = fixture.beginRun();
  fixture.rows.write(
    batchOf(runId, 0, {
      boxes: [
        boxOf(0, 1, { box: { x1: 400, y1: 300, x2: 500, y2: 400 } }),
        boxOf(0, 2, { box: { x1: 60, y1: 0, x2: 200, y2: 100 } }),
      ],
    }),
  );
  await scriptOf(runId);
  const [frame] = render(10, 1);
  expect(drawn(frame, 402, 294)).toBe(true);
  expect(drawn(frame, 402, 310)).toBe(false);
  expect(drawn(frame, 64, 6)).toBe(true);
});

test('the counts of a line change at its crossings', async () => {
  const runId = fixture.beginRun();
  fixture.rows.write(
    batchOf(runId, 0, {
      crossings: [
        crossingOf(0, { ptsMs: 800 }),
        crossingOf(1, { ptsMs: 800 }),
        crossingOf(2, { ptsMs: 1200, direction: 'backward' }),
        crossingOf(3, { line: 'other', ptsMs: 1300 }),
      ],
    }),
  );
  const counts = [...(await scriptOf(runId)).matchAll(/2,([\d:.]+),([\d:.]+),Count,.*}(main: .*)/g)];
  expect(counts.map(([, from, to, text]) => [from, to, text])).toEqual([
    ['0:00:00.00', '0:00:00.80', 'main: forward 0, backward 0'],
    ['0:00:00.80', '0:00:01.20', 'main: forward 2, backward 0'],
    ['0:00:01.20', '99:00:00.00', 'main: forward 2, backward 1'],
  ]);
});

test('the arrow of a line from top to bottom points to the right, which is forward', async () => {
  const script = await scriptOf(fixture.beginRun());
  const arrow = /Line,.*m (\d+) \d+ l (\d+) \d+ l (\d+) \d+$/m.exec(script);
  expect(arrow?.slice(1).map(Number)).toEqual([320, 330, 320]);
});

test('with every second frame looked at, a box stays until the next frame that was', async () => {
  const runId = fixture.runs.begin({
    sourceId: 'street',
    path: media.path,
    settings: { ...settings, lines: [], every: 2 },
    modelId: 'm',
    modelSha256: '',
    attempt: 1,
    startedWallMs: 1,
  });
  fixture.runs.describe({ runId, media });
  fixture.rows.write(batchOf(runId, 0, { boxes: [boxOf(0, 1), boxOf(2, 1), boxOf(8, 1)] }));
  const times = [...(await scriptOf(runId)).matchAll(/^Dialogue: 0,([\d:.]+),([\d:.]+)/gm)];
  expect(times.map(([, from, to]) => `${from} ${to}`)).toEqual([
    '0:00:00.00 0:00:00.10',
    '0:00:00.10 0:00:00.30',
    '0:00:00.70 0:00:00.90',
  ]);
});

test('a run whose video was never opened has no annotation', async () => {
  const runId = fixture.runs.begin({
    sourceId: 'street',
    path: media.path,
    settings,
    modelId: 'm',
    modelSha256: '',
    attempt: 1,
    startedWallMs: 1,
  });
  await expect(scriptOf(runId)).rejects.toMatchObject({ kind: 'bad-argument' });
});

test.each([
  [-5, '0:00:00.00'],
  [0, '0:00:00.00'],
  [1234.5, '0:00:01.23'],
  [59_999, '0:01:00.00'],
  [3_661_010, '1:01:01.01'],
  [360_000_000, '100:00:00.00'],
])('%d ms is written as %s', (ms, text) => {
  expect(assTime(ms)).toBe(text);
});

test('a name cannot smuggle commands into the script', () => {
  expect(assText('{\\p1}m 0 0\nDialogue: 9')).toBe('(/p1)m 0 0 Dialogue: 9');
});
