import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { type Broken, brokenInDatabase, brokenLeftOvers } from '../../drivers/invariants.ts';
import { type CommandEnd, type CommandPlace, IvisCommand, until } from '../../drivers/ivis-command.ts';
import { familyOf, type KnownProcess } from '../../drivers/process-tree.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';
import { movingPhotograph, type PhotographClip, SPARSE_FPS } from '../../fixtures/photograph.ts';

/** A folder for the tests of one file, with the clip they analyse; it goes away with them. */
export function analysisFolder(name: string) {
  const { folder, remove } = temporaryFolder(name);
  afterAll(remove);
  let clip: Promise<PhotographClip> | null = null;
  return {
    at: (...parts: string[]) => join(folder, ...parts),
    clip: () => {
      clip ??= movingPhotograph(join(folder, 'car.mp4'), { fps: SPARSE_FPS });
      return clip;
    },
  };
}

/** One `ivis analyze` of the clip, with all its processes remembered until it is over. */
export class Analysis {
  readonly command: IvisCommand;
  readonly clip: PhotographClip;
  readonly out: string;
  readonly #family = new Map<number, KnownProcess>();
  readonly #look: NodeJS.Timeout;

  constructor(clip: PhotographClip, out: string, more: readonly string[] = [], place: CommandPlace = {}) {
    const [a, b] = clip.line.points;
    const line = `middle:${a.x},${a.y},${b.x},${b.y}`;
    const words = ['analyze', clip.path, '--line', line, '--classes', 'car', '--out', out, '--json', ...more];
    this.clip = clip;
    this.out = out;
    this.command = new IvisCommand(words, {}, place);
    this.#look = setInterval(() => this.#remember(), 200);
  }

  get database(): string {
    return join(this.out, 'ivis.db');
  }

  /** Every process this command was ever seen to have. */
  get family(): KnownProcess[] {
    this.#remember();
    return [...this.#family.values()];
  }

  newest(worker: string): number {
    return this.command.pidsOf(worker).at(-1) ?? -1;
  }

  logged(words: string): boolean {
    return this.command.log.some((line) => line.message.includes(words));
  }

  /** Resolves when rows of it are in the database. */
  async underWay(): Promise<void> {
    await until('frames to come', () => this.command.said.some((line) => line.includes('frame ')));
  }

  async end(): Promise<CommandEnd & { summary: ReturnType<typeof JSON.parse> }> {
    const end = await this.command.end();
    clearInterval(this.#look);
    return { ...end, summary: end.stdout.trim() === '' ? null : JSON.parse(end.stdout) };
  }

  /** After the end: every invariant, within the seconds that orphans are given. */
  async broken({ ended = true } = {}): Promise<Broken[]> {
    const left = (): Broken[] => brokenLeftOvers(this.command.pid, [...this.#family.values()]);
    await until('its processes to be gone', () => left().length === 0, 5000).catch(() => {});
    return [...left(), ...brokenInDatabase(this.database, { ended })];
  }

  /** Ends whole and true: every frame looked at once, every crossing counted once, nothing left over. */
  async endsTrue(attempts: number): Promise<CommandEnd> {
    const end = await this.end();
    const { clip } = this;
    expect(end.stderr).not.toContain('error ');
    expect(end.code).toBe(0);
    const { frames, lines } = end.summary;
    expect(frames).toEqual({ decoded: clip.frames, processed: clip.frames, dropped: {}, inFlight: 0 });
    expect([lines.middle.forward.total, lines.middle.backward.total]).toEqual([clip.forward, clip.backward]);
    expect(end.summary.attempts).toBe(attempts);
    const whole = readDatabase(this.database).runs.filter((run) => run.status === 'complete');
    expect(whole.at(-1)?.crossings).toBe(clip.forward + clip.backward);
    expect(await this.broken()).toEqual([]);
    return end;
  }

  #remember(): void {
    for (const each of familyOf(this.command.pid)) this.#family.set(each.pid, each);
  }
}
