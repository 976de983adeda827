import { useCallback, useEffect, useRef, useState } from 'react';
import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { CorrectedCount, CountedCrossing, CrossingFilter } from '#shared/domain/correction.ts';
import type { countedOn } from '#shared/domain/source.ts';
import { inquire } from '../../bridge.ts';

const PAGE = 500;

export interface Crossings {
  readonly total: number;
  readonly rows: readonly CountedCrossing[];
  /** Of the whole runs together. */
  readonly counts: readonly CorrectedCount[];
}

export interface CrossingsAtHand {
  /** Null until the first answer. */
  readonly found: Crossings | null;
  readonly error: WireError | null;
  /** Reads all anew, as far as it was read. */
  readonly refresh: () => Promise<void>;
  /** Reads on behind the last row. */
  readonly more: () => void;
}

/** The crossings of some runs that the filter lets through, page by page. `version`: read anew when it changes. */
export function useCrossings(
  counted: ReturnType<typeof countedOn>,
  filter: CrossingFilter,
  version: number,
): CrossingsAtHand {
  // As text: the same runs are the same, whichever object tells them.
  const asked = JSON.stringify(counted);
  const [found, setFound] = useState<Crossings | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const wanted = useRef(PAGE);
  const turn = useRef(0);
  const { line, direction, label } = filter;

  const read = useCallback(async (): Promise<void> => {
    turn.current += 1;
    const own = turn.current;
    try {
      const rows: CountedCrossing[] = [];
      let answer: { total: number; counts: CorrectedCount[] } | null = null;
      do {
        const page = await inquire('crossings.list', {
          ...(JSON.parse(asked) as ReturnType<typeof countedOn>),
          filter: { line, direction, label },
          offset: rows.length,
          limit: PAGE,
        });
        answer = page;
        if (page.crossings.length === 0) break;
        rows.push(...page.crossings);
      } while (rows.length < Math.min(wanted.current, answer.total));
      if (own !== turn.current || answer === null) return;
      setFound({ total: answer.total, rows, counts: answer.counts });
      setError(null);
    } catch (thrown) {
      if (own === turn.current) setError(toWireError(thrown));
    }
  }, [asked, line, direction, label]);

  useEffect(() => {
    wanted.current = PAGE;
    setFound(null);
    void read();
  }, [read]);
  useEffect(() => {
    if (version > 0) void read();
  }, [read, version]);

  const more = useCallback((): void => {
    const rows = found?.rows.length ?? 0;
    if (found === null || rows >= found.total || wanted.current > rows) return;
    wanted.current = rows + PAGE;
    void read();
  }, [found, read]);
  return { found, error, refresh: read, more };
}
