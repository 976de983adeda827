import type { Counting } from '#shared/domain/counting.ts';

/** The runs that the counts of a live source add up, and from which on each of its lines is counted. */
export class CountedRuns {
  #runIds: readonly number[] = [];
  readonly #lines = new Map<string, { readonly wallMs: number; readonly runId: number }>();

  /** Since the operator's start, the newest last. */
  get runIds(): readonly number[] {
    return this.#runIds;
  }

  /** The first run of lines that were drawn or changed later. */
  get lineRuns(): Record<string, number> {
    return Object.fromEntries([...this.#lines].map(([line, { runId }]) => [line, runId]));
  }

  /** Another run begins; `lineStarts`: the lines that began later than the rest, and when. */
  begun(runId: number, lineStarts: Readonly<Record<string, number>>): void {
    this.#runIds = [...this.#runIds, runId];
    for (const [line, wallMs] of Object.entries(lineStarts)) {
      if (this.#lines.get(line)?.wallMs !== wallMs) this.#lines.set(line, { wallMs, runId });
    }
  }

  /** The sum of an earlier ivis goes on. */
  resume({ runIds, lineRuns, lineStarts }: Counting): void {
    this.clear();
    this.#runIds = runIds;
    for (const [line, runId] of Object.entries(lineRuns)) {
      const wallMs = lineStarts[line];
      if (wallMs !== undefined) this.#lines.set(line, { wallMs, runId });
    }
  }

  /** Everything is counted from zero. */
  clear(): void {
    this.#runIds = [];
    this.#lines.clear();
  }
}
