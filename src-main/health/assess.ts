import { toFault } from '#shared/domain/fault-text.ts';
import { type HealthComponent, type Severity, type SystemAlarm, worseOf } from '#shared/domain/health.ts';
import type { ProcessState } from '#shared/domain/process-state.ts';
import { describeProblem } from '#shared/domain/settings.ts';
import { assessFiles } from './assess-files.ts';
import { assessMachine } from './assess-machine.ts';
import { assessMessages } from './assess-messages.ts';
import { assessPerception } from './assess-perception.ts';
import { assessRecording } from './assess-recording.ts';
import type { Finding, HealthFacts, SourceFacts, WorkerFacts } from './facts.ts';

/** A worker beats each second; after three missed ones nobody knows how it is. */
export const STALE_MS = 3500;
/** Frames that keep coming need no mention; after this without one, it is said. */
const QUIET_MS = 10_000;
/** A main process this late felt like a frozen window. */
const LATE_MS = 1000;
/** Half of what detection holds before it has to wait. */
const MANY_BATCHES = 8;

const NAMES: Readonly<Record<string, string>> = {
  capture: 'Video reading',
  detection: 'Detection process',
  store: 'Database process',
};
const WAITS = 'It is started again by itself. If this lasts, save the diagnostics and restart ivis.';

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
const rate = (perSecond: number): string => perSecond.toFixed(perSecond < 10 ? 1 : 0);

function assessMain({ mainLateMs }: HealthFacts): Finding {
  const late = mainLateMs > LATE_MS;
  return {
    id: 'main',
    kind: 'main',
    title: 'Main process',
    vital: true,
    severity: late ? 'warn' : 'ok',
    cause: late ? `stood still for ${(mainLateMs / 1000).toFixed(1)} s within the last minute` : 'running',
    whatToDo: late ? 'The computer may be overloaded or was asleep. Close other programs.' : '',
    sourceId: null,
  };
}

function assessWorker(worker: WorkerFacts, facts: HealthFacts): Finding {
  const { name, state, restarts, lastError, sourceId } = worker;
  const source = facts.sources.find((each) => each.sourceId === sourceId);
  const title = `${NAMES[name] ?? name}${source === undefined ? '' : ` of ${source.title}`}`;
  const head = {
    id: `worker:${name}${sourceId === null ? '' : `:${sourceId}`}`,
    kind: 'worker' as const,
    title,
    vital: sourceId === null,
    sourceId,
  };
  const because = lastError === null ? '' : `: ${lastError}`;
  const silentMs = facts.monoMs - worker.lastBeatMs;
  if (state === 'running' && silentMs > STALE_MS) {
    const cause = `has not been heard of for ${seconds(silentMs)}; how it is now is not known`;
    return {
      ...head,
      severity: 'stale',
      cause,
      whatToDo: 'Wait: a process that stays silent is ended and started again.',
    };
  }
  const times = restarts === 0 ? '' : `, started again ${restarts === 1 ? 'once' : `${restarts} times`}`;
  switch (state) {
    case 'running':
      return { ...head, severity: 'ok', cause: `running${times}`, whatToDo: '' };
    case 'stopped':
    case 'draining':
      return { ...head, severity: 'ok', cause: state === 'stopped' ? 'stopped' : 'finishing', whatToDo: '' };
    case 'starting':
      if (restarts === 0) return { ...head, severity: 'info', cause: 'starting', whatToDo: '' };
      return { ...head, severity: 'warn', cause: `starting again${because}`, whatToDo: WAITS };
    case 'backing-off':
      return { ...head, severity: 'warn', cause: `ended, waits to start again${because}`, whatToDo: WAITS };
    case 'unresponsive':
      return { ...head, severity: 'warn', cause: `does not respond${because}`, whatToDo: WAITS };
    case 'failed':
      // Of a source: it is not started again, its source begins another.
      if (sourceId !== null) return { ...head, severity: 'warn', cause: `ended${because}`, whatToDo: WAITS };
      return {
        ...head,
        severity: 'critical',
        cause: `keeps ending${because}`,
        whatToDo:
          'It is tried again once a minute. Save the diagnostics and report them; restart the computer if it stays.',
      };
  }
}

