import type { Round } from './round.ts';

/** The middle of some numbers; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const above = sorted[middle];
  if (above === undefined) return null;
  return sorted.length % 2 === 1 ? above : ((sorted[middle - 1] ?? above) + above) / 2;
}

const seconds = (ms: number | null): string => (ms === null ? '-' : (ms / 1000).toFixed(2));

/** A line for each kind of fault: how often, how often the run was interrupted, how long until it went on. */
export function faultTable(rounds: readonly Round[]): string {
  const byKind = new Map<string, (number | null)[]>();
  for (const { faults } of rounds) {
    for (const { victim, act, recoveredMs } of faults) {
      const kind = `${victim} ${act}`;
      byKind.set(kind, [...(byKind.get(kind) ?? []), recoveredMs]);
    }
  }
  const lines = [...byKind].sort().map(([kind, all]) => {
    const times = all.filter((ms) => ms !== null);
    const most = times.length === 0 ? null : Math.max(...times);
    return `  ${kind.padEnd(16)} ${String(all.length).padStart(5)} ${String(times.length).padStart(11)} ${seconds(median(times)).padStart(9)} ${seconds(most).padStart(9)}`;
  });
  const ended = rounds.flatMap(({ faults }) =>
    faults.flatMap(({ victim, act, recoveredMs }) =>
      victim !== 'main' && (act === 'kill' || act === 'segv') ? (recoveredMs ?? []) : [],
    ),
  );
  const every = rounds.flatMap(({ faults }) => faults.flatMap(({ recoveredMs }) => recoveredMs ?? []));
  return [
    '  fault            times interrupted  median s    most s',
    ...lines,
    `  median of all ${seconds(median(every))} s; of processes that were killed or crashed (kill, segv) ${seconds(median(ended))} s`,
    '  stop: a stopped process is found by its silence after 8 to 10 s, by design; main kill: a new start of the program',
  ].join('\n');
}
