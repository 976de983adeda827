import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { variants } from '../../../eval/clip-variants.ts';
import { countClip } from '../../../eval/count-clip.ts';
import { countingTruthSchema, parseDump } from '../../../eval/counting-truth.ts';
import { noTrouble } from '../../../eval/simulation/camera.ts';
import { drawScene } from '../../../eval/simulation/scene.ts';

/** A simulated scene as a dumped clip with its truth. */
function clipOf(seed: number) {
  const scene = drawScene({ seed, actors: 4, fps: 20, durationMs: 20_000, trouble: noTrouble });
  const header = { width: 1280, height: 720, fps: 20 };
  const dump = [header, ...scene.frames].map((row) => JSON.stringify(row)).join('\n');
  const truly = (direction: string): number =>
    scene.truth.filter((one) => one.direction === direction).length;
  const line = {
    name: 'line',
    points: scene.line.points.map(({ x, y }) => [x, y]),
    classes: ['person', 'car', 'truck'],
    forward: truly('forward'),
    backward: truly('backward'),
  };
  return { dump, truth: { clips: [{ clip: `scene ${seed}`, detections: `${seed}.jsonl`, lines: [line] }] } };
}

describe('counting evaluation', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ivis-counting-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.keys(variants))('simulated clips come out as their truth: %s', (name) => {
    for (let seed = 0; seed < 12; seed++) {
      const { dump, truth } = clipOf(seed);
      const [clip] = countingTruthSchema.parse(truth).clips;
      if (!clip) throw new Error('no clip');
      const changed = variants[name]?.({ dump: parseDump(dump), truth: clip });
      expect(changed).toBeDefined();
      for (const { counted, truth: right } of changed ? countClip(changed) : []) expect(counted).toBe(right);
    }
  });

  it('prints machine against truth, and as JSON in the last line', () => {
    const { dump, truth } = clipOf(1);
    writeFileSync(join(folder, '1.jsonl'), dump);
    writeFileSync(join(folder, 'truth.json'), JSON.stringify(truth));
    const { stdout, status } = spawnSync(
      process.execPath,
      ['test/eval/counting.eval.ts', join(folder, 'truth.json'), '--json'],
      {
        encoding: 'utf8',
      },
    );
    expect(status).toBe(0);
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(last.errors).toBe(0);
    expect(last.lines).toHaveLength(2);
  });

  it('says which line of a dump it cannot read', () => {
    expect(() => parseDump('{"width":1,"height":1,"fps":5}\n{"frame":0}')).toThrow('line 2');
  });
});
