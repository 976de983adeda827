import { useCallback, useEffect, useState } from 'react';
import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { ListedLoitering, ListedVisit } from '#shared/domain/stay.ts';
import { inquire } from '../../bridge.ts';

const PAGE = 100;

interface Stays {
  readonly 'visits.list': ListedVisit;
  readonly 'loiterings.list': ListedLoitering;
}

/** Stays as far as they were read, the newest first. */
export interface StayList<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly error: WireError | null;
  /** Reads on behind the last row. */
  readonly more: () => void;
}

async function readPage<K extends keyof Stays>(
  what: K,
  body: { runIds: number[]; zone: string; offset: number; limit: number },
): Promise<{ total: number; rows: Stays[K][] }> {
  if (what === 'visits.list') {
    const { total, visits } = await inquire('visits.list', body);
    return { total, rows: visits as Stays[K][] };
  }
  const { total, loiterings } = await inquire('loiterings.list', body);
  return { total, rows: loiterings as Stays[K][] };
}

/** Stays in a zone over some runs; read anew when `version` changes. */
export function useStays<K extends keyof Stays>(
  what: K,
  runIds: readonly number[],
  zone: string,
  version: number,
): StayList<Stays[K]> {
  const [rows, setRows] = useState<readonly Stays[K][]>([]);
  const [total, setTotal] = useState(0);
  const [error, setError] = useState<WireError | null>(null);
  const [wanted, setWanted] = useState(PAGE);
  const runs = runIds.join(',');
  useEffect(() => {
    if (runs === '' || version < 0) return;
    let over = false;
    const ids = runs.split(',').map(Number);
    const read = async (): Promise<void> => {
      const found: Stays[K][] = [];
      let all = 0;
      do {
        const page = await readPage(what, { runIds: ids, zone, offset: found.length, limit: PAGE });
        all = page.total;
        if (page.rows.length === 0) break;
        found.push(...page.rows);
      } while (found.length < Math.min(wanted, all));
      if (over) return;
      setRows(found);
      setTotal(all);
      setError(null);
    };
    read().catch((thrown: unknown) => {
      if (!over) setError(toWireError(thrown));
    });
    return () => {
      over = true;
    };
  }, [what, runs, zone, wanted, version]);
  const more = useCallback(() => setWanted((before) => before + PAGE), []);
  return { rows, total, error, more };
}
