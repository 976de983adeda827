import type { Severity } from '#shared/domain/health.ts';
import type { RecorderStatus, RecordingDiskView } from '#shared/domain/recording.ts';
import type { Finding, HealthFacts } from './facts.ts';

interface Judged {
  readonly severity: Severity;
  readonly cause: string;
  readonly whatToDo: string;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const size = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
const well = (cause: string): Judged => ({ severity: 'ok', cause, whatToDo: '' });

function judgeDisk({
  level,
  usedShare,
  shares,
  recordedBytes,
  folder,
  problem,
  deleted,
}: RecordingDiskView): Judged {
  const free = `Free some space on the disk with ${folder}, keep less, or choose a folder on another disk.`;
  const deletedWords = deleted === 0 ? '' : `; ${deleted} deleted since ivis was started`;
  if (problem !== '') return { severity: 'critical', cause: problem, whatToDo: free };
  switch (level) {
    case null:
      return well('is being looked at');
    case 'ok':
      return well(
        `${size(recordedBytes)} in finished recordings, disk ${percent(usedShare)} full${deletedWords}`,
      );
    case 'warn': {
      const soon = `at ${percent(shares.actShare)} the oldest recordings are deleted`;
      return {
        severity: 'warn',
        cause: `disk filling: ${percent(usedShare)} full, ${soon}${deletedWords}`,
        whatToDo: `${free} Protect what must not go.`,
      };
    }
    case 'act':
      return {
        severity: 'warn',
        cause: `disk filling: ${percent(usedShare)} full, the oldest recordings are being deleted${deletedWords}`,
        whatToDo: `${free} Protect what must not go.`,
      };
  }
}

const REFUSED: Readonly<
  Record<Exclude<RecorderStatus['state'], 'off' | 'recording'>, readonly [string, string]>
> = {
  refused: [
    'is not recorded: its stream cannot be kept',
    'Choose another coding in the settings of the camera (H.264 or H.265), or switch its recording off.',
  ],
  'disk-full': ['is not recorded: the disk is full', 'Free some space, or choose a folder on another disk.'],
  'disk-failed': [
    'is not recorded: the disk cannot be written',
    'Check that the folder of the recordings is there and can be written, or choose another one.',
  ],
  'disk-slow': [
    'is not recorded: the disk is too slow',
    'Choose a folder on a faster disk, or record fewer cameras.',
  ],
};

/** The disk of the recordings once there is anything to it, and every source whose recording is not written. */
export function assessRecording({ recording, sources }: HealthFacts): Finding[] {
  const { disk } = recording;
  const wanted = Object.entries(recording.sources).filter(([, { settings }]) => settings.record);
  if (wanted.length === 0 && disk.recordedBytes === 0) return [];
  const head = { kind: 'recording' as const, vital: false };
  const failed = wanted.flatMap(([sourceId, { status }]): Finding[] => {
    if (status.state === 'off' || status.state === 'recording') return [];
    const title = sources.find((source) => source.sourceId === sourceId)?.title ?? sourceId;
    const [words, whatToDo] = REFUSED[status.state];
    const cause = status.message === '' ? words : `${words} (${status.message})`;
    const id = `recording:${sourceId}`;
    return [{ ...head, id, title: `Recording of ${title}`, severity: 'critical', cause, whatToDo, sourceId }];
  });
  return [{ ...head, id: 'recording', title: 'Recordings', sourceId: null, ...judgeDisk(disk) }, ...failed];
}
