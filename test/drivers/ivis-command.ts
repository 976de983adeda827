import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { electronBinary, electronEnvironment, electronFlags, root } from './electron-binary.ts';

const logLineSchema = z.object({
  process: z.string(),
  pid: z.number().nullable(),
  sourceId: z.string().nullable(),
  message: z.string(),
  /** Where a line tells of the state of a process. */
  lastError: z.string().nullish(),
});
/** `atMs`: when it came, by this process's clock. */
export type LogLine = z.infer<typeof logLineSchema> & { readonly atMs: number };

export interface CommandPlace {
  /** The app's folder, instead of this one. */
  readonly appFolder?: string;
  /** A program with its words that starts Electron, such as prlimit. */
  readonly through?: readonly string[];
}

export interface CommandEnd {
  readonly pid: number;
  readonly code: number | null;
  readonly stdout: string;
  /** Standard error without the log's lines. */
  readonly stderr: string;
  readonly log: readonly LogLine[];
}

/** One `ivis` command in a real Electron without a display; its log tells which processes it has. */
export class IvisCommand {
  readonly #child: ChildProcess;
  readonly #log: LogLine[] = [];
  readonly #said: string[] = [];
  #stdout = '';
  readonly #ended: Promise<CommandEnd>;

  constructor(words: readonly string[], env: Record<string, string> = {}, place: CommandPlace = {}) {
    const { appFolder = root, through = [] } = place;
    const flags = [...electronFlags(), '--log-level=3', '--ozone-platform=headless', '--disable-gpu'];
    const [program = '', ...all] = [...through, electronBinary(), ...flags, appFolder, ...words];
    this.#child = spawn(program, all, {
      env: electronEnvironment({ IVIS_LOG_LEVEL: 'info', ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    if (this.#child.stderr !== null) {
      createInterface({ input: this.#child.stderr }).on('line', (line) => this.#take(line));
    }
    this.#ended = new Promise((resolve) => {
      this.#child.on('close', (code) =>
        resolve({ pid: this.pid, code, stdout: this.#stdout, stderr: this.#said.join('\n'), log: this.#log }),
      );
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Pids of the named worker that said they run, newest last. */
  pidsOf(worker: string): number[] {
    return this.#log.flatMap((line) =>
      line.process === worker && line.message === 'is running' && line.pid !== null ? [line.pid] : [],
    );
  }

  get log(): readonly LogLine[] {
    return this.#log;
  }

  /** What was said so far besides the log. */
  get said(): readonly string[] {
    return this.#said;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  end(): Promise<CommandEnd> {
    return this.#ended;
  }

  #take(line: string): void {
    if (line.startsWith('{')) {
      try {
        const parsed = logLineSchema.safeParse(JSON.parse(line));
        if (parsed.success) {
          this.#log.push({ ...parsed.data, atMs: performance.now() });
          return;
        }
      } catch {
        // Not a line of the log: said in words.
      }
    }
    this.#said.push(line);
  }
}

/** Runs a command to its end. */
export function ivis(
  words: readonly string[],
  env: Record<string, string> = {},
  place: CommandPlace = {},
): Promise<CommandEnd> {
  return new IvisCommand(words, env, place).end();
}

type Found<T> = T | null | undefined | false;

/** Waits until `find` gives something; fails with `what` after the time limit. */
export async function until<T>(
  what: string,
  find: () => Found<T> | Promise<Found<T>>,
  limitMs = 60_000,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > endMs) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Processes of this machine whose command line holds `text`. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return words.includes(text) ? [Number(name)] : [];
    } catch {
      // Gone between the listing and the look.
      return [];
    }
  });
}

/** Names of rings in shared memory that a main process of that pid gave. */
export function ringsOf(mainPid: number): string[] {
  if (!existsSync('/dev/shm')) return [];
  const mark = `-${mainPid.toString(36)}-`;
  return readdirSync('/dev/shm').filter((name) => name.startsWith('ivis-') && name.includes(mark));
}
