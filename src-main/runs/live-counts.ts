import type { RequestReply } from '#shared/contracts/contract.ts';
import type { mainStore } from '#shared/contracts/main-store.contract.ts';
import type { CorrectedCount } from '#shared/domain/correction.ts';
import type { Counting, CrossingsAt } from '#shared/domain/counting.ts';
import type { LineCount } from '#shared/domain/line.ts';
import type { RunCounts, RunProgress } from '#shared/domain/run.ts';
import type { Interval } from '#shared/domain/source.ts';
import { closedLedger, emptied, noCounts, noLedger, sumCounts, sumLedgers } from './count-sum.ts';
import type { GapBook } from './gap-book.ts';
import { TooRareSum } from './too-rare-sum.ts';

/** The columns of the table of counts over time. */
const INTERVAL_MINUTES: readonly number[] = [1, 5, 15, 60];
const MINUTE_MS = 60_000;
const KEPT_MS = 60 * MINUTE_MS;

/** What is stored of the runs of a sum. */
export type StoredSum = Pick<
  RequestReply<typeof mainStore, 'sum.get'>,
  'counts' | 'ledger' | 'lastHour' | 'tooRareMs' | 'tooRareLastHour'
>;

/** What a live source counted since its operator started it, over all its runs, and when. */
export class LiveCounts {
  #carried: { counts: RunCounts; ledger: RunProgress['ledger'] } = { counts: noCounts, ledger: noLedger };
  #current: RunProgress | null = null;
  #steps: CrossingsAt[] = [];
  #startedWallMs: number;
  /** Since when the lines are those of now: the table over time begins there. */
  #sameLinesWallMs: number;
  #tooRare = new TooRareSum();
  /** Lines that began later, and when. */
  readonly #begun = new Map<string, number>();

  constructor(startedWallMs: number) {
    this.#startedWallMs = startedWallMs;
    this.#sameLinesWallMs = startedWallMs;
  }

  /** The sum of an earlier ivis goes on. */
  static resumed(
    { startedWallMs, lineStarts }: Counting,
    { counts, ledger, lastHour, tooRareMs, tooRareLastHour }: StoredSum,
  ): LiveCounts {
    const sum = new LiveCounts(startedWallMs);
    sum.#sameLinesWallMs = Math.max(startedWallMs, ...Object.values(lineStarts));
    sum.#steps = [...lastHour];
    sum.#tooRare = new TooRareSum(tooRareMs, tooRareLastHour);
    sum.#carried = { counts, ledger };
    for (const [line, wallMs] of Object.entries(lineStarts)) sum.#begun.set(line, wallMs);
    return sum;
  }

  get startedWallMs(): number {
    return this.#startedWallMs;
  }

  /** The lines that began later than the rest, and when. */
  get lineStarts(): Record<string, number> {
    return Object.fromEntries(this.#begun);
  }

  /** Between two runs: of `all` lines of the next one only these are the same, and these zones; others begin at zero. */
  keepOnly(
    lines: ReadonlySet<string>,
    zones: ReadonlySet<string>,
    all: Iterable<string>,
    wallMs: number,
  ): void {
    const { counts, ledger } = this.#carried;
    for (const line of new Set([...Object.keys(counts.lines), ...all])) {
      if (lines.has(line)) continue;
      this.#begun.set(line, wallMs);
      this.#sameLinesWallMs = wallMs;
    }
    this.#steps = this.#steps.filter(({ line }) => lines.has(line));
    const carried = { ...counts, lines: only(counts.lines, lines), zones: only(counts.zones, zones) };
    this.#carried = { counts: carried, ledger };
  }

  /** Takes what the run going on tells; returns the sum with the runs before it. */
  progressed(progress: RunProgress, wallMs: number): RunProgress {
    this.#note(this.#current?.counts ?? noCounts, progress.counts, wallMs);
    this.#current = progress;
    this.#tooRare.told(progress.tooRareMs ?? 0, wallMs);
    return this.total(progress);
  }

  /** `shown` with the counts as they are now: those of the runs that are over, and of the one going on. */
  total(shown: RunProgress): RunProgress {
    const counts = this.#current?.counts ?? noCounts;
    const ledger = this.#current?.ledger ?? noLedger;
    return {
      ...shown,
      counts: sumCounts(this.#carried.counts, counts),
      ledger: sumLedgers(this.#carried.ledger, ledger),
      tooRareMs: this.#tooRare.totalMs,
    };
  }

  /** The run is over; its last word is carried into what comes. Returns the sum, or null when nothing was told. */
  runOver(last: RunProgress | null, wallMs: number): RunProgress | null {
    if (last !== null) this.progressed(last, wallMs);
    const current = this.#current;
    if (current === null) return null;
    this.#carried = {
      counts: emptied(sumCounts(this.#carried.counts, current.counts)),
      ledger: sumLedgers(this.#carried.ledger, closedLedger(current.ledger)),
    };
    this.#current = null;
    this.#tooRare.runOver();
    const { counts, ledger } = this.#carried;
    return { ...current, counts, ledger, fps: 0, tooRareMs: this.#tooRare.totalMs };
  }

  /**
   * Lines of the runs that are over as the database holds them: a detection that died may have counted more than it
   * stored, or stored more than it told.
   */
  recount(stored: readonly CorrectedCount[]): void {
    const { counts, ledger } = this.#carried;
    const none: LineCount['forward'] = { total: 0, byClass: {} };
    const names = new Set([...Object.keys(counts.lines), ...stored.map((row) => row.line)]);
    const lines: RunCounts['lines'] = {};
    for (const name of names) lines[name] = { forward: none, backward: none };
    for (const { line, direction, label, machine: count } of stored) {
      const before = lines[line] ?? { forward: none, backward: none };
      const { total, byClass } = before[direction];
      const more = { total: total + count, byClass: { ...byClass, [label]: (byClass[label] ?? 0) + count } };
      lines[line] = { ...before, [direction]: more };
    }
    this.#carried = { counts: { ...counts, lines }, ledger };
  }

  /** Counts of the last minutes, each with how much of them had no true picture. */
  intervals(gaps: GapBook, nowWallMs: number): Interval[] {
    this.#steps = this.#steps.filter((step) => step.wallMs > nowWallMs - KEPT_MS);
    return INTERVAL_MINUTES.map((minutes) => {
      const fromMs = Math.max(nowWallMs - minutes * MINUTE_MS, this.#sameLinesWallMs);
      const lines: Interval['lines'] = {};
      for (const step of this.#steps) {
        if (step.wallMs <= fromMs) continue;
        const line = lines[step.line] ?? { forward: 0, backward: 0 };
        lines[step.line] = { ...line, [step.direction]: line[step.direction] + step.count };
      }
      return {
        minutes,
        coveredMs: Math.max(0, nowWallMs - fromMs),
        gapMs: gaps.missingMs(fromMs, nowWallMs),
        tooRareMs: this.#tooRare.within(fromMs, nowWallMs),
        lines,
        changes: [],
      };
    });
  }

  #note(before: RunCounts, now: RunCounts, wallMs: number): void {
    for (const [line, count] of Object.entries(now.lines)) {
      for (const direction of ['forward', 'backward'] as const) {
        const more = count[direction].total - (before.lines[line]?.[direction].total ?? 0);
        if (more > 0) this.#steps.push({ wallMs, line, direction, count: more });
      }
    }
  }
}

function only<T>(all: Readonly<Record<string, T>>, kept: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => kept.has(name)));
}
