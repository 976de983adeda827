import { existsSync, readFileSync, rmSync } from 'node:fs';
import { type Broken, brokenInDatabase, brokenLeftOvers } from '../drivers/invariants.ts';
import { IvisCommand, type LogLine } from '../drivers/ivis-command.ts';
import { familyOf, type KnownProcess, programOf, strike } from '../drivers/process-tree.ts';
import type { PhotographClip } from '../fixtures/photograph.ts';
import { type PlannedFault, scheduleOf, type Victim } from './schedule.ts';

/** A fault as it went: how long until the run went on. Null: it was not interrupted, or main was the victim. */
export interface StruckFault extends PlannedFault {
  readonly recoveredMs: number | null;
}

export interface Round {
  readonly seed: number;
  readonly faults: readonly StruckFault[];
  readonly code: number | null;
  readonly attempts: number;
  readonly broken: readonly string[];
}

const ROUND_MS = 150_000;
const ORPHAN_MS = 5000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function wordsFor(clip: PhotographClip, out: string): string[] {
  const [a, b] = clip.line.points;
  const line = `middle:${a.x},${a.y},${b.x},${b.y}`;
  return ['analyze', clip.path, '--line', line, '--classes', 'car', '--out', out, '--json'];
}

/** One analysis of the clip with the faults of the seed in it, and what it broke. */
export async function playRound(seed: number, clip: PhotographClip, out: string): Promise<Round> {
  rmSync(out, { recursive: true, force: true });
  const command = new IvisCommand(wordsFor(clip, out));
  const family = new Map<number, KnownProcess>();
  const remember = (): void => {
    for (const each of familyOf(command.pid)) family.set(each.pid, each);
  };
  const look = setInterval(remember, 100);
  let over = false;
  const ended = command.end().finally(() => {
    over = true;
  });
  const hung = setTimeout(() => command.kill('SIGKILL'), ROUND_MS);
  const struck: { fault: PlannedFault; atMs: number }[] = [];
  while (!over && command.pidsOf('capture').length === 0) await sleep(20);
  for (const fault of scheduleOf(seed)) {
    await Promise.race([ended, sleep(fault.afterMs)]);
    const pid = over ? null : await victimOf(fault.victim, command, clip, () => over);
    if (pid === null) break;
    remember();
    struck.push({ fault, atMs: performance.now() });
    await strikeAs(fault, pid);
  }
  const end = await ended;
  clearInterval(look);
  const tookTooLong = end.code === null && !struck.some(({ fault }) => fault.victim === 'main');
  clearTimeout(hung);
  const killedMain = struck.some(({ fault }) => fault.victim === 'main' && fault.act === 'kill');
  const broken: string[] = tookTooLong ? [`did not end within ${ROUND_MS / 1000} s`] : [];
  broken.push(...(await leftOvers(command.pid, [...family.values()])));
  if (killedMain) {
    // Whoever opens it next finds it whole, and the run in it ended.
    const next = await new IvisCommand(wordsFor(clip, out)).end();
    broken.push(...notTrue(next.code, next.stdout, next.stderr, clip), ...brokenInDatabase(`${out}/ivis.db`));
  } else {
    broken.push(...notTrue(end.code, end.stdout, end.stderr, clip), ...brokenInDatabase(`${out}/ivis.db`));
  }
  const faults = struck.map(({ fault, atMs }) => ({ ...fault, recoveredMs: recovery(fault, atMs, end.log) }));
  return { seed, faults, code: end.code, attempts: end.log.filter(isCaptureStart).length, broken };
}

const isCaptureStart = (line: LogLine): boolean =>
  line.process === 'capture' && line.message === 'is running';

/** The living process to be struck; waits a moment for one that is just being started again. */
async function victimOf(
  victim: Victim,
  command: IvisCommand,
  clip: PhotographClip,
  over: () => boolean,
): Promise<number | null> {
  for (let tries = 0; tries < 300 && !over(); tries++) {
    const pid = victim === 'main' ? command.pid : findVictim(victim, command, clip);
    if (pid !== null) return pid;
    await sleep(50);
  }
  return null;
}

function findVictim(victim: Victim, command: IvisCommand, clip: PhotographClip): number | null {
  const family = familyOf(command.pid).filter(({ state }) => state !== 'Z');
  const is = ({ pid }: KnownProcess): boolean => {
    if (victim !== 'ffmpeg') return pid === command.pidsOf(victim).at(-1);
    const words = `/proc/${pid}/cmdline`;
    return (
      programOf(pid).startsWith('ffmpeg') &&
      existsSync(words) &&
      readFileSync(words, 'utf8').includes(clip.path)
    );
  };
  return family.find(is)?.pid ?? null;
}

async function strikeAs({ act, pauseMs }: PlannedFault, pid: number): Promise<void> {
  if (act === 'kill') strike(pid, 'SIGKILL');
  else if (act === 'segv') strike(pid, 'SIGSEGV');
  else strike(pid, 'SIGSTOP');
  if (act !== 'pause') return;
  await sleep(pauseMs);
  strike(pid, 'SIGCONT');
}

async function leftOvers(mainPid: number, family: readonly KnownProcess[]): Promise<Broken[]> {
  const untilMs = performance.now() + ORPHAN_MS;
  // The ring of a killed main is taken away by the next start: only processes count here.
  const left = (): Broken[] => brokenLeftOvers(mainPid, family).filter((each) => each.includes('processes'));
  while (left().length > 0 && performance.now() < untilMs) await sleep(50);
  return left();
}

/** A run that ended in spite of its faults must be as true as an undisturbed one; nothing else is an end. */
function notTrue(code: number | null, stdout: string, stderr: string, clip: PhotographClip): string[] {
  if (code !== 0)
    return [
      `ended with ${code}: ${stderr
        .split('\n')
        .filter((l) => l.startsWith('error'))
        .join(' ')}`,
    ];
  const { frames, lines, complete } = JSON.parse(stdout);
  const counted = `${frames.processed}/${lines.middle.forward.total}/${lines.middle.backward.total}`;
  const wanted = `${clip.frames}/${clip.forward}/${clip.backward}`;
  return complete && counted === wanted ? [] : [`counted ${counted}, true is ${wanted}`];
}

/** Until the process that takes the victim's place is at work; of what reads the file, until it is read anew. */
function recovery({ victim }: PlannedFault, atMs: number, log: readonly LogLine[]): number | null {
  if (victim === 'main') return null;
  const follower = victim === 'store' ? 'store' : 'capture';
  const back = log.find(
    (line) => line.process === follower && line.message === 'is running' && line.atMs > atMs,
  );
  return back === undefined ? null : back.atMs - atMs;
}
