/** What Electron tells of the memory of the computer. Kilobytes; which of them there are depends on the system. */
export interface SystemMemory {
  readonly free: number;
  /** Linux: MemAvailable. */
  readonly available?: number;
  /** macOS: caches of files, which are given up when memory is asked for. */
  readonly fileBacked?: number;
  /** macOS. */
  readonly purgeable?: number;
}

/**
 * Bytes that a program could still get without swapping. macOS fills what is free with caches of files: its free pages
 * alone are next to nothing on a computer that is well. Windows counts what is available as free.
 */
export function availableMemory({ free, available, fileBacked = 0, purgeable = 0 }: SystemMemory): number {
  return (available ?? free + fileBacked + purgeable) * 1024;
}

/** As the system tells it now; `otherwise` where Electron does not run. */
export function readAvailableMemory(totalBytes: number, otherwise: () => number): number {
  const ask: (() => SystemMemory) | undefined = process.getSystemMemoryInfo;
  const bytes = ask === undefined ? otherwise() : availableMemory(ask());
  return Math.min(totalBytes, bytes);
}
