import { describe, expect, it } from 'vitest';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { type FrameTrace, frameTraceSchema } from '#shared/domain/frame-trace.ts';
import { RunTraces } from '../../../src-worker/detection/run-traces.ts';

const frame = (seq: number): FrameDescriptor => ({
  ring: '/ring',
  epoch: 0,
  slot: 0,
  generation: 2,
  seq,
  ptsMs: seq * 40,
  wallMs: 1_700_000_000_000 + seq * 40,
  monoMs: 1000 + seq * 40,
  width: 64,
  height: 64,
  pixelFormat: 'i420',
});

/** Takes a frame up to its rows in `batch`. */
function through(traces: RunTraces, seq: number, batch: number | null): void {
  const each = frame(seq);
  const ms = each.monoMs;
  traces.read(each, ms + 5, ms + 7);
  traces.inferred(each, ms + 8, ms + 30);
  traces.tracked(each, ms + 31, ms + 33);
  traces.spooled(batch);
}

describe('a traced frame', () => {
  it('has each stage with its times, and its rows with the batch that holds them', () => {
    const sent: FrameTrace[] = [];
    const traces = new RunTraces(
      () => 2,
      (trace) => sent.push(trace),
    );
    for (const seq of [0, 1, 2, 3]) through(traces, seq, seq < 2 ? 0 : 1);
    expect(sent).toEqual([]);
    traces.stored(1, 2000, 2010);
    traces.stored(0, 1900, 1950);
    traces.stored(0, 1, 2);
    expect(sent.map(({ seq, store }) => [seq, store])).toEqual([
      [2, { fromMs: 2000, toMs: 2010 }],
      [0, { fromMs: 1900, toMs: 1950 }],
    ]);
    expect(frameTraceSchema.parse(sent[1])).toEqual({
      seq: 0,
      ptsMs: 0,
      arrivedWallMs: 1_700_000_000_000,
      arrivedMs: 1000,
      read: { fromMs: 1000, toMs: 1005 },
      preprocess: { fromMs: 1005, toMs: 1007 },
      infer: { fromMs: 1008, toMs: 1030 },
      track: { fromMs: 1031, toMs: 1033 },
      store: { fromMs: 1900, toMs: 1950 },
      skipped: 0,
    });
  });

  it('without rows ends with its tracking', () => {
    const sent: FrameTrace[] = [];
    const traces = new RunTraces(
      () => 1,
      (trace) => sent.push(trace),
    );
    through(traces, 7, null);
    expect(sent.map(({ seq, store }) => [seq, store])).toEqual([[7, null]]);
  });

  it('is not there while tracing is off, also when it is switched off in the middle', () => {
    let every: number | null = null;
    const sent: FrameTrace[] = [];
    const traces = new RunTraces(
      () => every,
      (trace) => sent.push(trace),
    );
    through(traces, 0, null);
    every = 1;
    through(traces, 1, null);
    every = null;
    through(traces, 2, null);
    expect(sent.map(({ seq }) => seq)).toEqual([1]);
  });

  it('is skipped and counted while the database takes nothing, so that memory stays bounded', () => {
    const sent: FrameTrace[] = [];
    const traces = new RunTraces(
      () => 1,
      (trace) => sent.push(trace),
    );
    for (let seq = 0; seq < 1000; seq++) through(traces, seq, seq);
    for (let batch = 0; batch < 1000; batch++) traces.stored(batch, 5000, 5001);
    expect(sent).toHaveLength(64);
    through(traces, 1000, null);
    expect(sent.at(-1)).toMatchObject({ seq: 1000, skipped: 936 });
  });

  it('on which the model failed leaves its place to others', () => {
    const sent: FrameTrace[] = [];
    const traces = new RunTraces(
      () => 1,
      (trace) => sent.push(trace),
    );
    for (let seq = 0; seq < 500; seq++) traces.read(frame(seq), 1, 2);
    for (let seq = 500; seq < 520; seq++) through(traces, seq, null);
    expect(sent.length).toBeGreaterThan(0);
  });
});
