import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PerceptionReader, RingWriter, unlinkRing } from '#native';
import { defaultPublishSettings } from '#shared/domain/perception.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { TrackBox } from '#shared/domain/track.ts';
import { type HostedDetection, hostDetection } from '../../bench/pipeline-worker.ts';
import { tinyModel, tinySpec, writeModel } from '../detection/model/model-fixture.ts';
import { plainSettings } from '../detection/run-fixture.ts';

const SIDE = 64;
const PREFIX = `/ivis-0-${process.pid.toString(36)}-t`;
const picture = new Uint8Array((SIDE * SIDE * 3) / 2).fill(128);

let host: HostedDetection;
let opened: { region: string; sourceId: string; runId: number; zones: string[] }[] = [];
let closed: string[] = [];
let finished = 0;
let warnings: string[] = [];
let writers: RingWriter[] = [];

beforeEach(() => {
  opened = [];
  closed = [];
  finished = 0;
  warnings = [];
  writers = [];
  const log = {
    debug: () => {},
    info: () => {},
    warn: (text: string) => warnings.push(text),
    error: () => {},
  };
  host = hostDetection(
    {
      'run.finished': () => {
        finished += 1;
      },
      'region.opened': (region) => opened.push(region),
      'region.closed': ({ region }) => closed.push(region),
    },
    log,
  );
  host.attachStore(() => {});
});
afterEach(async () => {
  await host.close();
  for (const writer of writers) {
    writer.close();
    unlinkRing(writer.name);
  }
});

async function until(done: () => boolean): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!done() && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(done()).toBe(true);
}

async function load(): Promise<void> {
  const bytes = tinyModel();
  const model = { path: writeModel(bytes), spec: tinySpec(bytes), provider: 'cpu' };
  await host.main.request('model.load', model, { timeoutMs: 20_000 });
}

const configure = (settings = defaultPublishSettings) =>
  host.main.request('perception.configure', { prefix: PREFIX, settings });

/** A source with its ring, and what a window is shown of it. */
async function source(sourceId: string, runId: number, change: Partial<RunSettings> = {}) {
  const settings = { ...plainSettings, ...change };
  await host.main.request('source.attach', { sourceId, runId, settings });
  const shown = new Map<number, TrackBox[]>();
  host.attachWindow(sourceId, ({ seq, tracks }) => shown.set(seq, tracks));
  const capture = host.attachCapture(sourceId);
  const ring = `/ivis-wp-${process.pid.toString(36)}-${runId}`;
  const writer = RingWriter.create({ name: ring, width: SIDE, height: SIDE, slots: 8, mode: 'lossless' });
  writers.push(writer);
  const { epoch } = writer;
  await capture.request('ring.open', {
    sourceId,
    runId,
    ring,
    epoch,
    width: SIDE,
    height: SIDE,
    mode: 'analyse',
  });
  const frame = async (): Promise<void> => {
    let written = writer.writeFrame(picture, null);
    while (written === 'full') {
      await new Promise((resolve) => setTimeout(resolve, 2));
      written = writer.writeFrame(picture, null);
    }
    const { key: _key, ...rest } = written;
    capture.send('frame.ready', {
      frame: { ...rest, ring, epoch, ptsMs: rest.seq * 40, pixelFormat: 'i420' },
    });
  };
  return {
    shown,
    async frames(count: number): Promise<void> {
      for (let n = 0; n < count; n++) await frame();
    },
    end: (decoded: number) => capture.send('source.ended', { runId, decoded }),
  };
}

