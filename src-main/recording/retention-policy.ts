import type { DiskShares, ProtectedRange, Segment } from '#shared/domain/recording.ts';
import type { DiskRoom } from '../disk-room.ts';

/** A segment on disk that may be deleted. */
export type StoredSegment = Pick<Segment, 'fromWallMs' | 'toWallMs' | 'bytes'> & {
  readonly sourceId: string;
  readonly path: string;
};

/** Limits of one source; null for none. */
export interface SourceLimit {
  readonly keepMs: number | null;
  readonly keepBytes: number | null;
}

export type DiskLevel = 'ok' | 'warn' | 'act';
/** When the disk is too full, so much of it is freed below the share where ivis acts: not a segment at a time. */
const RELEASE_SHARE = 0.02;
export type Reason = 'older than kept' | 'more than kept' | 'disk filling';

export interface Deletion {
  readonly segment: StoredSegment;
  readonly reason: Reason;
}

export interface RetentionPlan {
  /** Oldest first. */
  readonly deletions: readonly Deletion[];
  /** Before anything is deleted. */
  readonly level: DiskLevel;
  /** Bytes that would have to go as well, but are protected, or not recordings. */
  readonly shortBytes: number;
}

export interface RetentionFacts {
  readonly segments: readonly StoredSegment[];
  readonly limits: ReadonlyMap<string, SourceLimit>;
  /** Of all sources together. */
  readonly total: SourceLimit;
  readonly ranges: readonly ProtectedRange[];
  readonly disk: DiskRoom;
  readonly shares: DiskShares;
  readonly nowWallMs: number;
}

/** How full a disk is. */
export function diskLevel(
  { totalBytes, freeBytes }: DiskRoom,
  { warnShare, actShare }: RetentionFacts['shares'],
): DiskLevel {
  const used = totalBytes > 0 ? 1 - freeBytes / totalBytes : 0;
  return used >= actShare ? 'act' : used >= warnShare ? 'warn' : 'ok';
}

const isProtected = (segment: StoredSegment, ranges: readonly ProtectedRange[]): boolean =>
  ranges.some(
    ({ sourceId, fromWallMs, toWallMs }) =>
      (sourceId === null || sourceId === segment.sourceId) &&
      segment.fromWallMs < toWallMs &&
      segment.toWallMs > fromWallMs,
  );

const byAge = (a: StoredSegment, b: StoredSegment): number =>
  a.fromWallMs - b.fromWallMs || (a.path < b.path ? -1 : 1);

/**
 * Which segments have to go: first what is older than its source or all keep, then the oldest of sources that hold too
 * much, then the oldest of all while they hold too much together, then, when the disk is filled to the share where ivis acts, the oldest of all until it is a little below. A protected
 * segment never goes, and counts for its source's bytes.
 */
export function planRetention(facts: RetentionFacts): RetentionPlan {
  const oldest = [...facts.segments].sort(byAge);
  const free = oldest.filter((segment) => !isProtected(segment, facts.ranges));
  const going = new Map<StoredSegment, Reason>();

  for (const segment of free) {
    const own = facts.limits.get(segment.sourceId)?.keepMs ?? Number.POSITIVE_INFINITY;
    const keepMs = Math.min(own, facts.total.keepMs ?? Number.POSITIVE_INFINITY);
    if (segment.toWallMs < facts.nowWallMs - keepMs) going.set(segment, 'older than kept');
  }

  const held = new Map<string, number>();
  for (const segment of oldest) {
    if (!going.has(segment)) held.set(segment.sourceId, (held.get(segment.sourceId) ?? 0) + segment.bytes);
  }
  for (const segment of free) {
    const most = facts.limits.get(segment.sourceId)?.keepBytes ?? null;
    const bytes = held.get(segment.sourceId) ?? 0;
    if (most === null || bytes <= most || going.has(segment)) continue;
    going.set(segment, 'more than kept');
    held.set(segment.sourceId, bytes - segment.bytes);
  }

  const most = facts.total.keepBytes ?? Number.POSITIVE_INFINITY;
  let bytes = [...held.values()].reduce((sum, each) => sum + each, 0);
  for (const segment of free) {
    if (bytes <= most) break;
    if (going.has(segment)) continue;
    going.set(segment, 'more than kept');
    bytes -= segment.bytes;
  }

  const level = diskLevel(facts.disk, facts.shares);
  const { totalBytes, freeBytes } = facts.disk;
  const wantedFree =
    level === 'act' ? Math.ceil(totalBytes * (1 - facts.shares.actShare + RELEASE_SHARE)) : 0;
  const gone = [...going.keys()].reduce((sum, segment) => sum + segment.bytes, 0);
  let shortBytes = Math.max(0, wantedFree - freeBytes - gone);
  for (const segment of free) {
    if (shortBytes === 0) break;
    if (going.has(segment)) continue;
    going.set(segment, 'disk filling');
    shortBytes = Math.max(0, shortBytes - segment.bytes);
  }
  const deletions = [...going].map(([segment, reason]) => ({ segment, reason }));
  return { deletions: deletions.sort((a, b) => byAge(a.segment, b.segment)), level, shortBytes };
}
