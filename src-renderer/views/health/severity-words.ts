import type { HealthReport, Severity } from '#shared/domain/health.ts';
import type { StageName } from '#shared/domain/stage.ts';
import type { Tone } from '../../figures/health-words.ts';

export const severityTone: Readonly<Record<Severity, Tone>> = {
  ok: 'good',
  info: 'busy',
  stale: 'quiet',
  warn: 'warn',
  critical: 'bad',
};

export const severityWords: Readonly<Record<Severity, string>> = {
  ok: 'Well',
  info: 'Note',
  stale: 'Not known',
  warn: 'Needs attention',
  critical: 'Critical',
};

export const stageWords: Readonly<Record<StageName, { readonly name: string; readonly about: string }>> = {
  grab: { name: 'Grab', about: 'Pictures as the camera sends them. A file is grabbed and decoded in one.' },
  decode: {
    name: 'Decode',
    about: 'ffmpeg turns the stream into pictures and puts them into shared memory.',
  },
  read: { name: 'Read', about: 'Frames wait here until detection takes them.' },
  preprocess: {
    name: 'Prepare',
    about: 'The picture is cut, scaled and brought into the form the model takes.',
  },
  infer: { name: 'Infer', about: 'The model looks at the frame.' },
  track: { name: 'Track', about: 'Things are followed from frame to frame and counted.' },
  store: {
    name: 'Store',
    about: 'Rows are written to the database, in batches; a row counts once it is on the disk.',
  },
  paint: { name: 'Paint', about: 'Pictures drawn in this window.' },
};

const ALL_WELL = 'All is well';

/** The whole in one sentence. */
export function headlineOf(report: HealthReport): string {
  const ill = report.components.filter(
    ({ severity }) => severity === 'warn' || severity === 'critical',
  ).length;
  const unknown = report.components.filter(({ severity }) => severity === 'stale').length;
  if (report.overall === 'critical') return 'ivis cannot do its work';
  if (ill > 0) return ill === 1 ? 'One thing needs attention' : `${ill} things need attention`;
  if (unknown > 0) return unknown === 1 ? 'One part is silent' : `${unknown} parts are silent`;
  // A processor that a file keeps busy is a note too, but nothing to wait for; nor is a process begun for a short question.
  const starting = report.components.some(
    ({ severity, kind, sourceId }) =>
      severity === 'info' &&
      (kind === 'model' || kind === 'source' || (kind === 'worker' && sourceId === null)),
  );
  return starting ? 'Getting ready' : ALL_WELL;
}

/** A note about something that is meant to be so is no reason for another colour than that of "All is well". */
export function headlineTone(report: HealthReport): Tone {
  return headlineOf(report) === ALL_WELL ? 'good' : severityTone[report.overall];
}

/** After this without news nothing on the page can be taken for true. */
const STALE_MS = 5000;

/**
 * For how long nobody has judged how ivis is, from when that counts as not known; null while it is known. Main may be
 * silent (`silentMs`, by the clock of the page), or answer with what it judged long ago.
 */
export function staleSince(
  { judgedAgoMs }: Pick<HealthReport, 'judgedAgoMs'>,
  silentMs: number,
): number | null {
  const ageMs = judgedAgoMs + silentMs;
  return ageMs > STALE_MS ? ageMs : null;
}

/** Local time of day with seconds. */
export function clockWords(wallMs: number): string {
  const at = new Date(wallMs);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** How long something has been so: "for 12 s", "for 3 min", "for 2 h", "for 4 days". */
export function lastingWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `for ${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `for ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `for ${hours} h`;
  return `for ${Math.floor(hours / 24)} days`;
}
