import { type ReactElement, useEffect, useState } from 'react';
import { ask, inquire } from '../../bridge.ts';
import { Button } from '../../ui/button.tsx';

interface CrossingMomentProps {
  readonly sourceId: string;
  /** UTC of the crossing. */
  readonly wallMs: number;
  /** What a protected time is called. */
  readonly why: string;
}

const BEFORE_S = 5;
const AFTER_S = 5;
/** A crossing within so much of a picture's end is in it. */
const NEAR_MS = 500;
/** Pictures of so short a time ago may still be on their way to the disk. */
const FRESH_MS = 5000;
const AGAIN_MS = 1000;

/** The recorded moment of a crossing: its clip, and that it must not be deleted. Nothing to press where none is kept. */
export function CrossingMoment({ sourceId, wallMs, why }: CrossingMomentProps): ReactElement | null {
  const [recorded, setRecorded] = useState<boolean | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let gone = false;
    const range = { sourceId, fromWallMs: wallMs - NEAR_MS, toWallMs: wallMs + NEAR_MS };
    const look = async (): Promise<void> => {
      const found = await inquire('recording.get', range).catch(() => ({ recorded: false }));
      if (gone) return;
      if (!found.recorded && Date.now() - wallMs < FRESH_MS) timer = setTimeout(() => void look(), AGAIN_MS);
      else setRecorded(found.recorded);
    };
    setRecorded(null);
    void look();
    return () => {
      gone = true;
      if (timer !== null) clearTimeout(timer);
    };
  }, [sourceId, wallMs]);
  if (recorded === null) return null;
  if (!recorded) {
    return (
      <p className="crossing-moment-none" data-testid="moment-not-recorded">
        No recording of this moment is kept.
      </p>
    );
  }
  const moment = { sourceId, momentWallMs: wallMs, beforeS: BEFORE_S, afterS: AFTER_S };
  const save = async (): Promise<void> => {
    setBusy(true);
    await ask('clip.save', { ...moment, exact: false }, 'Clip saved');
    setBusy(false);
  };
  return (
    <div className="crossing-moment">
      <Button
        icon="save"
        disabled={busy}
        data-testid="crossing-clip"
        title={`The recording from ${BEFORE_S} s before the crossing to ${AFTER_S} s after it`}
        onClick={() => void save()}
      >
        {busy ? 'Saving…' : 'Save its clip…'}
      </Button>
      <Button
        icon="lock"
        data-testid="crossing-protect"
        title="What is recorded of this moment is not deleted until you take that back"
        onClick={() => void ask('recording.protect', { ...moment, why }, 'Protected')}
      >
        Protect
      </Button>
    </div>
  );
}
