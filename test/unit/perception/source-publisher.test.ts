import { describe, expect, it } from 'vitest';
import type { DetectionFrame, TimelinesFrame, TrackedObjectsFrame } from '#native';
import type { PublishSettings } from '#shared/domain/perception.ts';
import { SourcePublisher } from '../../../src-worker/detection/perception/source-publisher.ts';
import type { AcceptedFrame } from '../../../src-worker/detection/run-reports.ts';

/** A region that keeps what is published in it. */
class KeptRegion {
  readonly name = '/ivt-kept';
  readonly detections: DetectionFrame[] = [];
  readonly tracks: TrackedObjectsFrame[] = [];
  readonly timelines: TimelinesFrame[] = [];
  beats = 0;
  closed = false;
  publishDetections(frame: DetectionFrame): void {
    this.detections.push(frame);
  }
  publishTracks(frame: TrackedObjectsFrame): void {
    this.tracks.push(frame);
  }
  publishTimelines(frame: TimelinesFrame): void {
    this.timelines.push(frame);
  }
  beat(): void {
    this.beats += 1;
  }
  close(): void {
    this.closed = true;
  }
}

const zones = [
  {
    name: 'left',
    points: [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
      { x: 100, y: 100 },
      { x: 0, y: 100 },
    ],
  },
  {
    name: 'all',
    points: [
      { x: 0, y: 0 },
      { x: 200, y: 0 },
      { x: 200, y: 100 },
      { x: 0, y: 100 },
    ],
  },
];

function accepted(seq: number, change: Partial<AcceptedFrame> = {}): AcceptedFrame {
  return {
    frame: {
      ring: '/ring',
      epoch: 1,
      slot: 0,
      generation: 2,
      seq,
      ptsMs: seq * 40,
      wallMs: 1_000_000 + seq * 40,
      monoMs: seq * 40,
      width: 200,
      height: 100,
      pixelFormat: 'i420',
    },
    ptsMs: seq * 40,
    zones,
    detections: [
      { box: { x1: 20, y1: 10, x2: 60, y2: 50 }, label: 'car', confidence: 0.8 },
      { box: { x1: 120, y1: 10, x2: 160, y2: 50 }, label: 'person', confidence: 0.7 },
      { box: { x1: 120, y1: 10, x2: 160, y2: 50 }, label: 'car', confidence: 0.2 },
    ],
    outlook: (horizonsMs) => [
      {
        trackId: 9,
        label: 'car',
        state: 'confirmed',
        confidence: 0.8,
        box: { x1: -10, y1: 10, x2: 60, y2: 50 },
        firstPtsMs: 0,
        lastPtsMs: seq * 40,
        hits: 4,
        misses: 0,
        speed: { x: 20, y: -10 },
        ahead: horizonsMs.map((horizonMs) => ({
          horizonMs,
          box: { x1: 190, y1: 10, x2: 230, y2: 50 },
          sigmaX: 4,
          sigmaY: 3,
        })),
      },
    ],
    ...change,
  };
}

function made(settings: Partial<PublishSettings> = {}, classes: string[] = []) {
  const region = new KeptRegion();
  const clock = { nowMs: 0 };
  const all = { framesEveryMs: 0, timelinesEveryMs: 1000, horizonsMs: [500, 1000], ...settings };
  const source = {
    sourceId: 'yard',
    runId: 3,
    labels: ['person', 'car'],
    zoneNames: ['left', 'all'],
    confidence: 0.25,
    classes,
  };
  const publisher = new SourcePublisher(
    source,
    region,
    () => all,
    () => clock.nowMs,
  );
  return { region, clock, publisher, all };
}

describe('what a source publishes', () => {
  it('gives detections, tracks and timelines of one frame the same frame id', () => {
    const { region, publisher } = made();
    publisher.take(accepted(12));
    const facts = { frame_id: 12, timestamp_ms: 1_000_480, pts_ms: 480 };
    expect(region.detections[0]).toMatchObject(facts);
    expect(region.tracks[0]).toMatchObject(facts);
    expect(region.timelines[0]).toMatchObject(facts);
  });

  it('tells boxes as shares of the picture, classes by number and zones by bit', () => {
    const { region, publisher } = made();
    publisher.take(accepted(1));
    expect(region.detections[0]?.detections).toEqual([
      {
        id: 0,
        class_id: 1,
        label: 'car',
        confidence: 0.8,
        x: 0.1,
        y: 0.1,
        w: 0.2,
        h: 0.4,
        frame_width: 200,
        frame_height: 100,
        zone_mask: 0b11,
      },
      expect.objectContaining({ id: 1, class_id: 0, label: 'person', zone_mask: 0b10 }),
    ]);
  });

  it('leaves out what is below the confidence and what is not wished', () => {
    const { region, publisher } = made({}, ['car']);
    publisher.take(accepted(1));
    expect(region.detections[0]?.detections.map(({ label, confidence }) => [label, confidence])).toEqual([
      ['car', 0.8],
    ]);
  });

  it('cuts a track to the picture and tells its times in UTC', () => {
    const { region, publisher } = made();
    publisher.take(accepted(10));
    expect(region.tracks[0]?.tracks[0]).toMatchObject({
      track_id: 9,
      x: 0,
      w: 0.3,
      first_seen_ms: 1_000_000,
      last_seen_ms: 1_000_400,
      age_ms: 400,
      hits: 4,
      misses: 0,
      vx: 0.1,
      vy: -0.1,
      state: 'confirmed',
    });
  });

  it('tells where each track will be, also beyond the edge', () => {
    const { region, publisher } = made();
    publisher.take(accepted(0));
    const timelines = region.timelines[0]?.timelines ?? [];
    expect(timelines.map(({ horizon_ms, timestamp_ms }) => [horizon_ms, timestamp_ms])).toEqual([
      [500, 1_000_500],
      [1000, 1_001_000],
    ]);
    expect(timelines[1]?.objects[0]).toMatchObject({
      track_id: 9,
      x: 0.95,
      w: 0.2,
      sigma_x: 0.02,
      sigma_y: 0.03,
    });
  });

  it('keeps to the rates asked for, which may change while it runs', () => {
    const { region, publisher, clock, all } = made({ framesEveryMs: 100 });
    for (let n = 0; n < 50; n++) {
      clock.nowMs = n * 40;
      publisher.take(accepted(n));
    }
    // 2 s at one per 100 ms, on a grid of 40 ms: each 120 ms.
    expect(region.detections.length).toBe(17);
    expect(region.timelines.length).toBe(2);
    expect(region.beats).toBe(50);
    all.framesEveryMs = 0;
    clock.nowMs = 2000;
    publisher.take(accepted(50));
    clock.nowMs = 2001;
    publisher.take(accepted(51));
    expect(region.detections.slice(-2).map(({ frame_id }) => frame_id)).toEqual([50, 51]);
  });

  it('predicts anew when asked, once there is a frame', () => {
    const { region, publisher } = made();
    expect(publisher.refresh()).toBe(false);
    publisher.take(accepted(5));
    expect(publisher.refresh()).toBe(true);
    expect(region.timelines.map(({ frame_id }) => frame_id)).toEqual([5, 5]);
  });
});
