import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PerceptionReader } from '#native';
import { buildPerceptionReader } from '../fixtures/perception-reader.ts';
import { detectionFrame } from './perception-frames.ts';
import { perceptionHome } from './perception-home.ts';
import { ringName } from './ring-name.ts';

const home = perceptionHome();

describe.skipIf(process.platform === 'win32')('readers at the same time', () => {
  const program = join(home.folder, 'perception_reader');
  beforeAll(() => buildPerceptionReader(program));

  it('of three programs see only whole frames of a fast publisher and end with it', async () => {
    const region = ringName();
    const child = await home.publisher(region, 400, 600);
    const finished = once(child, 'message');
    const readers = Array.from({ length: 3 }, () =>
      spawn(program, [region], { stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    const outputs = readers.map(async (reader) => {
      let text = '';
      reader.stdout.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      const [code] = await once(reader, 'close');
      return {
        code,
        frames: text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      };
    });
    const { reader } = home.client();
    home.list(region);
    let last = 0;
    const ids: number[] = [];
    const watch = setInterval(() => {
      const { value } = reader.get_detections();
      if (value !== null && value.frame_id > last) {
        last = value.frame_id;
        ids.push(last);
        expect(value).toMatchObject(detectionFrame(last));
      }
    }, 2);
    expect((await finished)[0]).toEqual({ done: 600 });
    clearInterval(watch);
    expect(ids.length).toBeGreaterThan(50);
    for (const { code, frames } of await Promise.all(outputs)) {
      expect(code).toBe(0);
      const seen = frames.filter(({ kind }) => kind === 'detections').map(({ frame_id }) => frame_id);
      expect(seen.length).toBeGreaterThan(50);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(seen.at(-1)).toBe(600);
      for (const frame of frames) {
        const n: number = frame.frame_id;
        const list = frame[frame.kind];
        if (frame.kind !== 'timelines') expect(list).toHaveLength(n % 4);
      }
    }
    expect(reader.get_detections()).toMatchObject({
      stale: false,
      warning: expect.stringContaining('ended'),
    });
    reader.close();
  });

  it('keep 10 Hz without a drop', async () => {
    const region = ringName();
    const child = await home.publisher(region, 10, 30);
    const reader = new PerceptionReader(region);
    const seen = new Set<number>();
    const watch = setInterval(() => {
      const read = reader.read('tracks');
      if (read.result === 'ok') seen.add(read.frame.frame_id);
    }, 5);
    await once(child, 'message');
    const last = reader.read('tracks');
    if (last.result === 'ok') seen.add(last.frame.frame_id);
    clearInterval(watch);
    // The test may begin after the first ones; from there on each is seen.
    const ids = [...seen].sort((a, b) => a - b);
    expect(ids.at(-1)).toBe(30);
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => 30 - ids.length + 1 + i));
    expect(ids.length).toBeGreaterThan(20);
  });
});
