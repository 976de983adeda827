import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandEnd, ivis } from '../drivers/ivis-command.ts';
import { attributeOf, OtlpCollector } from '../drivers/otlp-collector.ts';
import { movingPhotograph, type PhotographClip, SPARSE_FPS } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-tracing-'));
let clip: PhotographClip;
let plain: string;

const FILES = ['crossings.csv', 'tracks.csv', 'detections.csv', 'zones.csv'];

async function analysis(name: string, more: readonly string[]): Promise<CommandEnd> {
  const [a, b] = clip.line.points;
  const line = `middle:${a.x},${a.y},${b.x},${b.y}`;
  const out = join(folder, name);
  return ivis(['analyze', clip.path, '--line', line, '--classes', 'car', '--out', out, '--json', ...more]);
}
/** Everything that was counted, byte by byte. */
const counted = (name: string): string =>
  FILES.map(
    (file) =>
      `${file} ${createHash('sha256')
        .update(readFileSync(join(folder, name, file)))
        .digest('hex')}`,
  ).join('\n');
const countsOf = (end: CommandEnd): unknown => {
  const { lines, tracks, frames } = JSON.parse(end.stdout);
  return { lines, tracks, frames };
};

let first: CommandEnd;
beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car.mp4'), { fps: SPARSE_FPS });
  first = await analysis('plain', []);
  expect(first.code).toBe(0);
  plain = counted('plain');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 1;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('ivis analyze --trace', () => {
  it('sends one chain of spans for each sampled frame, and counts the same', async () => {
    const collector = await OtlpCollector.open();
    const end = await analysis('traced', ['--trace', collector.endpoint, '--trace-every', '7']);
    await collector.close();
    expect(end.code).toBe(0);
    expect(collector.problems).toEqual([]);
    expect(new Set(collector.services)).toEqual(new Set(['ivis']));
    const { traces } = collector;
    expect(traces).toHaveLength(Math.ceil(clip.frames / 7));
    const seqs = traces
      .map(([span]) => Number(span && attributeOf(span, 'ivis.frame.seq')))
      .sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: traces.length }, (_, i) => i * 7));
    for (const chain of traces) {
      const names = chain.map(({ name }) => name);
      expect(['capture', 'read', 'preprocess', 'infer', 'track', 'store'].slice(0, names.length)).toEqual(
        names,
      );
      expect(names.length).toBeGreaterThanOrEqual(5);
      expect(chain.map(({ parentSpanId }) => parentSpanId)).toEqual([
        undefined,
        ...chain.slice(0, -1).map(({ spanId }) => spanId),
      ]);
      for (const [i, { startTimeUnixNano, endTimeUnixNano }] of chain.entries()) {
        expect(endTimeUnixNano).toBeGreaterThanOrEqual(startTimeUnixNano);
        const before = chain[i - 1];
        if (before !== undefined) expect(startTimeUnixNano).toBeGreaterThanOrEqual(before.endTimeUnixNano);
      }
    }
    // Rows of a car that is in sight are stored.
    expect(traces.filter((chain) => chain.at(-1)?.name === 'store').length).toBeGreaterThan(
      traces.length / 2,
    );
    const spans = traces.reduce((sum, { length }) => sum + length, 0);
    expect(end.stderr).toContain(`${traces.length} frames traced, ${spans} spans sent, 0 left out`);
    expect(countsOf(end)).toEqual(countsOf(first));
    expect(counted('traced')).toBe(plain);
  });

  it('counts byte by byte the same with a collector that is dead', async () => {
    const port = await closedPort();
    const end = await analysis('dead', [
      '--trace',
      `http://127.0.0.1:${port}/v1/traces`,
      '--trace-every',
      '1',
    ]);
    expect(end.code).toBe(0);
    expect(end.stderr).toMatch(new RegExp(`${clip.frames} frames traced, 0 spans sent, [1-9]\\d* left out`));
    expect(countsOf(end)).toEqual(countsOf(first));
    expect(counted('dead')).toBe(plain);
  });

  it('counts byte by byte the same with a collector that never answers, and still ends', async () => {
    const collector = await OtlpCollector.open();
    collector.mood = 'hang';
    const end = await analysis('hanging', ['--trace', collector.endpoint, '--trace-every', '1']);
    expect(end.code).toBe(0);
    expect(collector.bodies.length).toBeGreaterThan(0);
    expect(end.stderr).toMatch(/0 spans sent, [1-9]\d* left out/);
    expect(counted('hanging')).toBe(plain);
    await collector.close();
  });

  it('refuses an address that is none, or that holds a password, by name', async () => {
    const end = await analysis('refused', ['--trace', 'http://me:secret@127.0.0.1/v1/traces']);
    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(/--trace: must not hold a user name or a password/);
    expect(end.stderr).not.toContain('secret');
  });
});
