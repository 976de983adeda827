import type { ReactElement } from 'react';
import type { RecordingSettings } from '#shared/domain/recording.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { ask } from '../../bridge.ts';
import { canRecord, diskWords, recorderWords } from '../../figures/recording-words.ts';
import { useAppState } from '../../stores/app-state-store.ts';
import { ClipForm } from './clip-form.tsx';
import { NumberField } from './number-field.tsx';
import './recording.css';

/** What is kept of a live source's stream, how that gets on, and a clip out of it. */
export function RecordingSection({ source }: { readonly source: SourceView }): ReactElement | null {
  const recording = useAppState((store) => store.state?.recording);
  const own = recording?.sources[source.sourceId];
  if (recording === undefined || own === undefined || !canRecord(source)) return null;
  const { settings, status } = own;
  const change = (part: Partial<RecordingSettings>): void => {
    void ask('recording.configure', { sourceId: source.sourceId, settings: { ...settings, ...part } });
  };
  const { words, bad } = recorderWords(settings, status);
  const disk = diskWords(recording.disk);
  return (
    <section className="section recording" aria-label="Recording">
      <div className="section-head">
        <h2 className="heading">Recording</h2>
        <label className="recording-switch">
          <input
            type="checkbox"
            data-testid="record-switch"
            checked={settings.record}
            onChange={(event) => change({ record: event.target.checked })}
          />
          Record
        </label>
      </div>
      <p className="recording-status number" data-bad={bad} role="status" data-testid="recording-status">
        {words}
      </p>
      {disk === '' ? null : (
        <p className="recording-status" data-bad="true">
          {disk}
        </p>
      )}
      <div className="recording-fields">
        <NumberField
          label="Keep"
          unit="days"
          value={settings.keepDays}
          least={1}
          most={3650}
          onChange={(keepDays) => change({ keepDays })}
        />
        <NumberField
          label="At most"
          unit="GB"
          value={settings.keepGb}
          least={1}
          most={1_000_000}
          onChange={(keepGb) => change({ keepGb })}
        />
        <NumberField
          label="Hold in memory"
          unit="s"
          value={settings.preRollS}
          least={0}
          most={120}
          onChange={(preRollS) => change({ preRollS: preRollS ?? 0 })}
        />
      </div>
      <ClipForm source={source} />
    </section>
  );
}
