import { type ReactElement, useEffect, useState } from 'react';
import type { RecordingSettings } from '#shared/domain/recording.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { ask } from '../../bridge.ts';
import { diskWords, isRecordedKind, recorderWords, unrecordable } from '../../figures/recording-words.ts';
import { useAppState } from '../../stores/app-state-store.ts';
import { usePage } from '../../stores/page-store.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MomentForm } from './moment-form.tsx';
import { NumberField } from './number-field.tsx';
import { ProtectedList } from './protected-list.tsx';
import './recording.css';

interface RecordSwitchProps {
  readonly record: boolean;
  readonly onChange: (record: boolean) => Promise<boolean>;
}

/** Shows what was pressed at once; main's word replaces it when it comes. */
function RecordSwitch({ record, onChange }: RecordSwitchProps): ReactElement {
  const [pressed, setPressed] = useState<boolean | null>(null);
  // What main said before it knew of the last press is old.
  useEffect(() => setPressed((now) => (now === record ? null : now)), [record]);
  const press = async (wanted: boolean): Promise<void> => {
    setPressed(wanted);
    if (!(await onChange(wanted))) setPressed(null);
  };
  return (
    <label className="recording-check">
      <input
        type="checkbox"
        data-testid="record-switch"
        checked={pressed ?? record}
        onChange={(event) => void press(event.target.checked)}
      />
      Record
    </label>
  );
}

/** What is kept of a live source's stream, how that gets on, a clip out of it, and what must not be deleted. */
export function RecordingSection({ source }: { readonly source: SourceView }): ReactElement | null {
  const recording = useAppState((store) => store.state?.recording);
  const show = usePage((store) => store.show);
  const { sourceId } = source;
  const own = recording?.sources[sourceId];
  if (recording === undefined || own === undefined || !isRecordedKind(source)) return null;
  const cannot = unrecordable(source);
  if (cannot !== null) {
    return (
      <section className="section recording" aria-label="Recording">
        <h2 className="heading">Recording</h2>
        <p className="recording-note" data-testid="cannot-record">
          {cannot}
        </p>
      </section>
    );
  }
  const { settings, status } = own;
  const change = (part: Partial<RecordingSettings>): Promise<boolean> =>
    ask('recording.configure', { sourceId, settings: { ...settings, ...part } });
  const { words, tone } = recorderWords(settings, status);
  // A folder that cannot be written is said by the status already.
  const disk = status.state === 'disk-failed' ? '' : diskWords(recording.disk);
  const ranges = recording.ranges.filter((range) => range.sourceId === null || range.sourceId === sourceId);
  return (
    <section className="section recording" aria-label="Recording">
      <div className="section-head recording-head">
        <h2 className="heading">Recording</h2>
        <RecordSwitch record={settings.record} onChange={(record) => change({ record })} />
      </div>
      <p className="recording-status" data-tone={tone} role="status" data-testid="recording-status">
        <span className="dot" data-tone={tone} />
        <span className="number">{words}</span>
      </p>
      {disk === '' || !settings.record ? null : (
        <div
          className="recording-disk"
          data-tone={recording.disk.problem === '' ? 'warn' : 'bad'}
          role="alert"
        >
          <Icon name="warn" size={14} />
          <p data-testid="recording-disk">{disk}</p>
        </div>
      )}
      <div className="recording-fields">
        {settings.record ? (
          <>
            <NumberField
              label="Keep for"
              unit="days"
              value={settings.keepDays}
              least={1}
              most={3650}
              none="no limit"
              testId="keep-days"
              onChange={(keepDays) => void change({ keepDays })}
            />
            <NumberField
              label="At most"
              unit="GB"
              value={settings.keepGb}
              least={1}
              most={1_000_000}
              none="no limit"
              testId="keep-gb"
              onChange={(keepGb) => void change({ keepGb })}
            />
          </>
        ) : (
          <NumberField
            label="Hold the last"
            unit="s in memory, for clips"
            value={settings.preRollS}
            least={0}
            most={120}
            testId="pre-roll"
            onChange={(preRollS) => void change({ preRollS: preRollS ?? 0 })}
          />
        )}
      </div>
      {settings.record || settings.preRollS > 0 ? (
        <MomentForm source={source} recorded={settings.record} />
      ) : (
        <p className="recording-note">Record, or hold some seconds in memory, to save clips.</p>
      )}
      {settings.record || ranges.length > 0 ? <ProtectedList ranges={ranges} /> : null}
      {settings.record ? (
        <Button look="bare" size="small" icon="folder" onClick={() => show('health')}>
          Folder and disk limits
        </Button>
      ) : null}
    </section>
  );
}
