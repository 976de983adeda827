import { bothNumbers, type CountChange, changesAt } from '#shared/domain/count-change.ts';
import type { Direction, LineCount } from '#shared/domain/line.ts';
import type { RunCounts } from '#shared/domain/run.ts';
import { type SourceView, shownRuns } from '#shared/domain/source.ts';

/** A count as the machine made it and as people corrected it: the same where nobody said anything. */
interface BothCounts {
  readonly machine: number;
  readonly corrected: number;
  readonly byClass: Readonly<Record<string, { readonly machine: number; readonly corrected: number }>>;
}

/** summary.json of what the window shows of a source: the numbers of its cards, over all runs they add up. */
export interface ShownSummary {
  readonly source: string;
  readonly title: string;
  readonly state: SourceView['state'];
  readonly runs: readonly number[];
  readonly lines: Readonly<Record<string, Readonly<Record<Direction, BothCounts>>>>;
  readonly zones: RunCounts['zones'];
  readonly movements?: NonNullable<RunCounts['movements']>;
  readonly tracks: RunCounts['tracks'];
  /** How long looks came too rarely for what moved, so that counts of that time may be too low. */
  readonly tooRareMs: number;
  readonly frames: NonNullable<SourceView['progress']>['ledger'] | null;
}

/** `view`: with what people said about its counts. */
export function shownSummary(view: SourceView): ShownSummary {
  const { path, title, state, progress, changes, settings } = view;
  const counts = progress?.counts;
  const names = new Set([
    ...settings.lines.map(({ name }) => name),
    ...Object.keys(counts?.lines ?? {}),
    ...changes.map(({ line }) => line),
  ]);
  const lines = [...names].map((line) => {
    const count = counts?.lines[line];
    const both = (direction: Direction): BothCounts =>
      bothCounts(count?.[direction], changesAt(changes, { line, direction }));
    return [line, { forward: both('forward'), backward: both('backward') }] as const;
  });
  return {
    source: path,
    title,
    state,
    runs: shownRuns(view),
    lines: Object.fromEntries(lines),
    zones: counts?.zones ?? {},
    ...(counts?.movements === undefined ? {} : { movements: counts.movements }),
    tracks: counts?.tracks ?? { total: 0, byClass: {} },
    tooRareMs: Math.round(progress?.tooRareMs ?? 0),
    frames: progress?.ledger ?? null,
  };
}

function bothCounts(count: LineCount['forward'] | undefined, changes: readonly CountChange[]): BothCounts {
  const both = (machine: number, label?: string): { machine: number; corrected: number } => ({
    machine,
    corrected: bothNumbers(machine, changes, label === undefined ? {} : { label }).corrected ?? machine,
  });
  const labels = new Set([...Object.keys(count?.byClass ?? {}), ...changes.map(({ label }) => label)]);
  const byClass = [...labels]
    .sort()
    .map((label) => [label, both(count?.byClass[label] ?? 0, label)] as const);
  return { ...both(count?.total ?? 0), byClass: Object.fromEntries(byClass) };
}