/** States in which a source cannot come back by waiting alone. */
const NEEDS_A_PERSON = new Set(['FAULTED', 'AUTH_FAILED', 'NOT_FOUND']);
const AT_REST: Readonly<Record<string, string>> = {
  READY: 'ready to start',
  QUEUED: 'waits for its turn',
  ENDED: 'finished',
  STOPPED: 'stopped',
  PAUSED: 'paused',
  DISABLED: 'switched off',
};

function assessSource(source: SourceFacts, { monoMs }: HealthFacts): Finding {
  const { sourceId, title, state, fault, progress, expecting } = source;
  const head = { id: `source:${sourceId}`, kind: 'source' as const, title, vital: false, sourceId };
  if (fault !== null) {
    const severity: Severity = NEEDS_A_PERSON.has(state) ? 'critical' : 'warn';
    return { ...head, severity, cause: fault.title, whatToDo: fault.whatToDo };
  }
  if (!expecting)
    return { ...head, severity: 'ok', cause: AT_REST[state] ?? state.toLowerCase(), whatToDo: '' };
  const since = source.lastProcessedMs ?? source.expectingSinceMs ?? monoMs;
  if (monoMs - since > QUIET_MS) {
    return {
      ...head,
      severity: 'warn',
      cause: `no frame was analysed for ${seconds(monoMs - since)}`,
      whatToDo:
        'Look at the stages below: the first one that stands still is the place. Check the camera or the file.',
    };
  }
  if (state === 'LIVE' && progress?.motion?.tooRare) {
    const { neededFps } = progress.motion;
    return {
      ...head,
      severity: 'warn',
      cause: `looked at too rarely to count all: at least ${rate(neededFps)} frames/s are needed`,
      whatToDo: 'Let it be looked at more often, look at fewer sources, or choose a smaller model.',
    };
  }
  if (state === 'LIVE' && progress !== null) {
    return { ...head, severity: 'ok', cause: `${rate(progress.fps)} frames/s`, whatToDo: '' };
  }
  const again = state === 'RETRYING';
  return {
    ...head,
    severity: again ? 'warn' : 'info',
    cause: again ? 'starting again' : 'opening',
    whatToDo: again ? WAITS : '',
  };
}

/** States of a process that answers nothing, now or soon. */
const DOWN: ReadonlySet<ProcessState> = new Set(['unresponsive', 'backing-off', 'failed']);

function assessStore({ store, workers }: HealthFacts): Finding {
  const head = { id: 'store', kind: 'store' as const, title: 'Database', vital: true, sourceId: null };
  const worker = workers.find(({ name }) => name === 'store');
  if (worker !== undefined && DOWN.has(worker.state))
    return { ...head, severity: 'critical', cause: 'takes no rows: its process is down', whatToDo: WAITS };
  if (store.error !== null) {
    const { title, whatToDo } = toFault(store.error.kind, '');
    return { ...head, severity: 'critical', cause: title, whatToDo };
  }
  if (store.state !== 'ready')
    return { ...head, severity: 'info', cause: 'is being opened, takes no rows yet', whatToDo: '' };
  return { ...head, severity: 'ok', cause: 'takes rows', whatToDo: '' };
}

function assessModel({ model }: HealthFacts): Finding {
  const head = { id: 'model', kind: 'model' as const, title: 'Detection model', vital: true, sourceId: null };
  const fallback = model.fallbacks.at(-1);
  if (model.state === 'ready' && fallback !== undefined)
    return { ...head, severity: 'warn', cause: fallback.cause, whatToDo: fallback.whatToDo };
  if (model.state === 'ready') return { ...head, severity: 'ok', cause: model.words, whatToDo: '' };
  if (model.error === null) return { ...head, severity: 'info', cause: 'loading', whatToDo: '' };
  const { title, whatToDo } = toFault(model.error.kind, '');
  return { ...head, severity: 'critical', cause: title, whatToDo };
}

/** What becomes of a source whose rows wait. */
const WAITING = {
  file: 'Nothing is lost: the video waits.',
  live: 'Nothing is lost yet. When no more fit into memory, counting pauses and that time is noted as a gap.',
} as const;

