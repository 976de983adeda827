import { expect, test } from 'vitest';
import { MAX_PATH_POINTS } from '#shared/domain/evidence.ts';
import { TrackPaths } from '../../../../src-worker/detection/evidence/track-paths.ts';

const point = (frame: number) => ({ frame, ptsMs: frame * 40, x: frame, y: 5 });

test('points learnt late go where their frame belongs, and none is there twice', () => {
  const paths = new TrackPaths();
  for (const frame of [3, 6, 4, 5, 5, 7]) paths.add(1, point(frame));
  expect(paths.of(0, 1).points.map(({ frame }) => frame)).toEqual([3, 4, 5, 6, 7]);
  expect(paths.before(1, 6)?.frame).toBe(5);
  expect(paths.before(2, 6)).toBeNull();
});

test('a path of hours stays short, keeps its first point and its last ones whole', () => {
  const paths = new TrackPaths();
  for (let frame = 0; frame < 50_000; frame++) paths.add(1, point(frame));
  const frames = paths.of(0, 1).points.map(({ frame }) => frame);
  expect(frames.length).toBeLessThanOrEqual(MAX_PATH_POINTS);
  expect(frames[0]).toBe(0);
  expect(frames.slice(-40)).toEqual(Array.from({ length: 40 }, (_, i) => 49_960 + i));
  expect(frames).toEqual([...frames].sort((a, b) => a - b));
});

test('a track that is over is forgotten when its last crossing must have been decided', () => {
  const paths = new TrackPaths();
  paths.add(1, point(1));
  paths.end(1, 40);
  paths.forget(9000);
  expect(paths.size).toBe(1);
  paths.forget(20_000);
  expect(paths.size).toBe(0);
});
