import type { Crossing } from '#shared/domain/line.ts';

export const FLASH_MS = 700;

/** Lines that were crossed a moment ago, in page time; drives the flash of a line. */
export class FlashMemory {
  readonly #startedMs = new Map<string, number>();

  add(crossings: readonly Crossing[], nowMs: number): void {
    for (const crossing of crossings) this.#startedMs.set(crossing.line, nowMs);
  }

  /** 1 right after a crossing, falling to 0. */
  strength(line: string, nowMs: number): number {
    const started = this.#startedMs.get(line);
    return started === undefined ? 0 : Math.max(0, 1 - (nowMs - started) / FLASH_MS);
  }

  isActive(nowMs: number): boolean {
    return [...this.#startedMs.values()].some((started) => nowMs - started < FLASH_MS);
  }

  clear(): void {
    this.#startedMs.clear();
  }
}
