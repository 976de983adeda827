import type { WireError } from '#shared/contracts/wire-error.ts';
import type { GapCause } from '#shared/domain/gap.ts';
import type { LiveState } from '#shared/domain/live-state.ts';
import type { Live, LiveEvent, LivePhase, LiveStep, PictureTruth } from './live.ts';
import { type LivePolicy, retryDelayMs } from './live-policy.ts';
import { type Loss, lossRules } from './loss.ts';

type Handler<T extends LiveEvent['type']> = (
  live: Live,
  event: Extract<LiveEvent, { type: T }>,
  nowMs: number,
  policy: LivePolicy,
) => LiveStep;
type Handlers = { readonly [T in LiveEvent['type']]?: Handler<T> };

/** Of a new distance in the usual one: a camera that slows down is believed after a few pictures. */
const INTERVAL_WEIGHT = 0.2;
const LATE_INTERVALS = 3;

const only = (live: Live): LiveStep => ({ live, effects: [] });

/** Nothing true is seen for this cause since then. A hole is a row for each of its causes, one after the other. */
function miss(live: Live, cause: GapCause, sinceMs: number): LiveStep {
  if (live.gap?.cause === cause) return only(live);
  const type = live.gap === null ? 'gap-begin' : 'gap-turn';
  const fromMs = Math.max(sinceMs, live.gap?.fromMs ?? Number.NEGATIVE_INFINITY);
  return { live: { ...live, gap: { cause, fromMs } }, effects: [{ type, cause, fromMs }] };
}

const endGap = (live: Live): LiveStep =>
  live.gap === null ? only(live) : { live: { ...live, gap: null }, effects: [{ type: 'gap-end' }] };

const truths: Readonly<
  Record<PictureTruth, { state: LiveState; cause: WireError | null; gap: GapCause | null }>
> = {
  true: { state: 'LIVE', cause: null, gap: null },
  black: { state: 'BLACK', cause: { kind: 'camera-black', message: 'the picture is black' }, gap: 'black' },
  frozen: {
    state: 'FROZEN',
    cause: { kind: 'camera-frozen', message: 'the picture does not change' },
    gap: 'frozen',
  },
};

/** Shows what the pictures are, and have been since then; counting goes on only with true ones. */
function show(live: Live, nowMs: number, sinceMs = nowMs): LiveStep {
  const { state, cause, gap } = truths[live.truth];
  const shown = { ...live, state, cause, attempt: 0, nextTryMs: null };
  if (gap !== null) {
    // Never back over the end of the hole before.
    const fromMs = Math.max(sinceMs, live.trueSinceMs ?? Number.NEGATIVE_INFINITY);
    return miss({ ...shown, trueSinceMs: null }, gap, fromMs);
  }
  return endGap({ ...shown, trueSinceMs: live.trueSinceMs ?? nowMs });
}

const firstPicture: Handler<'picture'> = (live, _event, nowMs) =>
  show({ ...live, phase: 'running', phaseMs: nowMs, lastPictureMs: nowMs, truth: 'true', loss: null }, nowMs);

const nextPicture: Handler<'picture'> = (live, _event, nowMs, { resetMs }) => {
  const apartMs = nowMs - live.lastPictureMs;
  const intervalMs = live.intervalMs + INTERVAL_WEIGHT * (apartMs - live.intervalMs);
  const steady = live.trueSinceMs !== null && nowMs - live.trueSinceMs >= resetMs;
  return show({ ...live, lastPictureMs: nowMs, intervalMs, step: steady ? 0 : live.step }, nowMs);
};

/** The attempt is to end; where that leads is decided when nothing is left of it. */
function leave(live: Live, loss: Loss, nowMs: number): LiveStep {
  // While black or frozen pictures came, the last of them is where that ended; any other hole had no picture.
  const pictured =
    live.gap === null || (live.phase === 'running' && live.gap.cause === truths[live.truth].gap);
  const sinceMs = pictured ? live.lastPictureMs : nowMs;
  const { live: next, effects } = miss(live, lossRules[loss.kind].gap, sinceMs);
  return {
    live: { ...next, phase: 'leaving', phaseMs: nowMs, loss, trueSinceMs: null },
    effects: [...effects, { type: 'kill' }],
  };
}

const lost: Handler<'lost'> = (live, { loss }, nowMs) => leave(live, loss, nowMs);

const noPicture = (message: string): Loss => ({
  kind: 'no-picture',
  error: { kind: 'camera-no-picture', message },
});

const tickTrying: Handler<'tick'> = (live, _event, nowMs, { connectLimitMs }) => {
  // A camera of one picture in ten seconds needs longer until the first.
  const limitMs = Math.max(connectLimitMs, LATE_INTERVALS * live.intervalMs);
  if (nowMs - live.phaseMs < limitMs) return only(live);
  return leave(live, noPicture(`no picture within ${limitMs / 1000} s of connecting`), nowMs);
};

const tickRunning: Handler<'tick'> = (live, _event, nowMs, { stallMs, stallGraceMs }) => {
  const quietMs = nowMs - live.lastPictureMs;
  const limitMs = Math.max(stallMs, LATE_INTERVALS * live.intervalMs);
  if (quietMs < limitMs) return only(live);
  const loss = noPicture(`no picture for ${(quietMs / 1000).toFixed(1)} s`);
  if (quietMs >= limitMs + stallGraceMs) return leave({ ...live, cause: loss.error }, loss, nowMs);
  return miss(
    { ...live, state: 'STALLED', cause: loss.error, trueSinceMs: null },
    'stalled',
    live.lastPictureMs,
  );
};