const waitingOf = ({ expecting, progress }: SourceFacts) =>
  expecting ? progress?.stages?.waiting : undefined;
const batchesOf = (source: SourceFacts): number => waitingOf(source)?.batches ?? 0;

function assessQueues({ sources }: HealthFacts): Finding[] {
  const frames = sources.reduce((sum, each) => sum + (waitingOf(each)?.frames ?? 0), 0);
  const batches = sources.reduce((most, each) => Math.max(most, batchesOf(each)), 0);
  const many = batches >= MANY_BATCHES;
  const live = sources.some((each) => each.live && batchesOf(each) >= MANY_BATCHES);
  const vital = false;
  return [
    {
      id: 'queue:frames',
      kind: 'queue',
      title: 'Frames waiting for the model',
      vital,
      severity: 'ok',
      cause: frames === 0 ? 'none' : `${frames}`,
      whatToDo: '',
      sourceId: null,
    },
    {
      id: 'queue:rows',
      kind: 'queue',
      title: 'Rows waiting for the database',
      vital,
      severity: many ? 'warn' : 'ok',
      cause: batches === 0 ? 'none' : `${batches} ${batches === 1 ? 'batch' : 'batches'}`,
      whatToDo: many
        ? `${WAITING[live ? 'live' : 'file']} Check the disk with the database: it is slow or full.`
        : '',
      sourceId: null,
    },
  ];
}

/** A collector that takes nothing is a note: nothing of what ivis is for depends on it. */
function assessTracing({ tracing }: HealthFacts): Finding[] {
  if (tracing === null) return [];
  const { frames, sent, leftOut, problem } = tracing;
  const head = { id: 'tracing', kind: 'interfaces' as const, title: 'Tracing', vital: false, sourceId: null };
  const spans = `${frames} frames, ${sent} spans sent${leftOut === 0 ? '' : `, ${leftOut} left out`}`;
  if (problem === null) return [{ ...head, severity: 'ok', cause: spans, whatToDo: '' }];
  return [{ ...head, severity: 'info', cause: `${spans}: ${problem}`, whatToDo: '' }];
}

function assessConfiguration({ settingsProblem, interfacesProblem }: HealthFacts): Finding[] {
  const found: Finding[] = [];
  const head = { vital: false, severity: 'warn' as const, sourceId: null };
  if (settingsProblem !== null) {
    found.push({
      ...head,
      id: 'settings',
      kind: 'settings',
      title: 'Settings file',
      cause: describeProblem(settingsProblem),
      whatToDo: 'The last good settings hold. Correct the file and save it; it is read again at once.',
    });
  }
  if (interfacesProblem !== null) {
    found.push({
      ...head,
      id: 'interfaces',
      kind: 'interfaces',
      title: 'Pages for other programs',
      cause: interfacesProblem,
      whatToDo: 'They are off. Choose another port in the settings, or end the program that uses this one.',
    });
  }
  return found;
}

/** Judges every component. Pure: the same facts give the same findings. */
export function assess(facts: HealthFacts): Finding[] {
  return [
    assessMain(facts),
    ...facts.workers.map((worker) => assessWorker(worker, facts)),
    assessModel(facts),
    assessStore(facts),
    ...facts.sources.map((source) => assessSource(source, facts)),
    ...assessQueues(facts),
    ...assessMachine(facts),
    ...assessRecording(facts),
    ...assessConfiguration(facts),
    ...assessFiles(facts),
    ...assessPerception(facts),
    ...assessMessages(facts),
    ...assessTracing(facts),
  ];
}

/**
 * The whole: the worst of all, but what is not vital weighs at most `warn`, for one camera does not make a system. An
 * alarm about one source is not vital either; one about ivis itself is.
 */
export function overallOf(
  components: readonly Pick<HealthComponent, 'severity' | 'vital'>[],
  alarms: readonly Pick<SystemAlarm, 'severity' | 'sourceId'>[] = [],
): Severity {
  const raised = alarms.map(({ severity, sourceId }) => ({ severity, vital: sourceId === null }));
  return [...components, ...raised].reduce<Severity>(
    (worst, { severity, vital }) => worseOf(worst, severity === 'critical' && !vital ? 'warn' : severity),
    'ok',
  );
}
