import type { ProcessState } from '#shared/domain/process-state.ts';
import { decideRestart, eased } from './restart-policy.ts';
import type { WorkerSpec } from './worker-specs.ts';

/** Everything known of one worker's life. Times are monotonic milliseconds. */
export interface WorkerLife {
  readonly state: ProcessState;
  readonly sinceMs: number;
  readonly lastBeatMs: number;
  readonly lastProgress: number;
  readonly lastProgressMs: number;
  readonly busy: boolean;
  /** Since when it does well without a break: it idles, or its work makes progress. Counts while it runs. */
  readonly wellSinceMs: number;
  /** Unasked ends that are not forgotten: all since it last did well for the time its restart policy names. */
  readonly ends: number;
  readonly restarts: number;
  /** When a backing-off or failed worker is started again; null when it is not. */
  readonly nextStartMs: number | null;
  readonly lastError: string | null;
  /** Why a draining worker is started again when it has ended; null: it is to stay away. */
  readonly again: string | null;
}

export type WorkerEvent =
  | { readonly type: 'startAsked' }
  | { readonly type: 'becameReady' }
  | { readonly type: 'beat'; readonly progress: number; readonly busy: boolean }
  | { readonly type: 'errorTold'; readonly message: string }
  | { readonly type: 'ticked' }
  /** The supervisor itself stood still for so long: the computer slept, or all of ivis was stopped. */
  | { readonly type: 'heldUp'; readonly ms: number }
  | { readonly type: 'stopAsked' }
  /** It has to begin anew, in order: what is in hand is finished first. */
  | { readonly type: 'restartAsked'; readonly cause: string }
  | { readonly type: 'ended'; readonly cause: string };

export type WorkerEffect = 'spawn' | 'drain' | 'terminate' | 'kill';

export interface Step {
  readonly life: WorkerLife;
  readonly effects: readonly WorkerEffect[];
}

type Rule = (life: WorkerLife, event: WorkerEvent, nowMs: number, spec: WorkerSpec) => Step;
type Row = Partial<Record<WorkerEvent['type'], Rule>>;

/** Work that stood still for longer is no continuous progress, even where more is allowed, as while a model is loaded. */
const BREAK_MS = 10_000;

export const unborn: WorkerLife = {
  state: 'stopped',
  sinceMs: 0,
  lastBeatMs: 0,
  lastProgress: 0,
  lastProgressMs: 0,
  busy: false,
  wellSinceMs: 0,
  ends: 0,
  restarts: 0,
  nextStartMs: null,
  lastError: null,
  again: null,
};

const stay = (life: WorkerLife): Step => ({ life, effects: [] });
const go = (life: WorkerLife, state: ProcessState, nowMs: number, ...effects: WorkerEffect[]): Step => ({
  life: { ...life, state, sinceMs: nowMs },
  effects,
});

const spawn: Rule = (life, _event, nowMs) =>
  go(
    { ...life, nextStartMs: null, lastBeatMs: nowMs, lastProgressMs: nowMs, lastProgress: 0, busy: false },
    'starting',
    nowMs,
    'spawn',
  );

const noteError: Rule = (life, event) =>
  stay(event.type === 'errorTold' ? { ...life, lastError: event.message } : life);

const noteBeat: Rule = (life, event, nowMs) => {
  if (event.type !== 'beat') return stay(life);
  const moved = event.progress !== life.lastProgress || !event.busy || !life.busy;
  return stay({
    ...life,
    lastBeatMs: nowMs,
    busy: event.busy,
    lastProgress: event.progress,
    lastProgressMs: moved ? nowMs : life.lastProgressMs,
    wellSinceMs: moved && nowMs - life.lastProgressMs > BREAK_MS ? nowMs : life.wellSinceMs,
  });
};

/** A beat of a process that runs: what it did wrong before is forgotten when it has done well for long enough. */
const noteBeatOfRunning: Rule = (before, event, nowMs, spec) => {
  const { life } = noteBeat(before, event, nowMs, spec);
  const wellMs = life.lastProgressMs - life.wellSinceMs;
  return stay(wellMs < (spec.restart?.forgetMs ?? Infinity) ? life : { ...life, ends: 0 });
};

/** Signs of life may have come meanwhile and wait to be read: nobody is ended for the supervisor's own absence. */
const forgive: Rule = (life, event) => {
  const ms = event.type === 'heldUp' ? event.ms : 0;
  const { sinceMs, lastBeatMs, lastProgressMs, wellSinceMs } = life;
  return stay({
    ...life,
    sinceMs: sinceMs + ms,
    lastBeatMs: lastBeatMs + ms,
    lastProgressMs: lastProgressMs + ms,
    wellSinceMs: wellSinceMs + ms,
  });
};