/** Never judged while stalled: without pictures there is nothing to judge. */
const judged: Handler<'judged'> = (live, { truth, sinceMs }, nowMs) => {
  if (truth === live.truth) return only(live);
  const next = { ...live, truth };
  return live.state === 'STALLED' ? only(next) : show(next, nowMs, sinceMs);
};

const changed: Handler<'changed'> = (live, { gap }, nowMs) =>
  live.gap === null ? only(live) : miss(live, gap, nowMs);

/** Before its first picture: a film that begins anew, or goes on, in another way is parted from what was before. */
const changedAnew: Handler<'changed'> = (live, { gap }, nowMs) =>
  miss(live, gap, live.gap === null ? live.lastPictureMs : nowMs);

const gone: Handler<'gone'> = (live, _event, nowMs, policy) => {
  const { loss } = live;
  if (loss === null) return only(live);
  const rule = lossRules[loss.kind];
  const waiting = {
    ...live,
    phase: 'waiting',
    phaseMs: nowMs,
    state: rule.state,
    cause: loss.error,
  } as const;
  // Sleep is no fault of the camera: it costs no step.
  if (loss.kind === 'suspended') return only({ ...waiting, nextTryMs: live.asleep ? null : nowMs });
  // A size that changes is no failed try.
  if (policy.retryLimit !== null && live.attempt >= policy.retryLimit && rule.retry !== 'now') {
    const message = `${loss.error.message} (given up after ${live.attempt} tries)`;
    return only({ ...waiting, state: 'FAULTED', cause: { ...loss.error, message }, nextTryMs: null });
  }
  return only({
    ...waiting,
    step: live.step + 1,
    nextTryMs: nowMs + retryDelayMs(live.step, rule.retry, policy),
  });
};

const tryAgain: Handler<'tick'> = (live, _event, nowMs) => {
  if (live.asleep || live.nextTryMs === null || nowMs < live.nextTryMs) return only(live);
  const sticky = live.loss !== null && lossRules[live.loss.kind].sticky;
  const next: Live = {
    ...live,
    phase: 'trying',
    phaseMs: nowMs,
    nextTryMs: null,
    attempt: live.attempt + 1,
    state: sticky ? live.state : 'CONNECTING',
  };
  return { live: next, effects: [{ type: 'start' }] };
};

/** Begins anew at once and without a gap; the first picture is waited for as after connecting. */
const wrapped: Handler<'wrapped'> = (live, _event, nowMs) => ({
  live: { ...live, phase: 'trying', phaseMs: nowMs },
  effects: [{ type: 'start' }],
});

const over =
  (state: LiveState): Handler<'closed'> & Handler<'finished'> =>
  (live, _event, nowMs) => {
    const { live: next, effects } = endGap(live);
    const ended: Live = { ...next, phase: 'over', phaseMs: nowMs, state, cause: null, nextTryMs: null };
    return { live: ended, effects: [...effects, { type: 'kill' }] };
  };

const opened: Handler<'opened'> = (live, { refused }, nowMs, { minuteMs }) => {
  const { live: next, effects } = miss(live, 'connecting', nowMs);
  if (refused !== undefined) {
    const loss: Loss = { kind: 'auth-failed', error: refused.cause };
    const { live: waiting, effects: turned } = miss(next, lossRules[loss.kind].gap, nowMs);
    // Never longer than from one try to the next, whatever became of the clocks.
    const nextTryMs = Math.min(refused.untilMs, nowMs + minuteMs);
    const { state } = lossRules[loss.kind];
    return {
      live: { ...waiting, state, cause: loss.error, loss, nextTryMs, attempt: 1, phaseMs: nowMs },
      effects: [...effects, ...turned],
    };
  }
  return { live: { ...next, phase: 'trying', phaseMs: nowMs }, effects: [...effects, { type: 'start' }] };
};

const slept: Loss = {
  kind: 'suspended',
  error: { kind: 'computer-slept', message: 'the computer slept' },
};

const suspended: Handler<'suspended'> = (live, _event, nowMs) =>
  leave({ ...live, asleep: true }, slept, nowMs);
const asleep: Handler<'suspended'> = (live, _event, nowMs) =>
  miss({ ...live, asleep: true }, 'suspended', nowMs);

/** At once, but for cameras that lock up when they are asked too often. */
const resumed: Handler<'resumed'> = (live, _event, nowMs) => {
  const awake = { ...live, asleep: false };
  const careful = live.loss !== null && lossRules[live.loss.kind].retry === 'minute';
  return only(live.phase === 'waiting' && !careful ? { ...awake, nextTryMs: nowMs } : awake);
};

const paced: Handler<'paced'> = (live, { intervalMs }) => only({ ...live, intervalMs });
const closed = over('STOPPED');
const finished = over('ENDED');

/** Phase by event; what is not in it changes nothing. */
const table: Readonly<Record<LivePhase, Handlers>> = {
  waiting: { opened, tick: tryAgain, suspended: asleep, resumed, closed },
  trying: {
    picture: firstPicture,
    paced,
    changed: changedAnew,
    tick: tickTrying,
    lost,
    wrapped,
    finished,
    suspended,
    closed,
  },
  running: {
    picture: nextPicture,
    paced,
    changed,
    judged,
    tick: tickRunning,
    lost,
    wrapped,
    finished,
    suspended,
    closed,
  },
  leaving: { gone, suspended: asleep, resumed, closed },
  over: {},
};

/** What an event makes of a live source. Pure: the clock and the dice are passed in. */
export function stepLive(live: Live, event: LiveEvent, nowMs: number, policy: LivePolicy): LiveStep {
  const handler = table[live.phase][event.type] as Handler<LiveEvent['type']> | undefined;
  return handler === undefined ? only(live) : handler(live, event as never, nowMs, policy);
}
