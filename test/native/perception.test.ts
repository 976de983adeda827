import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PerceptionReader, PerceptionWriter, RingError } from '#native';
import * as layout from '../../native/lib/perception-layout.ts';
import { NativeCore, root } from './native-program.ts';
import { detectionFrame, timelinesFrame, tracksFrame } from './perception-frames.ts';
import { ringName } from './ring-name.ts';

function kindOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof RingError) return error.kind;
    throw error;
  }
  return 'no error';
}

describe.skipIf(process.platform === 'win32')('the layout of a perception region', () => {
  it('is the same in TypeScript as in C, field by field', () => {
    const core = new NativeCore('shipped');
    try {
      const mirror: Record<string, string> = {};
      for (const [type, fields] of Object.entries(layout.PERCEPTION_OFFSETS)) {
        for (const [field, offset] of Object.entries(fields)) mirror[`${type}.${field}`] = String(offset);
      }
      for (const [type, bytes] of Object.entries(layout.SIZES)) mirror[`sizeof.${type}`] = String(bytes);
      mirror['constant.VERSION'] = String(layout.PERCEPTION_VERSION);
      mirror['constant.MAX_OBJECTS'] = String(layout.MAX_OBJECTS);
      mirror['constant.MAX_TIMELINES'] = String(layout.MAX_TIMELINES);
      mirror['constant.STALE_MS'] = String(layout.STALE_MS);
      mirror['constant.REGION_BYTES'] = String(layout.REGION_BYTES);
      const native: Record<string, string> = {};
      for (const line of core.runAlone('perception_layout_test').trim().split('\n')) {
        const [name = '', value = ''] = line.split(' ');
        native[name] = value;
      }
      expect(mirror).toEqual(native);
    } finally {
      core.remove();
    }
  });
});

describe('a perception region from JavaScript', () => {
  it('hands over every field of every kind of frame', () => {
    const name = ringName();
    const writer = new PerceptionWriter(name, 'yard', 42);
    const reader = new PerceptionReader(name);
    expect(reader.sourceId).toBe('yard');
    for (const section of layout.SECTION_NAMES) expect(reader.read(section)).toEqual({ result: 'no-data' });
    for (const objects of [3, 0, 50]) {
      writer.publishDetections(detectionFrame(7, objects));
      writer.publishTracks(tracksFrame(7, objects));
      writer.publishTimelines(timelinesFrame(7, objects));
      expect(reader.read('detections')).toMatchObject({ result: 'ok', frame: detectionFrame(7, objects) });
      expect(reader.read('tracks')).toMatchObject({ result: 'ok', frame: tracksFrame(7, objects) });
      expect(reader.read('timelines')).toMatchObject({ result: 'ok', frame: timelinesFrame(7, objects) });
    }
    expect(reader.state()).toMatchObject({
      state: 'live',
      runId: 42,
      writerPid: process.pid,
      published: { detections: 3, tracks: 3, timelines: 3 },
    });
    expect(reader.head().toString('latin1', 0, 8)).toBe('IVISPRC1');
    writer.close();
    expect(reader.state().state).toBe('closed');
    expect(reader.read('tracks')).toMatchObject({ result: 'ok', sequence: 3 });
    reader.close();
    reader.close();
    expect(kindOf(() => reader.read('tracks'))).toBe('bad-argument');
    expect(kindOf(() => writer.publishTracks(tracksFrame(8)))).toBe('bad-argument');
  });

  it('keeps the most confident objects when there are too many, and counts the rest', () => {
    const name = ringName();
    const writer = new PerceptionWriter(name, 'yard', 1);
    const reader = new PerceptionReader(name);
    const many = detectionFrame(1, 73);
    writer.publishDetections(many);
    const read = reader.read('detections');
    if (read.result !== 'ok') throw new Error(read.result);
    expect(read.frame.truncated).toBe(23);
    const best = many.detections.toSorted((a, b) => b.confidence - a.confidence).slice(0, 50);
    expect(read.frame.detections.map(({ id }) => id)).toEqual(best.map(({ id }) => id).sort((a, b) => a - b));
    writer.publishTimelines(timelinesFrame(1, 60, 7));
    const paths = reader.read('timelines');
    if (paths.result !== 'ok') throw new Error(paths.result);
    expect([paths.frame.timelines.length, paths.frame.truncated]).toEqual([5, 2]);
    expect([paths.frame.timelines[0]?.objects.length, paths.frame.timelines[0]?.truncated]).toEqual([50, 10]);
  });

  it('cuts a label that is too long between letters', () => {
    const name = ringName();
    const writer = new PerceptionWriter(name, 'yard', 1);
    const reader = new PerceptionReader(name);
    const frame = detectionFrame(1, 1);
    for (const [label, kept] of [
      ['x'.repeat(40), 'x'.repeat(31)],
      ['ü'.repeat(20), 'ü'.repeat(15)],
      ['', ''],
    ] as const) {
      writer.publishDetections({
        ...frame,
        detections: frame.detections.map((each) => ({ ...each, label })),
      });
      const read = reader.read('detections');
      expect(read.result === 'ok' && read.frame.detections[0]?.label).toBe(kept);
    }
  });

  it('names what is wrong when a region cannot be made or opened', () => {
    const name = ringName();
    const writer = new PerceptionWriter(name, 'yard', 1);
    expect(kindOf(() => new PerceptionWriter(name, 'yard', 1))).toBe('name-exists');
    expect(kindOf(() => new PerceptionWriter('/thirty-two-characters-are-one-too', 'yard', 1))).toBe(
      'bad-argument',
    );
    expect(kindOf(() => new PerceptionWriter(ringName(), '', 1))).toBe('bad-argument');
    expect(kindOf(() => new PerceptionWriter(ringName(), 's'.repeat(64), 1))).toBe('bad-argument');
    expect(kindOf(() => new PerceptionReader('/ivt-nobody'))).toBe('not-found');
    const reader = new PerceptionReader(name);
    expect(kindOf(() => reader.copyInto('timelines', new Uint8Array(100)))).toBe('bad-argument');
    writer.close();
  });
});