const endUnasked: Rule = (life, event, nowMs, spec) => {
  const cause = event.type === 'ended' ? event.cause : 'ended';
  const ends = life.ends + 1;
  const fallen: WorkerLife = { ...life, ends, lastError: life.lastError ?? cause, busy: false };
  const decision = decideRestart(spec.restart, ends);
  if (decision.kind === 'leave') return go({ ...fallen, nextStartMs: null }, 'failed', nowMs);
  if (decision.kind === 'give-up')
    return go({ ...fallen, nextStartMs: nowMs + decision.probeMs }, 'failed', nowMs);
  // Work that stood still at last does not count.
  const wellMs = life.state === 'running' ? life.lastProgressMs - life.wellSinceMs : 0;
  return go({ ...fallen, nextStartMs: nowMs + eased(decision.delayMs, wellMs) }, 'backing-off', nowMs);
};

const startWhenDue: Rule = (life, event, nowMs, spec) => {
  if (life.nextStartMs === null || nowMs < life.nextStartMs) return stay(life);
  return spawn({ ...life, restarts: life.restarts + 1 }, event, nowMs, spec);
};

const stopNow: Rule = (life, _event, nowMs) =>
  go({ ...life, nextStartMs: null, again: null }, 'stopped', nowMs);

const drainToRestart: Rule = (life, event, nowMs) =>
  event.type === 'restartAsked'
    ? go({ ...life, again: event.cause }, 'draining', nowMs, 'drain')
    : stay(life);

/** A restart that was asked for is counted as the others are, so that one that comes again and again is slowed down. */
const endDrained: Rule = (life, event, nowMs, spec) =>
  life.again === null
    ? stopNow(life, event, nowMs, spec)
    : endUnasked({ ...life, lastError: life.again, again: null }, event, nowMs, spec);

/** Somebody changed something: what ended it before is no longer held against it. */
const spawnAfresh: Rule = (life, event, nowMs, spec) =>
  spawn({ ...life, ends: 0, restarts: life.restarts + 1 }, event, nowMs, spec);

/** State x event -> next life and effects; what is not in the table changes nothing. */
export const workerTable: Readonly<Record<ProcessState, Row>> = {
  stopped: { startAsked: spawn },
  starting: {
    becameReady: (life, _event, nowMs) =>
      go(
        { ...life, lastBeatMs: nowMs, lastProgressMs: nowMs, wellSinceMs: nowMs, lastError: null },
        'running',
        nowMs,
      ),
    beat: noteBeat,
    heldUp: forgive,
    errorTold: noteError,
    ticked: (life, _event, nowMs, spec) =>
      nowMs - life.sinceMs > spec.limits.startMs
        ? go(
            { ...life, lastError: `not ready within ${spec.limits.startMs} ms` },
            'unresponsive',
            nowMs,
            'kill',
          )
        : stay(life),
    ended: endUnasked,
    stopAsked: (life, _event, nowMs) => go(life, 'draining', nowMs, 'terminate'),
  },
  running: {
    beat: noteBeatOfRunning,
    heldUp: forgive,
    errorTold: noteError,
    ticked: (life, _event, nowMs, spec) => {
      if (nowMs - life.lastBeatMs > spec.limits.silenceMs) {
        return go(
          { ...life, lastError: `no sign of life for ${spec.limits.silenceMs} ms` },
          'unresponsive',
          nowMs,
          'kill',
        );
      }
      if (life.busy && nowMs - life.lastProgressMs > spec.limits.progressMs) {
        return go(
          { ...life, lastError: `no progress for ${spec.limits.progressMs} ms` },
          'unresponsive',
          nowMs,
          'kill',
        );
      }
      return stay(life);
    },
    ended: endUnasked,
    stopAsked: (life, _event, nowMs) => go(life, 'draining', nowMs, 'drain'),
    restartAsked: drainToRestart,
  },
  // Already being killed; KILL again in case the first one was lost while the process was stopped.
  unresponsive: {
    heldUp: forgive,
    ticked: (life, _event, nowMs, spec) =>
      nowMs - life.sinceMs > spec.limits.termMs ? go(life, 'unresponsive', nowMs, 'kill') : stay(life),
    ended: endUnasked,
    stopAsked: (life, _event, nowMs) => go(life, 'draining', nowMs, 'kill'),
  },
  draining: {
    heldUp: forgive,
    errorTold: noteError,
    ticked: (life, _event, nowMs, spec) => {
      const sinceMs = nowMs - life.sinceMs;
      if (sinceMs > spec.limits.drainMs + spec.limits.termMs) return { life, effects: ['kill'] };
      if (sinceMs > spec.limits.drainMs) return { life, effects: ['terminate'] };
      return stay(life);
    },
    ended: endDrained,
    stopAsked: (life) => stay({ ...life, again: null }),
  },
  'backing-off': { ticked: startWhenDue, stopAsked: stopNow, startAsked: spawn },
  failed: { ticked: startWhenDue, stopAsked: stopNow, startAsked: spawnAfresh },
};

/** One step of a worker's life: pure, the clock passed in. */
export function stepWorker(life: WorkerLife, event: WorkerEvent, nowMs: number, spec: WorkerSpec): Step {
  const rule = workerTable[life.state][event.type];
  return rule === undefined ? stay(life) : rule(life, event, nowMs, spec);
}
