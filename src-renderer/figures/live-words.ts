import type { GapCause } from '#shared/domain/gap.ts';
import type { Fault, SourceView, ViewGap } from '#shared/domain/source.ts';
import { durationWords, rateWords } from './words.ts';

/** Why there was no true picture, for tooltips and lists. */
export const gapWords: Readonly<Record<GapCause, string>> = {
  connecting: 'Connecting',
  lost: 'No connection',
  stalled: 'No pictures came',
  black: 'Black picture',
  frozen: 'Frozen picture',
  'auth-failed': 'Login refused',
  'not-trusted': 'Certificate not trusted',
  'not-found': 'Not found',
  refused: 'The camera refused',
  faulted: 'A fault on this computer',
  'size-changed': 'Picture size changed',
  'codec-changed': 'Coding changed',
  'too-fast': 'Too many pictures: a loop or a replay',
  'capture-restart': 'Video reading was started again',
  'detection-restart': 'Detection was started again',
  'store-away': 'The database took no rows',
  suspended: 'The computer slept',
  'ivis-restart': 'ivis did not run',
  'clock-jump': 'The clock was set',
};

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Time of day of this computer, 14:03:09. */
export function clockWords(wallMs: number): string {
  return CLOCK.format(wallMs);
}

/** A short length of time: 4 s, 2 min 5 s, 1 h 3 min. */
export function lengthWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A hole with its cause and its times. */
export function gapLine(gap: ViewGap, nowWallMs: number): string {
  const length = lengthWords((gap.toWallMs ?? nowWallMs) - gap.fromWallMs);
  const to = gap.toWallMs === null ? 'now' : clockWords(gap.toWallMs);
  return `${gapWords[gap.cause]}: ${clockWords(gap.fromWallMs)} – ${to} (${length})`;
}

/** When the next try is due: "in 4 s", "now"; null when none is. */
export function nextTryWords(source: SourceView, nowWallMs: number): string | null {
  const next = source.live?.status.nextTryWallMs ?? null;
  if (next === null) return null;
  const seconds = Math.ceil((next - nowWallMs) / 1000);
  return seconds <= 0 ? 'Trying now' : `Next try in ${lengthWords(seconds * 1000)}`;
}

export interface LiveRates {
  /** Pictures per second as they come; null before any came. */
  readonly cameraFps: number | null;
  /** Pictures per second that are looked at. */
  readonly lookedFps: number | null;
  readonly wantedFps: number | null;
  /** Fewer are looked at than are wanted and come: this computer is not fast enough. */
  readonly limited: boolean;
}

/** The camera is well, and nobody looks at its pictures. */
export const pausesCounting = (fault: Fault | null): boolean =>
  fault?.kind === 'store-away' || fault?.kind === 'detection-away';

/** A rate that lies within this share of the wanted one is the wanted one. */
const CLOSE = 0.85;

/** How often a live source sends and is looked at. */
export function liveRates(source: SourceView): LiveRates {
  const living = source.state === 'LIVE';
  const camera = living ? (source.live?.status.fps ?? 0) : 0;
  const looked = living && !pausesCounting(source.fault) ? (source.progress?.fps ?? null) : null;
  const wantedFps = source.settings.rate?.targetFps ?? null;
  const told = living ? (source.progress?.rate ?? null) : null;
  const possible = Math.min(wantedFps ?? camera, camera);
  const short = looked !== null && possible > 0 && looked < possible * CLOSE;
  return {
    cameraFps: camera > 0 ? camera : null,
    lookedFps: looked,
    wantedFps,
    // Detection knows best; it tells nothing before it has measured.
    limited: looked !== null && (told === null ? short : told.limitedBy === 'load'),
  };
}

/** One line about the rates of a live source; empty while it has none. */
export function ratesLine(source: SourceView): string {
  const { cameraFps, lookedFps, limited } = liveRates(source);
  if (cameraFps === null) return '';
  const looked = lookedFps === null ? '' : ` · ${rateWords(lookedFps)}/s looked at`;
  return `${rateWords(cameraFps)}/s from the camera${looked}${limited ? ' (limited by load)' : ''}`;
}

/** Since when it has been in its state, "since 14:03:09 (2 min)". */
export function sinceWords(wallMs: number, nowWallMs: number): string {
  return `since ${clockWords(wallMs)} (${lengthWords(nowWallMs - wallMs)})`;
}

/** How far back a column of counts reaches when it is not whole: "last 2:10". */
export function coverWords(coveredMs: number): string {
  return `last ${durationWords(coveredMs)}`;
}
