import { type ReactElement, useState } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { ask } from '../../bridge.ts';
import { Button } from '../../ui/button.tsx';
import { NumberField } from './number-field.tsx';

const MOST_BEFORE_S = 1800;
const MOST_AFTER_S = 600;

interface MomentFormProps {
  readonly source: SourceView;
  /** Only what is on disk can be protected. */
  readonly recorded: boolean;
}

/** What was just seen, and a little of what comes: to be saved as a clip, or kept from being deleted. */
export function MomentForm({ source, recorded }: MomentFormProps): ReactElement {
  const [beforeS, setBefore] = useState(10);
  const [afterS, setAfter] = useState(5);
  const [exact, setExact] = useState(false);
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const moment = { sourceId: source.sourceId, momentWallMs: null, beforeS, afterS };
  const save = async (): Promise<void> => {
    setBusy(true);
    await ask('clip.save', { ...moment, exact }, 'Clip saved');
    setBusy(false);
  };
  const protect = async (): Promise<void> => {
    if (await ask('recording.protect', { ...moment, why }, 'Protected')) setWhy('');
  };
  return (
    <fieldset className="moment">
      <legend>Around now</legend>
      <div className="moment-span">
        <NumberField
          label="From"
          unit="s before"
          value={beforeS}
          least={1}
          most={MOST_BEFORE_S}
          testId="moment-before"
          onChange={(value) => setBefore(value ?? beforeS)}
        />
        <NumberField
          label="to"
          unit="s after"
          value={afterS}
          least={0}
          most={MOST_AFTER_S}
          testId="moment-after"
          onChange={(value) => setAfter(value ?? 0)}
        />
      </div>
      <div className="moment-act">
        <Button icon="save" disabled={busy} data-testid="save-clip" onClick={() => void save()}>
          {busy ? 'Saving…' : 'Save clip…'}
        </Button>
        <label
          className="recording-check"
          title="Begins and ends with the very picture; the pictures are encoded anew. Otherwise they stay as the camera sent them, from the key frame before."
        >
          <input type="checkbox" checked={exact} onChange={(event) => setExact(event.target.checked)} />
          To the very picture
        </label>
      </div>
      {recorded ? (
        <div className="moment-act">
          <Button
            icon="lock"
            data-testid="protect-moment"
            title="What is recorded of this time is not deleted until you take that back"
            onClick={() => void protect()}
          >
            Protect
          </Button>
          <input
            className="text-input moment-why"
            aria-label="Why it is protected"
            placeholder="Why (optional)"
            maxLength={500}
            value={why}
            data-testid="protect-why"
            onChange={(event) => setWhy(event.target.value)}
            onKeyDown={(event) => {
              event.stopPropagation();
              if (event.key === 'Enter') void protect();
            }}
          />
        </div>
      ) : null}
    </fieldset>
  );
}