const compiler = process.env.CC ?? 'gcc';

describe.skipIf(process.platform === 'win32')('the C example reader', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ivis-c-reader-'));
  const program = join(folder, 'perception_reader');
  const build = (extra: string[], out: string, cc = compiler) =>
    spawnSync(
      cc,
      [
        ...['-std=c11', '-O2', '-Wall', '-Wextra', '-pedantic', '-Werror', '-Inative/include', ...extra],
        ...['native/examples/perception_reader.c', '-o', out],
        ...(process.platform === 'linux' && cc === compiler ? ['-lrt'] : []),
      ],
      { cwd: root, encoding: 'utf8' },
    );
  beforeAll(() => {
    const built = build([], program);
    expect(`${built.stdout}${built.stderr}`).toBe('');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (...args: string[]) => spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
  const json = (text: string): Record<string, unknown>[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('reads the same as the reader in Node, number for number', () => {
    const name = ringName();
    const writer = new PerceptionWriter(name, 'yard', 1);
    const reader = new PerceptionReader(name);
    writer.publishDetections(detectionFrame(11, 3));
    writer.publishTracks(tracksFrame(11, 3));
    writer.publishTimelines(timelinesFrame(11, 3));
    const done = read(name, '--count', '1');
    expect(done.stderr).toBe('');
    expect(done.status).toBe(0);
    const frames = json(done.stdout).map(({ kind, ...frame }) => [kind, floats(frame)]);
    const ours = layout.SECTION_NAMES.map((section) => {
      const each = reader.read(section);
      return [section, each.result === 'ok' ? floats(each.frame) : each.result];
    });
    expect(frames).toEqual(ours);
    writer.close();
  });

  it('says what is missing, silent, damaged or ended by its exit code', () => {
    expect(read('--help').status).toBe(2);
    expect(read('/ivt-nobody', '--wait', '30')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no data'),
    });
    const name = ringName();
    const writer = new PerceptionWriter(name, 'yard', 1);
    expect(read(name, '--wait', '30').status).toBe(1);
    writer.publishDetections(detectionFrame(3));
    writer.close();
    const ended = read(name);
    expect(ended.status).toBe(0);
    expect(json(ended.stdout)).toHaveLength(1);
  });

  it('is sound under the sanitizers and compiles for Windows', () => {
    const checked = join(folder, 'checked');
    const built = build(['-fsanitize=address,undefined', '-fno-sanitize-recover=all'], checked);
    expect(`${built.stdout}${built.stderr}`).toBe('');
    const name = ringName();
    const writer = new PerceptionWriter(name, 'yard', 1);
    writer.publishDetections(detectionFrame(1, 50));
    writer.publishTracks(tracksFrame(1, 50));
    writer.publishTimelines(timelinesFrame(1, 50));
    writer.close();
    const done = spawnSync(checked, [name], { encoding: 'utf8' });
    expect(done.stderr).toBe('');
    expect(json(done.stdout)).toHaveLength(3);
    const cross = 'x86_64-w64-mingw32-gcc';
    if (spawnSync(cross, ['--version']).status !== 0) return;
    const windows = build([], join(folder, 'reader.exe'), cross);
    expect(`${windows.stdout}${windows.stderr}`).toBe('');
  });
});

/** Every number as the nearest float: C prints nine digits, which name a float exactly. */
function floats(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Math.fround(value);
  if (Array.isArray(value)) return value.map(floats);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, floats(each)]));
  }
  return value;
}
