/** The disk that a folder lies on, as this user may fill it. */
export interface DiskRoom {
  readonly totalBytes: number;
  /** What this user may still write. */
  readonly freeBytes: number;
}

/**
 * Room out of what statfs tells, in the way of `df`: blocks that are kept for root or beyond a quota are neither free
 * nor used for us, so that "full" means that nothing more can be written.
 */
export function roomOf(stats: {
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly bsize: number;
}): DiskRoom {
  const { blocks, bfree, bavail, bsize } = stats;
  return { totalBytes: (blocks - bfree + bavail) * bsize, freeBytes: bavail * bsize };
}
