import { useCallback, useEffect, useRef, useState } from 'react';
import { toWireError } from '#shared/contracts/wire-error.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import type { Tally } from '#shared/domain/recount.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { ask, inquire } from '../../bridge.ts';
import { feedOf } from '../../live/feeds.ts';
import { useNotices } from '../../stores/notice-store.ts';
import type { TallyKey } from './tally-keys.ts';

export type RecountState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'beginning' }
  | {
      readonly kind: 'counting';
      readonly recountId: number;
      readonly runId: number;
      readonly fromPtsMs: number;
    }
  | { readonly kind: 'ended'; readonly recountId: number; readonly runId: number };

export interface RecountAtHand {
  readonly state: RecountState;
  readonly tallies: readonly Tally[];
  /** Media time of the picture on show, a few times a second; null until the first one to count on. */
  readonly seenMs: number | null;
  readonly begin: () => Promise<void>;
  readonly tally: (key: TallyKey) => void;
  readonly undo: () => void;
  readonly end: () => Promise<void>;
}

/** Media time of the picture on show; null while it is still one of the machine's run, for a file that is played. */
function shownPtsMs(source: SourceView, machineRunId: number | null): number | null {
  const picture = feedOf(source.sourceId).shown?.picture ?? null;
  if (source.input.kind === 'file' && picture?.payload.runId === machineRunId) return null;
  return picture?.ptsMs ?? null;
}

/** A count by a person as it goes on. Every press is with the store before the next; leaving ends the count. */
export function useRecount(source: SourceView): RecountAtHand {
  const { sourceId } = source;
  const [state, setState] = useState<RecountState>({ kind: 'ready' });
  const [tallies, setTallies] = useState<readonly Tally[]>([]);
  const [seenMs, setSeenMs] = useState<number | null>(null);
  const nextNumber = useRef(0);
  const lastPtsMs = useRef(0);
  const going = useRef<RecountState>(state);
  going.current = state;
  const shown = useRef(source);
  shown.current = source;
  const machineRunId = state.kind === 'counting' ? state.runId : null;

  const begin = useCallback(async (): Promise<void> => {
    setState({ kind: 'beginning' });
    const fromPtsMs = shown.current.input.kind === 'file' ? 0 : (shownPtsMs(shown.current, null) ?? 0);
    try {
      const begun = await inquire('recount.begin', { sourceId, fromPtsMs });
      lastPtsMs.current = fromPtsMs;
      setState({ kind: 'counting', ...begun, fromPtsMs });
    } catch (thrown) {
      const { kind, message } = toWireError(thrown);
      useNotices.getState().complain(toFault(kind, message));
      setState({ kind: 'ready' });
    }
  }, [sourceId]);

  const tally = useCallback(({ line, direction, label }: TallyKey): void => {
    const now = going.current;
    const ptsMs = now.kind === 'counting' ? shownPtsMs(shown.current, now.runId) : null;
    if (now.kind !== 'counting' || ptsMs === null) return;
    const made = { number: nextNumber.current++, line, direction, label, ptsMs };
    setTallies((before) => [...before, made]);
    void ask('tally.add', { recountId: now.recountId, tally: made });
  }, []);

  const undo = useCallback((): void => {
    const now = going.current;
    const last = tallies.at(-1);
    if (now.kind !== 'counting' || last === undefined) return;
    setTallies(tallies.slice(0, -1));
    void ask('tally.undo', { recountId: now.recountId, number: last.number });
  }, [tallies]);

  const end = useCallback(async (): Promise<void> => {
    const now = going.current;
    if (now.kind !== 'counting') return;
    const { recountId, runId } = now;
    const done = await ask('recount.end', { sourceId, recountId, toPtsMs: lastPtsMs.current });
    setState(done ? { kind: 'ended', recountId, runId } : { kind: 'ready' });
  }, [sourceId]);

  useEffect(() => {
    if (machineRunId === null) return;
    // How far the person has seen: what the machine counted after that is not held against them.
    const timer = setInterval(() => {
      const ptsMs = shownPtsMs(shown.current, machineRunId);
      setSeenMs(ptsMs);
      lastPtsMs.current = Math.max(lastPtsMs.current, ptsMs ?? 0);
    }, 100);
    return () => clearInterval(timer);
  }, [machineRunId]);

  useEffect(
    () => () => {
      const now = going.current;
      if (now.kind !== 'counting') return;
      void ask('recount.end', { sourceId, recountId: now.recountId, toPtsMs: lastPtsMs.current });
    },
    [sourceId],
  );
  return { state, tallies, seenMs, begin, tally, undo, end };
}
