import type { AppState } from '#shared/domain/app-state.ts';
import { brokenInDatabase, brokenSecrecy } from '../drivers/invariants.ts';
import { keptLog } from '../drivers/log-lines.ts';
import { brokenOthers } from '../drivers/other-sources.ts';
import { type KnownProcess, lives, strike } from '../drivers/process-tree.ts';
import { brokenTellings, type FaultTime, healthLimits } from '../drivers/told-health.ts';
import type { LiveWorld } from './live-world.ts';
import type { Round } from './round.ts';
import { type Victim, windowScheduleOf } from './schedule.ts';
import { SECRET } from './secret.ts';

const GONE_MS = 60_000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function untilGone(known: KnownProcess): Promise<void> {
  const untilMs = performance.now() + GONE_MS;
  while (lives(known)) {
    if (performance.now() > untilMs) throw new Error(`process ${known.pid} is still there`);
    await sleep(20);
  }
}

type Stories = ReadonlyMap<string, number>;

/** How many states each source has gone through. */
async function storiesOf(world: LiveWorld, { sources }: AppState): Promise<Stories> {
  const all = sources.map(async ({ sourceId }): Promise<[string, number]> => {
    const { states } = await world.live.story(sourceId);
    return [sourceId, states.length];
  });
  return new Map(await Promise.all(all));
}

/** Whether main has told of the fault: before, all looks well because nobody knows yet. */
async function hasNews(
  world: LiveWorld,
  before: AppState,
  { victim, act, camera }: ReturnType<typeof windowScheduleOf>,
  struck: KnownProcess,
  stories: Stories,
): Promise<boolean> {
  const after = await world.state();
  if (after === null) return false;
  // Nothing ended.
  if (act === 'pause') return true;
  // Of these no list of main tells: another process has to be in the place of the one that was hit.
  if (victim === 'page' || victim === 'graphics' || victim === 'main') {
    const next = await world.victim(victim, camera);
    return next !== null && next.pid !== struck.pid;
  }
  if (victim === 'store') {
    const pidOf = (state: AppState) => state.processes.find(({ name }) => name === 'store')?.pid;
    return pidOf(after) !== pidOf(before);
  }
  const hit = before.sources.filter(
    ({ sourceId }) => victim === 'detection' || sourceId === world.cameraName(camera),
  );
  for (const { sourceId, runId } of hit) {
    const now = after.sources.find((source) => source.sourceId === sourceId);
    if (victim === 'ffmpeg') {
      const { states } = await world.live.story(sourceId);
      if (states.length === stories.get(sourceId)) return false;
    } else if (now?.runId === runId) return false;
  }
  return true;
}

/** Which source a fault concerns: `all` when what was hit serves every one of them. */
function concerned(victim: string, source: string): string | 'all' | null {
  if (victim === 'capture' || victim === 'ffmpeg') return source;
  return victim === 'page' || victim === 'graphics' ? null : 'all';
}

/** What Health must tell of a fault that lasts. Of main itself, the page and the graphics process others can tell only later. */
function aboutOf(victim: Victim, source: string, sources: readonly string[]): string[] {
  const ofSources = sources.map((each) => `source:${each}`);
  if (victim === 'capture') return [`worker:capture:${source}`, `source:${source}`];
  if (victim === 'ffmpeg') return [`source:${source}`];
  if (victim === 'detection') return ['worker:detection', 'model', ...ofSources];
  return victim === 'store' ? ['worker:store', 'store', ...ofSources] : [];
}

/** I6 of a fault that is over; waits for as long as what was told may still be shown. */
async function brokenHealth(world: LiveWorld, fault: FaultTime): Promise<string[]> {
  const untilMs = fault.wellWallMs + healthLimits.clearMs;
  const judge = () => brokenTellings(keptLog(world.dataFolder), fault, untilMs);
  while (judge().length > 0 && Date.now() < untilMs) await sleep(250);
  return judge();
}

/** What main tells, also on a machine that is very busy; null: it is gone. */
async function patientState(world: LiveWorld): Promise<AppState | null> {
  const untilMs = performance.now() + GONE_MS;
  for (;;) {
    const state = await world.state();
    if (state !== null || performance.now() > untilMs) return state;
    await sleep(250);
  }
}

/** One fault in a window with live cameras: until all is well again, and what it broke. */
export async function playLiveRound(seed: number, world: LiveWorld): Promise<Round> {
  const plan = windowScheduleOf(seed);
  const { victim, act, camera } = plan;
  await sleep(plan.afterMs);
  const broken: string[] = [];
  const before = await patientState(world);
  const known = await world.victim(victim, camera);
  if (before === null) {
    const broken = ['main tells nothing, though nothing was done to it'];
    return { seed, faults: [], code: null, attempts: 1, broken };
  }
  if (known === null) return { seed, faults: [], code: 0, attempts: 1, broken: [] };
  const family = world.family;
  const stories = await storiesOf(world, before);
  const atMs = performance.now();
  const atWallMs = Date.now();
  let recoveredMs: number | null = null;
  try {
    strike(known.pid, act === 'kill' ? 'SIGKILL' : act === 'segv' ? 'SIGSEGV' : 'SIGSTOP');
    if (act === 'pause') {
      await sleep(plan.pauseMs);
      strike(known.pid, 'SIGCONT');
    } else await untilGone(known);
    if (victim === 'main' && act === 'kill') await world.openAgain(family);
    await world.untilWell(() => hasNews(world, before, plan, known, stories));
    recoveredMs = performance.now() - atMs - (act === 'pause' ? plan.pauseMs : 0);
    const names = before.sources.map(({ sourceId }) => sourceId);
    const about = aboutOf(victim, world.cameraName(camera), names);
    broken.push(...(await brokenHealth(world, { atWallMs, wellWallMs: Date.now(), about })));
  } catch (thrown) {
    broken.push(String(thrown));
  }
  broken.push(...(await lookAround(world, before, concerned(victim, world.cameraName(camera)))));
  return { seed, faults: [{ ...plan, recoveredMs }], code: 0, attempts: 1, broken };
}

async function lookAround(world: LiveWorld, before: AppState, hit: string | null): Promise<string[]> {
  const after = await world.state().catch(() => null);
  const others = after === null || hit === 'all' ? [] : brokenOthers(before, after, hit);
  return [
    ...others,
    ...brokenInDatabase(world.database, { ended: false }),
    ...world.acknowledged.lostFrom(world.database),
    ...brokenSecrecy(SECRET.password, [world.dataFolder], world.family, [JSON.stringify(after)]),
  ];
}
