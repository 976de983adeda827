import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FrameTrace } from '#shared/domain/frame-trace.ts';
import { SecretMask } from '../../../../src-main/logging/secret-mask.ts';
import { SpanSender } from '../../../../src-main/tracing/span-sender.ts';
import { TraceDesk } from '../../../../src-main/tracing/trace-desk.ts';
import { attributeOf, OtlpCollector } from '../../../drivers/otlp-collector.ts';
import { loginsFor } from '../../../fixtures/logins.ts';

const ARRIVED_WALL_MS = 1_700_000_000_123.25;
const traceOf = (seq: number, change: Partial<FrameTrace> = {}): FrameTrace => ({
  seq,
  ptsMs: seq * 40,
  arrivedWallMs: ARRIVED_WALL_MS,
  arrivedMs: 5000,
  read: { fromMs: 5000, toMs: 5010.5 },
  preprocess: { fromMs: 5010.5, toMs: 5012 },
  infer: { fromMs: 5013, toMs: 5040 },
  track: { fromMs: 5041, toMs: 5042 },
  store: { fromMs: 5200, toMs: 5203 },
  skipped: 0,
  ...change,
});

let collector: OtlpCollector;
beforeEach(async () => {
  collector = await OtlpCollector.open();
});
afterEach(() => collector.close());

const open = (mask = new SecretMask()): SpanSender =>
  new SpanSender({ endpoint: collector.endpoint, version: '1.2.3', mask: (text) => mask.mask(text) });

describe('spans of a frame', () => {
  it('are one chain, each the parent of the next, with the times that were measured', async () => {
    const sender = open();
    sender.add({ sourceId: 'yard', runId: 7, trace: traceOf(3) });
    await sender.stop();
    expect(collector.problems).toEqual([]);
    expect(collector.services).toEqual(['ivis']);
    const { spans } = collector;
    expect(spans.map(({ name }) => name)).toEqual([
      'capture',
      'read',
      'preprocess',
      'infer',
      'track',
      'store',
    ]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spans.map(({ parentSpanId }) => parentSpanId)).toEqual([
      undefined,
      ...spans.slice(0, -1).map(({ spanId }) => spanId),
    ]);
    const zero = BigInt(Math.round(ARRIVED_WALL_MS * 1000)) * 1000n;
    const micros = spans.map(({ startTimeUnixNano, endTimeUnixNano }) => [
      Number(startTimeUnixNano - zero) / 1000,
      Number(endTimeUnixNano - zero) / 1000,
    ]);
    const expected = [0, 0, 0, 10_500, 10_500, 12_000, 13_000, 40_000, 41_000, 42_000, 200_000, 203_000];
    // A number of milliseconds since 1970 is good to a quarter of a microsecond.
    for (const [i, value] of micros.flat().entries())
      expect(Math.abs(value - (expected[i] ?? -1))).toBeLessThan(0.5);
    const infer = spans[3];
    expect(
      infer &&
        ['ivis.source.id', 'ivis.run.id', 'ivis.frame.seq', 'ivis.process'].map((key) =>
          attributeOf(infer, key),
        ),
    ).toEqual(['yard', '7', '3', 'detection']);
    expect(sender.counts).toEqual({ sent: 6, leftOut: 0 });
  });

  it('of a frame without rows end with its tracking', async () => {
    const sender = open();
    sender.add({ sourceId: 'yard', runId: 7, trace: traceOf(3, { store: null, ptsMs: null }) });
    await sender.stop();
    expect(collector.spans.map(({ name }) => name).at(-1)).toBe('track');
  });

  it('are counted and let go when the collector refuses them', async () => {
    collector.mood = 'refuse';
    const sender = open();
    sender.add({ sourceId: 'yard', runId: 7, trace: traceOf(3) });
    await sender.stop();
    expect(sender.counts).toEqual({ sent: 0, leftOut: 6 });
    expect(sender.lastError).not.toBeNull();
  });

  it('wait in bounded number for a collector that never answers', () => {
    collector.mood = 'hang';
    const sender = open();
    for (let seq = 0; seq < 1000; seq++) sender.add({ sourceId: 'yard', runId: 7, trace: traceOf(seq) });
    expect(sender.counts).toEqual({ sent: 0, leftOut: 5400 });
    void sender.stop().catch(() => {});
  });

  it('hold no password, however odd', async () => {
    const mask = new SecretMask();
    const sender = open(mask);
    const passwords: string[] = [];
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 6, maxLength: 24 }), (word) => {
        const password = `${word}Zq7`;
        passwords.push(password);
        loginsFor(mask).learn({ user: 'admin', password });
        sender.add({ sourceId: `cam rtsp://me:${password}@yard ${password}`, runId: 1, trace: traceOf(1) });
      }),
      { numRuns: 80 },
    );
    await sender.stop();
    expect(collector.problems).toEqual([]);
    const told = collector.spans.map((span) => attributeOf(span, 'ivis.source.id') ?? '').join('\n');
    const text = collector.bodies.join('\n');
    expect(collector.spans).toHaveLength(passwords.length * 6);
    expect(
      passwords.filter(
        (password) =>
          told.includes(password) ||
          text.includes(password) ||
          text.includes(JSON.stringify(password).slice(1, -1)),
      ),
    ).toEqual([]);
  });
});

describe('tracing', () => {
  const notes: string[] = [];
  const desk = (): TraceDesk =>
    new TraceDesk({ version: '1.2.3', mask: (text) => text, note: (_level, message) => notes.push(message) });

  it('is off until an address is named, and says what became of the spans', async () => {
    const tracing = desk();
    tracing.traced({ sourceId: 'yard', runId: 1, trace: traceOf(1) });
    expect(tracing.facts).toBeNull();
    await tracing.want({ endpoint: collector.endpoint, sampleEvery: 5 });
    tracing.traced({ sourceId: 'yard', runId: 1, trace: traceOf(2) });
    expect(tracing.facts).toMatchObject({ frames: 1, problem: null });
    expect(await tracing.stop()).toEqual({ frames: 1, sent: 6, leftOut: 0, problem: null });
    expect(tracing.facts).toBeNull();
    expect(collector.spans).toHaveLength(6);
    expect(await tracing.stop()).toBeNull();
  });

  it('lets go of a collector that hangs at once, and waits for it only so long at the end', async () => {
    collector.mood = 'hang';
    const tracing = desk();
    await tracing.want({ endpoint: collector.endpoint, sampleEvery: 5 });
    tracing.traced({ sourceId: 'yard', runId: 1, trace: traceOf(1) });
    const other = await OtlpCollector.open();
    const held = tracing.want({ endpoint: other.endpoint, sampleEvery: 5 });
    const asked = expect.poll(() => collector.bodies.length, { timeout: 10_000 }).toBe(1);
    await held;
    expect(tracing.facts).toMatchObject({ frames: 0, problem: null });
    await asked;
    expect(await tracing.stop()).toEqual({ frames: 0, sent: 0, leftOut: 0, problem: null });
    await other.close();
  });

  it('takes another address while it runs', async () => {
    const other = await OtlpCollector.open();
    const tracing = desk();
    await tracing.want({ endpoint: collector.endpoint, sampleEvery: 5 });
    tracing.traced({ sourceId: 'yard', runId: 1, trace: traceOf(1) });
    await tracing.want({ endpoint: other.endpoint, sampleEvery: 5 });
    tracing.traced({ sourceId: 'yard', runId: 1, trace: traceOf(2) });
    await tracing.stop();
    await expect
      .poll(() => [collector.spans.length, other.spans.length], { timeout: 10_000 })
      .toEqual([6, 6]);
    await other.close();
  });
});