describe('the detection worker as a publisher', () => {
  it('publishes nothing before it is told to', async () => {
    await load();
    const yard = await source('yard', 1);
    await yard.frames(5);
    yard.end(5);
    await until(() => finished === 1);
    expect([opened, closed]).toEqual([[], []]);
  });

  it('begins and ends with runs that are going on, as often as it is told to', async () => {
    await load();
    const yard = await source('yard', 9);
    await yard.frames(3);
    await until(() => yard.shown.size === 3);
    expect(opened).toEqual([]);
    await configure();
    await yard.frames(3);
    await until(() => opened.length === 1);
    const first = new PerceptionReader(opened[0]?.region ?? '');
    await until(() => first.state().published.tracks === 3);
    await host.main.request('perception.configure', { prefix: null, settings: defaultPublishSettings });
    await until(() => closed.length === 1);
    expect(first.state().state).toBe('closed');
    await yard.frames(3);
    await until(() => yard.shown.size === 9);
    expect(opened).toHaveLength(1);
    await configure();
    await yard.frames(2);
    await until(() => opened.length === 2);
    const second = new PerceptionReader(opened[1]?.region ?? '');
    await until(() => second.state().published.tracks === 2);
    yard.end(11);
    await until(() => finished === 1 && closed.length === 2);
    first.close();
    second.close();
  });

  it('publishes each run in a region of its own, from attach to its end', async () => {
    await load();
    await configure();
    const yard = await source('yard', 4);
    await until(() => opened.length === 1);
    expect(opened[0]).toMatchObject({ sourceId: 'yard', runId: 4, zones: [] });
    const region = opened[0]?.region ?? '';
    expect(region.startsWith(PREFIX)).toBe(true);
    const reader = new PerceptionReader(region);
    await yard.frames(30);
    await until(() => reader.state().published.tracks === 30);
    const detections = reader.read('detections');
    const tracks = reader.read('tracks');
    if (detections.result !== 'ok' || tracks.result !== 'ok') throw new Error('nothing was published');
    expect(tracks.frame).toMatchObject({ frame_id: 29, pts_ms: 29 * 40 });
    expect(tracks.frame.timestamp_ms).toBe(detections.frame.timestamp_ms);
    expect(detections.frame.detections).toMatchObject([{ label: 'thing', class_id: 0, frame_width: SIDE }]);
    expect(tracks.frame.tracks).toMatchObject([
      { track_id: 1, hits: 30, misses: 0, state: 'confirmed', age_ms: 29 * 40 },
    ]);
    // It stands still, so it is expected where it is.
    expect(await host.main.request('perception.refresh', { sourceId: null })).toEqual({ regions: 1 });
    expect(await host.main.request('perception.refresh', { sourceId: 'street' })).toEqual({ regions: 0 });
    const paths = reader.read('timelines');
    if (paths.result !== 'ok') throw new Error(paths.result);
    expect(paths.frame.timelines.map(({ horizon_ms }) => horizon_ms)).toEqual(
      defaultPublishSettings.horizonsMs,
    );
    const [track] = tracks.frame.tracks;
    for (const { objects } of paths.frame.timelines) {
      expect(objects[0]?.track_id).toBe(1);
      expect(objects[0]?.x).toBeCloseTo(track?.x ?? 0, 2);
    }
    yard.end(30);
    await until(() => closed.length === 1);
    expect(closed).toEqual([region]);
    expect(reader.state().state).toBe('closed');
    expect(() => new PerceptionReader(region)).toThrow(/not-found|cannot open/);
  });

  it('tells boxes in the whole picture when only a part is looked at, as the window does', async () => {
    await load();
    await configure();
    const crop = { x1: 20, y1: 24, x2: 60, y2: 64 };
    const yard = await source('yard', 6, { regions: { include: [], exclude: [], crop } });
    await until(() => opened.length === 1);
    const reader = new PerceptionReader(opened[0]?.region ?? '');
    await yard.frames(12);
    await until(() => reader.state().published.tracks === 12 && yard.shown.has(11));
    const tracks = reader.read('tracks');
    const detections = reader.read('detections');
    if (tracks.result !== 'ok' || detections.result !== 'ok') throw new Error('nothing was published');
    const box = yard.shown.get(11)?.[0]?.box;
    expect(box?.x1).toBeGreaterThanOrEqual(crop.x1);
    for (const object of [tracks.frame.tracks[0], detections.frame.detections[0]]) {
      expect((object?.x ?? 0) * SIDE).toBeCloseTo(box?.x1 ?? 0, 3);
      expect(((object?.y ?? 0) + (object?.h ?? 0)) * SIDE).toBeCloseTo(box?.y2 ?? 0, 3);
    }
    await host.main.request('perception.refresh', { sourceId: 'yard' });
    const paths = reader.read('timelines');
    if (paths.result !== 'ok') throw new Error(paths.result);
    expect((paths.frame.timelines[0]?.objects[0]?.x ?? 0) * SIDE).toBeCloseTo(box?.x1 ?? 0, 0);
  });

  it('goes on without a region that cannot be made', async () => {
    const taken = RingWriter.create({ name: `${PREFIX}1`, width: 2, height: 2, slots: 2, mode: 'newest' });
    writers.push(taken);
    await load();
    await configure();
    const yard = await source('yard', 8);
    await yard.frames(3);
    yard.end(3);
    await until(() => finished === 1);
    expect(opened).toEqual([]);
    expect(warnings).toContain('the source is not published');
  });
});
