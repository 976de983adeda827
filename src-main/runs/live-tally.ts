import type { Counting } from '#shared/domain/counting.ts';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import type { Interval, LiveView } from '#shared/domain/source.ts';
import { CountedRuns } from './counted-runs.ts';
import { CountsToKeep } from './counts-to-keep.ts';
import type { Engine } from './engine.ts';
import { GapBook } from './gap-book.ts';
import { LiveCounts } from './live-counts.ts';
import { recountStored } from './recount-stored.ts';
import type { StoredPast } from './stored-past.ts';

/** The table of counts over time is made anew this often at most. */
const INTERVALS_EVERY_MS = 1000;
/** As many as may be asked for at once. */
const MOST_RUNS = 1000;

/** What a live source counted over its runs since its operator started it, and what of that time had no picture. */
export class LiveTally {
  readonly #counted = new CountedRuns();
  readonly #keep = new CountsToKeep();
  #gaps = new GapBook();
  #counts: LiveCounts | null = null;
  #intervals: { readonly atMs: number; readonly value: Interval[] } = { atMs: 0, value: [] };

  get gaps(): GapBook {
    return this.#gaps;
  }

  get runIds(): readonly number[] {
    return this.#counted.runIds;
  }

  /** What the next ivis needs to go on with this sum; null when there is nothing to go on with. */
  get counting(): Counting | null {
    const { runIds, lineRuns } = this.#counted;
    const counts = this.#counts;
    if (counts === null || this.#keep.none || runIds.length === 0 || runIds.length > MOST_RUNS) return null;
    const { startedWallMs, lineStarts } = counts;
    return { startedWallMs, runIds: [...runIds], lineRuns, lineStarts };
  }

  /** The sum of an earlier ivis goes on in the next run. Returns what it is, for the window. */
  resume(counting: Counting, past: StoredPast): RunProgress {
    const { gaps, counts, ledger } = past;
    this.#counted.resume(counting);
    this.#gaps = new GapBook(gaps);
    this.#counts = LiveCounts.resumed(counting, past);
    return this.#counts.total({ counts, ledger, ptsMs: 0, fps: 0, inferMs: { p50: 0, p95: 0 } });
  }

  /** The next run counts from zero. */
  nothingStays(): void {
    this.#keep.none = true;
  }

  /** What is the same in both goes on counting in the next run. */
  settingsChanged(before: RunSettings, after: RunSettings): void {
    this.#keep.changed(before, after);
  }

  /** The source is begun. True: with nothing of what it counted before. */
  start(): boolean {
    const anew = this.#keep.none || this.#counts === null;
    if (anew) this.#gaps = new GapBook();
    return anew;
  }

  /** Another run begins: what was counted so far goes on in it, as far as it goes. True: everything begins at zero. */
  renew(wallMs: number): boolean {
    const kept = this.#keep.none ? null : this.#counts;
    const counts = kept ?? new LiveCounts(wallMs);
    this.#keep.applyTo(counts, wallMs);
    this.#counts = counts;
    if (kept === null) this.#counted.clear();
    return kept === null;
  }

  runBegan(runId: number): void {
    this.#counted.begun(runId, this.#counts?.lineStarts ?? {});
  }

  /** The sum with what the run going on told. */
  progressed(progress: RunProgress, wallMs: number): RunProgress {
    return this.#counts?.progressed(progress, wallMs) ?? progress;
  }

  /** A run is over, and what it counted is part of the sum; null when there is none. */
  runOver(last: RunProgress | null, wallMs: number): RunProgress | null {
    return this.#counts?.runOver(last, wallMs) ?? null;
  }

  /** The sum with what was stored, after a run without a last word; null when it cannot be had or is out of date. */
  async recount(
    engine: Engine,
    sourceId: string,
    progress: () => RunProgress | null,
  ): Promise<RunProgress | null> {
    const counts = this.#counts;
    if (counts === null) return null;
    const { runIds, lineRuns } = this.#counted;
    const stored = await recountStored(engine, { sourceId, runIds, lineRuns }, counts);
    const told = progress();
    return stored && told !== null && this.#counts === counts ? counts.total(told) : null;
  }

  /** As the window shows it. */
  view(nowWallMs: number): Omit<LiveView, 'status'> {
    if (Math.abs(nowWallMs - this.#intervals.atMs) >= INTERVALS_EVERY_MS) {
      const value = this.#counts?.intervals(this.#gaps, nowWallMs) ?? [];
      this.#intervals = { atMs: nowWallMs, value };
    }
    return {
      gaps: this.#gaps.recent(nowWallMs),
      intervals: this.#intervals.value,
      runs: this.#counted.runIds.length,
      runIds: [...this.#counted.runIds],
      lineRuns: this.#counted.lineRuns,
      startedWallMs: this.#counts?.startedWallMs ?? null,
      lineStarts: this.#counts?.lineStarts ?? {},
    };
  }
}
