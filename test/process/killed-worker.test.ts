import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandEnd, IvisCommand, processesWith, ringsOf, until } from '../drivers/ivis-command.ts';
import { readDatabase } from '../drivers/run-database.ts';
import { movingPhotograph, type PhotographClip, SPARSE_FPS } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-killed-'));
let clip: PhotographClip;
beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'killed-car.mp4'), { cycles: 2, fps: SPARSE_FPS });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Struck {
  readonly end: CommandEnd;
  readonly summary: ReturnType<typeof JSON.parse>;
  readonly out: string;
  readonly mainPid: number;
}

/** Analyses the clip and strikes a process when some frames are through. */
async function strike(name: string, act: (command: IvisCommand) => Promise<void> | void): Promise<Struck> {
  const out = join(folder, name);
  const [a, b] = clip.line.points;
  const command = new IvisCommand([
    'analyze',
    clip.path,
    '--line',
    `middle:${a.x},${a.y},${b.x},${b.y}`,
    '--classes',
    'car',
    '--out',
    out,
    '--json',
  ]);
  await until('the run to be under way', () => command.said.some((line) => line.includes('frame ')));
  // Past the first crossing's frame, so that a doubled count would show.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await act(command);
  const end = await command.end();
  return { end, summary: end.stdout === '' ? null : JSON.parse(end.stdout), out, mainPid: command.pid };
}

const newest = (pids: readonly number[]): number => pids.at(-1) ?? -1;

/** What must hold whatever was killed: nothing orphaned, nothing left over, no acknowledged row lost. */
async function nothingIsLeft({ mainPid, out }: Struck): Promise<void> {
  await until('ffmpeg to be gone', () => processesWith(clip.path).length === 0, 5000);
  expect(ringsOf(mainPid)).toEqual([]);
  const database = readDatabase(join(out, 'ivis.db'));
  expect(database.integrity).toBe('ok');
  expect(database.foreignKeyFaults).toEqual([]);
  expect(database.runs.filter((run) => run.status === 'running')).toEqual([]);
}

/** The run that counts must be as true as an undisturbed one. */
function countsAreTrue({ end, summary, out }: Struck): void {
  expect(end.stderr).not.toContain('error ');
  expect(end.code).toBe(0);
  expect(summary.frames).toEqual({ decoded: clip.frames, processed: clip.frames, dropped: {}, inFlight: 0 });
  expect(summary.lines.middle.forward.total).toBe(clip.forward);
  expect(summary.lines.middle.backward.total).toBe(clip.backward);
  const good = readDatabase(join(out, 'ivis.db')).runs.filter((run) => run.status === 'complete');
  expect(good).toHaveLength(1);
  expect(good[0]).toMatchObject({ batchHoles: 0, crossings: clip.forward + clip.backward });
  const csv = readFileSync(join(out, 'crossings.csv'), 'utf8').trim().split(/\r?\n/);
  expect(csv).toHaveLength(1 + clip.forward + clip.backward);
}

describe('a run in which a process is killed', () => {
  it('goes on in another run when capture dies, and the broken run is kept apart', async () => {
    const struck = await strike('capture', (command) => {
      process.kill(newest(command.pidsOf('capture')), 'SIGKILL');
    });
    countsAreTrue(struck);
    expect(struck.summary.attempts).toBe(2);
    expect(readDatabase(join(struck.out, 'ivis.db')).runs.map((run) => run.status)).toEqual([
      'superseded',
      'complete',
    ]);
    await nothingIsLeft(struck);
  });

  it('goes on in another run when detection dies', async () => {
    const struck = await strike('detection', (command) => {
      process.kill(newest(command.pidsOf('detection')), 'SIGKILL');
    });
    countsAreTrue(struck);
    expect(struck.summary.attempts).toBe(2);
    await nothingIsLeft(struck);
  });

  it('goes on when the store dies: what was not acknowledged is sent again', async () => {
    const struck = await strike('store', (command) => {
      process.kill(newest(command.pidsOf('store')), 'SIGKILL');
    });
    countsAreTrue(struck);
    expect(struck.summary.attempts).toBe(1);
    await nothingIsLeft(struck);
  });

  it('goes on in another run when detection hangs', async () => {
    const struck = await strike('hung', (command) => {
      process.kill(newest(command.pidsOf('detection')), 'SIGSTOP');
    });
    countsAreTrue(struck);
    expect(struck.end.log.some((line) => line.message === 'is unresponsive')).toBe(true);
    await nothingIsLeft(struck);
  });

  it('ends with a named error when its ffmpeg is killed each time', async () => {
    const struck = await strike('ffmpeg', async (command) => {
      let over = false;
      void command.end().then(() => {
        over = true;
      });
      while (!over) {
        for (const pid of processesWith(`file:${clip.path}`)) {
          if (pid !== command.pid) process.kill(pid, 'SIGKILL');
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    expect(struck.end.code).not.toBe(0);
    expect(struck.end.stderr).toMatch(/error (ffmpeg-failed|file-incomplete|worker-crashed)/);
    expect(struck.summary.complete).toBe(false);
    const { decoded, processed, dropped, inFlight } = struck.summary.frames;
    const lost = Object.values(dropped as Record<string, number>).reduce((sum, n) => sum + n, 0);
    expect(decoded).toBe(processed + lost + inFlight);
    await nothingIsLeft(struck);
  });

  it('leaves no orphan when main is killed', async () => {
    const struck = await strike('main', (command) => command.kill('SIGKILL'));
    expect(struck.end.code).not.toBe(0);
    await until('every process to be gone', () => processesWith(clip.path).length === 0, 5000);
    const workers = ['capture', 'detection', 'store'].flatMap((name) =>
      struck.end.log.flatMap((line) => (line.process === name && line.pid !== null ? [line.pid] : [])),
    );
    const alive = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    await until('every worker to be gone', () => !workers.some(alive), 5000);
  });

  it('keeps what it has when it is interrupted', async () => {
    const struck = await strike('interrupted', (command) => command.kill('SIGINT'));
    expect(struck.end.code).toBe(130);
    expect(struck.end.stderr).toContain('error stopped');
    expect(struck.summary.status).toBe('stopped');
    expect(struck.summary.frames.processed).toBeGreaterThan(0);
    await nothingIsLeft(struck);
  });
});
