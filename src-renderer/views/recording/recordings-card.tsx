import type { ReactElement } from 'react';
import type { RecordingView } from '#shared/domain/recording.ts';
import type { SettingValue } from '#shared/domain/settings.ts';
import { ask, inquire } from '../../bridge.ts';
import { bytesWords, diskWords } from '../../figures/recording-words.ts';
import { Button } from '../../ui/button.tsx';
import { NumberField } from './number-field.tsx';
import './recording.css';
import './recordings-card.css';

const percent = (share: number): number => Math.round(share * 100);

/** Where recordings lie, how full their disk is, and what all cameras together may keep. */
export function RecordingsCard({ recording }: { readonly recording: RecordingView }): ReactElement {
  const { disk, limits } = recording;
  const { warnShare, actShare } = disk.shares;
  const change = (field: string, value: SettingValue): void =>
    void ask('settings.change', { changes: [{ field: `recording.${field}`, value }] });
  const pick = async (): Promise<void> => {
    const { path } = await inquire('path.pick', { what: 'folder' });
    if (path !== null) change('folder', path);
  };
  const words = diskWords(disk);
  const tone = disk.problem !== '' ? 'bad' : disk.level === 'ok' || disk.level === null ? 'good' : 'warn';
  return (
    <section className="health-card" aria-label="Recordings" data-testid="recordings-card">
      <h2 className="heading">Recordings</h2>
      <div className="recordings-folder">
        <bdi className="recordings-path selectable" title={disk.folder} data-testid="recordings-folder">
          {disk.folder}
        </bdi>
        <Button icon="folder" data-testid="pick-recordings" onClick={() => void pick()}>
          Change…
        </Button>
      </div>
      {disk.level === null ? null : (
        <>
          <div className="recordings-disk" data-tone={tone} aria-hidden="true">
            <span className="recordings-used" style={{ inlineSize: `${disk.usedShare * 100}%` }} />
            <span className="recordings-mark" style={{ insetInlineStart: `${warnShare * 100}%` }} />
            <span className="recordings-mark" style={{ insetInlineStart: `${actShare * 100}%` }} />
          </div>
          <p className="recordings-words number" data-testid="recordings-words">
            {bytesWords(disk.recordedBytes)} in finished recordings · disk {percent(disk.usedShare)} % full,{' '}
            {bytesWords(disk.freeBytes)} free
            {disk.deleted === 0 ? '' : ` · ${disk.deleted} deleted since the start`}
          </p>
        </>
      )}
      {words === '' ? null : (
        <p className={tone === 'bad' ? 'card-trouble' : 'recordings-warn'} role="alert">
          {words}
        </p>
      )}
      <div className="recordings-limits">
        <NumberField
          label="Warn at"
          unit="% of the disk"
          value={percent(warnShare)}
          least={1}
          most={98}
          testId="warn-percent"
          onChange={(value) => value !== null && change('diskPercent.warn', value)}
        />
        <NumberField
          label="Delete the oldest at"
          unit="%"
          value={percent(actShare)}
          least={2}
          most={99}
          testId="act-percent"
          onChange={(value) => value !== null && change('diskPercent.act', value)}
        />
      </div>
      <div className="recordings-limits">
        <NumberField
          label="All cameras: keep for"
          unit="days"
          value={limits.keepDays}
          least={1}
          most={3650}
          none="no limit"
          testId="all-days"
          onChange={(value) => change('keepDays', value)}
        />
        <NumberField
          label="at most"
          unit="GB"
          value={limits.keepGigabytes}
          least={1}
          most={1_000_000}
          none="no limit"
          testId="all-gb"
          onChange={(value) => change('keepGigabytes', value)}
        />
      </div>
      <p className="card-note">
        The limits of a camera hold beside these. After a change of the folder, what was recorded before stays
        in the old one, and ivis neither shows nor deletes it.
      </p>
    </section>
  );
}
