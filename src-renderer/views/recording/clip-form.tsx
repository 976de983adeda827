import { type ReactElement, useState } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { ask } from '../../bridge.ts';
import { Button } from '../../ui/button.tsx';
import { NumberField } from './number-field.tsx';

const MOST_BEFORE_S = 1800;
const MOST_AFTER_S = 600;

/** Saves what was just seen, and a little of what comes. */
export function ClipForm({ source }: { readonly source: SourceView }): ReactElement {
  const [beforeS, setBefore] = useState(10);
  const [afterS, setAfter] = useState(5);
  const [exact, setExact] = useState(false);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    await ask(
      'clip.save',
      { sourceId: source.sourceId, momentWallMs: null, beforeS, afterS, exact },
      'Clip saved',
    );
    setBusy(false);
  };
  return (
    <div className="recording-fields">
      <NumberField
        label="Clip from"
        unit="s before"
        value={beforeS}
        least={1}
        most={MOST_BEFORE_S}
        onChange={(value) => setBefore(value ?? beforeS)}
      />
      <NumberField
        label="to"
        unit="s after now"
        value={afterS}
        least={0}
        most={MOST_AFTER_S}
        onChange={(value) => setAfter(value ?? 0)}
      />
      <label className="recording-switch" title="Begins and ends with the very picture; encoded anew">
        <input type="checkbox" checked={exact} onChange={(event) => setExact(event.target.checked)} />
        Exact
      </label>
      <Button disabled={busy} data-testid="save-clip" onClick={() => void save()}>
        {busy ? 'Saving…' : 'Save clip'}
      </Button>
    </div>
  );
}
