import { describe, expect, it } from 'vitest';
import type { ProtectedRange } from '#shared/domain/recording.ts';
import {
  diskLevel,
  planRetention,
  type RetentionFacts,
  type SourceLimit,
  type StoredSegment,
} from '../../../../src-main/recording/retention-policy.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 20);
const shares = { warnShare: 0.8, actShare: 0.9 };
const roomy = { totalBytes: 1000, freeBytes: 900 };

/** `count` segments of a minute each, the newest ending now. */
const minutes = (sourceId: string, count: number, bytes: number): StoredSegment[] =>
  Array.from({ length: count }, (_, n) => {
    const fromWallMs = NOW - (count - n) * MINUTE;
    return { sourceId, path: `${sourceId}/${n}`, fromWallMs, toWallMs: fromWallMs + MINUTE, bytes };
  });
const none: SourceLimit = { keepMs: null, keepBytes: null };
const plan = (facts: Partial<RetentionFacts>) =>
  planRetention({
    segments: [],
    limits: new Map(),
    total: none,
    ranges: [],
    disk: roomy,
    shares,
    nowWallMs: NOW,
    ...facts,
  });
const gone = (facts: Partial<RetentionFacts>): string[] =>
  plan(facts).deletions.map(({ segment }) => segment.path);
const limit = (sourceId: string, own: Partial<SourceLimit>): ReadonlyMap<string, SourceLimit> =>
  new Map([[sourceId, { keepMs: null, keepBytes: null, ...own }]]);

describe('what has to go', () => {
  it.each([
    [0.79, 'ok'],
    [0.8, 'warn'],
    [0.899, 'warn'],
    [0.9, 'act'],
    [1, 'act'],
  ] as const)('a disk %f full is %s', (used, level) => {
    expect(diskLevel({ totalBytes: 1e6, freeBytes: Math.round(1e6 * (1 - used)) }, shares)).toBe(level);
  });

  it('is nothing without limits while there is room', () => {
    expect(gone({ segments: minutes('a', 1000, 1) })).toEqual([]);
  });

  it('is what ended longer ago than its source keeps, to the millisecond', () => {
    const old = {
      sourceId: 'a',
      path: 'old',
      fromWallMs: NOW - DAY - 100,
      toWallMs: NOW - DAY - 1,
      bytes: 1,
    };
    const kept = { ...old, path: 'kept', toWallMs: NOW - DAY };
    const other = { ...old, path: 'other', sourceId: 'b' };
    expect(gone({ segments: [kept, old, other], limits: limit('a', { keepMs: DAY }) })).toEqual(['old']);
  });

  it('is the oldest of a source that holds too much, and no more of it than needed', () => {
    const segments = [...minutes('a', 5, 10), ...minutes('b', 5, 10)];
    expect(gone({ segments, limits: limit('a', { keepBytes: 25 }) })).toEqual(['a/0', 'a/1', 'a/2']);
  });

  it('is the oldest over all sources when the disk is too full, until it is a little below', () => {
    const segments = [...minutes('a', 10, 10), ...minutes('b', 3, 10)];
    const made = plan({ segments, disk: { totalBytes: 1000, freeBytes: 95 } });
    // 120 free are wanted: 25 more.
    expect(made.deletions.map(({ segment }) => segment.path)).toEqual(['a/0', 'a/1', 'a/2']);
    expect(made.deletions.every(({ reason }) => reason === 'disk filling')).toBe(true);
    expect(made).toMatchObject({ level: 'act', shortBytes: 0 });
  });

  it('is nothing at the level where people are only warned', () => {
    const made = plan({ segments: minutes('a', 10, 10), disk: { totalBytes: 1000, freeBytes: 150 } });
    expect(made).toMatchObject({ deletions: [], level: 'warn' });
  });

  it('says how much is missing when all that may go is gone', () => {
    const segments = minutes('a', 2, 10);
    const made = plan({ segments, disk: { totalBytes: 1000, freeBytes: 20 } });
    expect(made.deletions.length).toBe(2);
    expect(made.shortBytes).toBe(80);
  });

  it('passes over what a range protects, of its source or of all', () => {
    const segments = [...minutes('a', 3, 10), ...minutes('b', 3, 10)];
    const disk = { totalBytes: 1000, freeBytes: 0 };
    const first = { fromWallMs: NOW - 3 * MINUTE, toWallMs: NOW - 2 * MINUTE, why: 'evidence' };
    expect(gone({ segments, disk, ranges: [{ sourceId: 'a', ...first }] })).not.toContain('a/0');
    expect(gone({ segments, disk, ranges: [{ sourceId: 'a', ...first }] })).toContain('b/0');
    const all = gone({ segments, disk, ranges: [{ sourceId: null, ...first }] });
    expect(all).toEqual(['a/1', 'b/1', 'a/2', 'b/2']);
  });
});

describe('what all sources may hold together', () => {
  it('ends at its age for a source without a limit of its own too, the tighter one of both holding', () => {
    const segments = [...minutes('a', 4, 1), ...minutes('b', 4, 1)];
    const total = { keepMs: 2 * MINUTE, keepBytes: null };
    expect(gone({ segments, total })).toEqual(['a/0', 'b/0']);
    expect(gone({ segments, total, limits: limit('a', { keepMs: MINUTE }) })).toEqual(['a/0', 'b/0', 'a/1']);
  });

  it('is brought below its bytes from the oldest of all on, what is protected staying', () => {
    const segments = [...minutes('a', 3, 10), ...minutes('b', 3, 10)];
    const total = { keepMs: null, keepBytes: 35 };
    expect(gone({ segments, total })).toEqual(['a/0', 'b/0', 'a/1']);
    const first = { fromWallMs: NOW - 3 * MINUTE, toWallMs: NOW - 2 * MINUTE, why: '' };
    expect(gone({ segments, total, ranges: [{ sourceId: 'a', ...first }] })).toEqual(['b/0', 'a/1', 'b/1']);
  });
});

