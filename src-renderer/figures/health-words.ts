import type { AppState } from '#shared/domain/app-state.ts';
import type { ProcessState, ProcessView } from '#shared/domain/process-state.ts';
import type { SourceState, SourceView } from '#shared/domain/source.ts';
import { pausesCounting } from './live-words.ts';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

interface StateWords {
  readonly words: string;
  readonly tone: Tone;
}

/** States of a file. */
export const sourceStateWords: Readonly<Record<SourceState, StateWords>> = {
  READY: { words: 'Ready', tone: 'quiet' },
  QUEUED: { words: 'Waiting its turn', tone: 'quiet' },
  CONNECTING: { words: 'Opening', tone: 'busy' },
  LIVE: { words: 'Analysing', tone: 'good' },
  STALLED: { words: 'No pictures', tone: 'bad' },
  BLACK: { words: 'Black picture', tone: 'warn' },
  FROZEN: { words: 'Frozen picture', tone: 'warn' },
  AUTH_FAILED: { words: 'Login refused', tone: 'bad' },
  NOT_FOUND: { words: 'Not found', tone: 'bad' },
  RETRYING: { words: 'Starting again', tone: 'warn' },
  ENDED: { words: 'Finished', tone: 'quiet' },
  INCOMPLETE: { words: 'Incomplete', tone: 'warn' },
  FAULTED: { words: 'Failed', tone: 'bad' },
  STOPPED: { words: 'Stopped', tone: 'quiet' },
};

/** Where a live source is said to be in other words than a file. */
const liveStateWords: Readonly<Partial<Record<SourceState, StateWords>>> = {
  CONNECTING: { words: 'Connecting', tone: 'busy' },
  LIVE: { words: 'Live', tone: 'good' },
  RETRYING: { words: 'Trying again', tone: 'warn' },
  ENDED: { words: 'Ended', tone: 'quiet' },
};

export const processStateWords: Readonly<Record<ProcessState, { words: string; tone: Tone }>> = {
  starting: { words: 'starting', tone: 'busy' },
  running: { words: 'running', tone: 'good' },
  unresponsive: { words: 'not responding', tone: 'bad' },
  draining: { words: 'finishing', tone: 'busy' },
  'backing-off': { words: 'waiting to start again', tone: 'warn' },
  failed: { words: 'failed', tone: 'bad' },
  stopped: { words: 'stopped', tone: 'quiet' },
};

const PARTS: Readonly<Record<string, string>> = {
  main: 'The window',
  capture: 'Video reading',
  detection: 'Detection',
  store: 'The database',
};

/** The state of a source in a word; a source that is played is not analysed. */
export function sourceStateOf(source: SourceView): StateWords {
  if (source.live !== null && source.state === 'LIVE' && pausesCounting(source.fault))
    return { words: 'Counting paused', tone: 'bad' };
  if (source.live !== null) return liveStateWords[source.state] ?? sourceStateWords[source.state];
  const playing = source.state === 'LIVE' && source.settings.mode === 'play';
  return playing ? { words: 'Playing', tone: 'good' } : sourceStateWords[source.state];
}

/** The name of a process as a person would say it. */
export function partWords(process: ProcessView): string {
  return PARTS[process.name] ?? process.name;
}

/** The health of the whole in one sentence: the worst thing first. */
export function healthWords(state: AppState): { words: string; tone: Tone } {
  const fault = state.model.fault ?? state.store.fault;
  if (fault !== null) return { words: fault.title, tone: 'bad' };
  for (const tone of ['bad', 'warn'] as const) {
    const process = state.processes.find((candidate) => processStateWords[candidate.state].tone === tone);
    if (process !== undefined) {
      return { words: `${partWords(process)}: ${processStateWords[process.state].words}`, tone };
    }
  }
  const again = state.processes.find((process) => process.state === 'starting' && process.restarts > 0);
  if (again !== undefined) return { words: `${partWords(again)}: starting again`, tone: 'warn' };
  const troubled = state.sources.filter((source) => source.fault !== null).length;
  if (troubled > 0) {
    return {
      words: troubled === 1 ? 'One source has a problem' : `${troubled} sources have a problem`,
      tone: 'warn',
    };
  }
  const { health } = state;
  if (health !== undefined && (health.severity === 'warn' || health.severity === 'critical')) {
    return { words: health.words, tone: health.severity === 'warn' ? 'warn' : 'bad' };
  }
  // One for a source, or for a short question, is no part that everything waits for.
  const starting = state.processes.some(({ state, sourceId }) => state === 'starting' && sourceId === null);
  if (state.model.state === 'loading' || starting) return { words: 'Getting ready', tone: 'busy' };
  return { words: 'All parts are running', tone: 'good' };
}
