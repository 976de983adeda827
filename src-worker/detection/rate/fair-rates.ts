/** What one source asks for. */
export interface RateDemand {
  /** Frames per second it would get on a machine without limits. */
  readonly wantedFps: number;
  /** Not fewer than this as long as the machine can. */
  readonly floorFps: number;
  /** 1 is served first. */
  readonly priority: number;
  /** What one of its frames costs, milliseconds. */
  readonly costMs: number;
}

interface Share {
  readonly demand: RateDemand;
  fps: number;
}

/**
 * Shares `budgetMs` of every second among the sources; returns frames per second for each, in their order.
 *
 * First the floors, from the first rank to the last, then what is wanted beyond them in the same order: under load
 * the rates of the last rank fall first, and never below their floors while the rank before has more than its own.
 * Within a rank all are raised to one common rate (max-min fairness by water-filling: Bertsekas and Gallager, Data
 * Networks, 6.5.2). The result changes steadily with costs and budget, so that nothing jumps to and fro.
 */
export function fairRates(demands: readonly RateDemand[], budgetMs: number): number[] {
  const shares = demands.map((demand): Share => ({ demand, fps: 0 }));
  const ranks = [...new Set(demands.map(({ priority }) => priority))].sort((a, b) => a - b);
  const ofRank = (rank: number): Share[] => shares.filter(({ demand }) => demand.priority === rank);
  let leftMs = budgetMs;
  for (const rank of ranks) {
    leftMs = raise(ofRank(rank), ({ wantedFps, floorFps }) => Math.min(wantedFps, floorFps), leftMs);
  }
  for (const rank of ranks) leftMs = raise(ofRank(rank), ({ wantedFps }) => wantedFps, leftMs);
  return shares.map(({ fps }) => fps);
}

/** Raises the lowest rates together until each has what `upTo` says or nothing is left; returns what is left. */
function raise(shares: readonly Share[], upTo: (demand: RateDemand) => number, leftMs: number): number {
  let left = leftMs;
  for (;;) {
    const open = shares.filter((share) => share.fps < upTo(share.demand));
    if (open.length === 0 || left <= 0) return Math.max(0, left);
    const level = Math.min(...open.map(({ fps }) => fps));
    const lowest = open.filter(({ fps }) => fps <= level);
    // To the next rate at which another joins or one of them has enough.
    const next = Math.min(
      ...lowest.map(({ demand }) => upTo(demand)),
      ...open.filter(({ fps }) => fps > level).map(({ fps }) => fps),
    );
    const costMs = lowest.reduce((sum, { demand }) => sum + demand.costMs, 0);
    const enough = costMs <= 0 || (next - level) * costMs <= left;
    const reached = enough ? next : level + left / costMs;
    for (const share of lowest) share.fps = reached;
    if (!enough) return 0;
    left -= (next - level) * costMs;
  }
}
