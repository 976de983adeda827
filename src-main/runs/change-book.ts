import { sumChanges, type TimedChange } from '#shared/domain/count-change.ts';
import { isCounted } from '#shared/domain/line-runs.ts';
import { countedOn, type Interval, type SourceView, shownRuns } from '#shared/domain/source.ts';

const MINUTE_MS = 60_000;
/** After a store that did not answer. */
const AGAIN_MS = 5000;

export interface ChangeBookParts {
  /** Asks the store what people said about the counts of some runs. */
  read(runIds: readonly number[]): Promise<readonly TimedChange[]>;
  /** Something is known now that was not before. */
  changed(): void;
  readonly clock: { monoMs(): number; wallMs(): number };
}

/**
 * What people said about the counts on show. Here, and nowhere else, it is laid beside what the machine counted: the
 * cards, the intervals, the picture and every page show what this puts into the view of a source.
 */
export class ChangeBook {
  readonly #parts: ChangeBookParts;
  #byRun = new Map<number, readonly TimedChange[]>();
  #asked = new Set<number>();
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(parts: ChangeBookParts) {
    this.#parts = parts;
  }

  /** The views with what was said about their counts; what is not known yet is asked for. */
  correct(views: readonly SourceView[]): SourceView[] {
    const shown = new Set(views.flatMap(shownRuns));
    for (const runId of this.#byRun.keys()) if (!shown.has(runId)) this.#byRun.delete(runId);
    this.#ask([...shown].filter((runId) => !this.#byRun.has(runId) && !this.#asked.has(runId)));
    return views.map((view) => this.#corrected(view));
  }

  /** Somebody said something about a count of this run. Resolves when it is known here. */
  async said(runId: number): Promise<void> {
    this.#asked.delete(runId);
    this.#notBeforeMs = Number.NEGATIVE_INFINITY;
    await this.#ask([runId]);
  }

  #corrected(view: SourceView): SourceView {
    const { runIds, lineRuns } = countedOn(view);
    const own = runIds
      .flatMap((runId) => this.#byRun.get(runId) ?? [])
      .filter(({ line, runId }) => isCounted(lineRuns, line, runId));
    if (own.length === 0) return view;
    const { live } = view;
    const nowMs = this.#parts.clock.wallMs();
    const inside = (interval: Interval): Interval => ({
      ...interval,
      changes: sumChanges(own.filter(({ wallMs }) => wallMs > nowMs - interval.minutes * MINUTE_MS)),
    });
    return {
      ...view,
      changes: sumChanges(own),
      live: live && { ...live, intervals: live.intervals.map(inside) },
    };
  }

  async #ask(runIds: readonly number[]): Promise<void> {
    if (runIds.length === 0 || this.#parts.clock.monoMs() < this.#notBeforeMs) return;
    for (const runId of runIds) this.#asked.add(runId);
    try {
      const changes = await this.#parts.read(runIds);
      const before = runIds.flatMap((runId) => this.#byRun.get(runId) ?? []).length;
      const found = Map.groupBy(changes, ({ runId }) => runId);
      for (const runId of runIds) this.#byRun.set(runId, found.get(runId) ?? []);
      if (changes.length > 0 || before > 0) this.#parts.changed();
    } catch {
      // A store that is away: the machine's numbers stand alone until it answers.
      this.#notBeforeMs = this.#parts.clock.monoMs() + AGAIN_MS;
    } finally {
      for (const runId of runIds) this.#asked.delete(runId);
    }
  }
}