/** A small generator of numbers, so that a failure can be had again (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function scene(seed: number): RetentionFacts {
  const next = random(seed);
  const below = (most: number): number => Math.floor(next() * most);
  const sources = ['a', 'b', 'c'];
  const segments: StoredSegment[] = Array.from({ length: below(60) }, (_, n) => {
    const fromWallMs = NOW - below(100) * MINUTE;
    const sourceId = sources[below(3)] ?? 'a';
    return {
      sourceId,
      path: `${sourceId}/${n}`,
      fromWallMs,
      toWallMs: fromWallMs + MINUTE,
      bytes: 1 + below(50),
    };
  });
  const ranges: ProtectedRange[] = Array.from({ length: below(4) }, () => {
    const fromWallMs = NOW - below(100) * MINUTE;
    const sourceId = [...sources, null][below(4)] ?? null;
    return { sourceId, fromWallMs, toWallMs: fromWallMs + below(20) * MINUTE, why: '' };
  });
  const limits = new Map(
    sources.map((sourceId) => [
      sourceId,
      { keepMs: next() < 0.5 ? null : below(100) * MINUTE, keepBytes: next() < 0.5 ? null : below(600) },
    ]),
  );
  return {
    segments,
    ranges,
    limits,
    disk: { totalBytes: 2000, freeBytes: below(500) },
    total: {
      keepMs: next() < 0.7 ? null : below(100) * MINUTE,
      keepBytes: next() < 0.6 ? null : below(1200),
    },
    shares,
    nowWallMs: NOW,
  };
}

const isProtected = (segment: StoredSegment, ranges: readonly ProtectedRange[]): boolean =>
  ranges.some(
    (range) =>
      (range.sourceId === null || range.sourceId === segment.sourceId) &&
      segment.fromWallMs < range.toWallMs &&
      segment.toWallMs > range.fromWallMs,
  );

describe('in every one of 2000 made-up scenes', () => {
  const scenes = Array.from({ length: 2000 }, (_, seed) => scene(seed + 1));

  it('nothing protected goes, and nothing goes twice', () => {
    for (const facts of scenes) {
      const segments = planRetention(facts).deletions.map(({ segment }) => segment);
      expect(segments.filter((segment) => isProtected(segment, facts.ranges))).toEqual([]);
      expect(new Set(segments).size).toBe(segments.length);
    }
  });

  it('nothing goes for room while something older stays that might go', () => {
    for (const facts of scenes) {
      const { deletions } = planRetention(facts);
      const all = new Set(deletions.map(({ segment }) => segment));
      const stays = facts.segments.filter((one) => !all.has(one) && !isProtected(one, facts.ranges));
      for (const { segment, reason } of deletions) {
        const older = stays.filter((one) => one.fromWallMs < segment.fromWallMs);
        if (reason === 'disk filling') expect(older).toEqual([]);
        else expect(older.filter((one) => one.sourceId === segment.sourceId)).toEqual([]);
      }
    }
  });

  it('the disk and each source get below their limits, or all that may go is gone', () => {
    for (const facts of scenes) {
      const { deletions, level, shortBytes } = planRetention(facts);
      const all = new Set(deletions.map(({ segment }) => segment));
      const stays = facts.segments.filter((segment) => !all.has(segment));
      const free = (segment: StoredSegment): boolean => !isProtected(segment, facts.ranges);
      const freed = [...all].reduce((sum, { bytes }) => sum + bytes, 0);
      if (level === 'act') {
        const used = 1 - (facts.disk.freeBytes + freed) / facts.disk.totalBytes;
        if (used >= shares.actShare) {
          expect(stays.filter(free)).toEqual([]);
          expect(shortBytes).toBeGreaterThan(0);
        }
      } else expect(deletions.filter(({ reason }) => reason === 'disk filling')).toEqual([]);
      for (const [sourceId, { keepMs, keepBytes }] of facts.limits) {
        const own = stays.filter((segment) => segment.sourceId === sourceId);
        const bytes = own.reduce((sum, segment) => sum + segment.bytes, 0);
        if (keepBytes !== null && bytes > keepBytes) expect(own.filter(free)).toEqual([]);
        const old = own.filter(({ toWallMs }) => keepMs !== null && toWallMs < NOW - keepMs);
        expect(old.filter(free)).toEqual([]);
      }
      const { keepMs, keepBytes } = facts.total;
      const bytes = stays.reduce((sum, segment) => sum + segment.bytes, 0);
      if (keepBytes !== null && bytes > keepBytes) expect(stays.filter(free)).toEqual([]);
      const old = stays.filter(({ toWallMs }) => keepMs !== null && toWallMs < NOW - keepMs);
      expect(old.filter(free)).toEqual([]);
    }
  });

  it('no more goes for room than is needed', () => {
    for (const facts of scenes) {
      const { deletions } = planRetention(facts);
      const last = deletions.findLast(({ reason }) => reason === 'disk filling');
      if (last === undefined) continue;
      const others = deletions
        .filter((one) => one !== last)
        .reduce((sum, { segment }) => sum + segment.bytes, 0);
      const wanted = facts.disk.totalBytes * (1 - shares.actShare + 0.02);
      expect(facts.disk.freeBytes + others).toBeLessThan(wanted);
    }
  });
});
