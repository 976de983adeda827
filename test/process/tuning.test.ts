import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ivis } from '../drivers/ivis-command.ts';
import { movingPhotograph, type PhotographClip, SPARSE_FPS } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-tuning-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a film of a car, looked at in other ways', () => {
  let clip: PhotographClip;
  beforeAll(async () => {
    clip = await movingPhotograph(join(folder, 'car.mp4'), { fps: SPARSE_FPS });
  });

  async function crossings(...options: string[]): Promise<number[]> {
    const line = `middle:${clip.line.points.map(({ x, y }) => `${x},${y}`).join(',')}`;
    const words = ['--line', line, '--classes', 'car,truck', '--json', '--out', join(folder, 'out')];
    const end = await ivis(['analyze', clip.path, ...words, ...options]);
    expect(end.code, end.stderr).toBe(0);
    const { forward, backward } = JSON.parse(end.stdout).lines.middle;
    return [forward.total, backward.total];
  }

  it('in tiles, in a picture of another size, with the other tracker: the counts are the same', async () => {
    const options = ['--tiles', '2x1', '--input-size', '416', '--tracker', 'oc-sort', '--camera-motion'];
    expect(await crossings(...options, '--rule', 'car:conf=0.3,height=0.1-0.5')).toEqual([
      clip.forward,
      clip.backward,
    ]);
  });

  it('a car that is lower than cars may be is none', async () => {
    expect(await crossings('--rule', '*:height=0.5-1')).toEqual([0, 0]);
  });

  it('a rule for a class that the model does not know is refused', async () => {
    const end = await ivis(['analyze', clip.path, '--rule', 'unicorn:conf=0.3']);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain('unicorn');
  });
});
