import { type ChildProcess, spawn } from 'node:child_process';
import { Readable, type Writable } from 'node:stream';
import type { FfmpegBuild } from './build.ts';
import { childEnvironment } from './environment.ts';

/** How a child ended: an exit code or the name of a signal; `failed` when it could not be started at all. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly failed: string | null;
}

export interface ChildOptions {
  /** What its standard output is: a descriptor of a pipe, `pipe` to read lines here, or nothing. */
  readonly stdout: number | 'pipe' | 'ignore';
  readonly cwd?: string;
  /** Called at once with its standard input; without it there is none. */
  readonly onInput?: (input: Writable) => void;
  readonly onStdout?: (text: string) => void;
  /** As onStdout, for what is not text. */
  readonly onBytes?: (bytes: Buffer) => void;
  /** A further output of ffmpeg, on descriptor 3 (`pipe:3`): always read, so that it never makes ffmpeg wait. */
  readonly onPackets?: (chunk: Buffer) => void;
  /** Every line ffmpeg logs, without its end. */
  readonly onLine?: (line: string) => void;
}

const MAX_LINES = 60;
const MAX_LINE_CHARS = 1200;
const KILL_AFTER_MS = 2000;

/** setpriv leaves with these when what it is to start is not there or may not be run, and says so in its own name. */
const NOT_STARTED: readonly (number | null)[] = [126, 127];
const SETPRIV_SAYS = /^setpriv: /;

/** Cuts a stream of text into lines; a line without end grows to a limit only, what is beyond it is lost. */
export function lineCutter(emit: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = '';
  return {
    push(text) {
      const parts = (rest + text).split(/\r\n|\n|\r/);
      rest = (parts.pop() ?? '').slice(0, MAX_LINE_CHARS);
      for (const part of parts) if (part !== '') emit(part.slice(0, MAX_LINE_CHARS));
    },
    end() {
      if (rest !== '') emit(rest);
      rest = '';
    },
  };
}

/**
 * One running ffmpeg. Its log is kept as the first and the last lines only, so a flood of messages costs no memory.
 * On Linux the kernel kills it when this process dies (setpriv --pdeathsig); elsewhere, and as a second net, it ends
 * by the broken pipe of its output.
 */
export class FfmpegChild {
  /** Resolves once, after exit and after the last line of the log. */
  readonly ended: Promise<ChildEnd>;
  readonly #child: ChildProcess;
  readonly #first: string[] = [];
  readonly #last: string[] = [];
  #over = false;

  constructor(build: FfmpegBuild, args: readonly string[], options: ChildOptions) {
    const [file, all] =
      build.setpriv === null
        ? [build.path, [...args]]
        : [build.setpriv, ['--pdeathsig', 'KILL', '--', build.path, ...args]];
    this.#child = spawn(file, all, {
      stdio: [
        options.onInput === undefined ? 'ignore' : 'pipe',
        options.stdout,
        'pipe',
        ...(options.onPackets === undefined ? [] : ['pipe' as const]),
      ],
      shell: false,
      windowsHide: true,
      env: childEnvironment(),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const lines = lineCutter((line) => {
      this.#keep(line);
      options.onLine?.(line);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => lines.push(text));
    const { onBytes } = options;
    if (onBytes !== undefined) this.#child.stdout?.on('data', onBytes);
    else this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => options.onStdout?.(text));
    if (this.#child.stdin !== null) options.onInput?.(this.#child.stdin);
    const packets = this.#child.stdio[3];
    if (packets instanceof Readable) packets.on('data', (chunk: Buffer) => options.onPackets?.(chunk));
    this.ended = new Promise((resolve) => {
      const finish = (end: ChildEnd): void => {
        if (this.#over) return;
        this.#over = true;
        lines.end();
        resolve(end);
      };
      this.#child.once('error', (error) => finish({ code: null, signal: null, failed: error.message }));
      this.#child.once('close', (code, signal) => {
        lines.end();
        const failed = build.setpriv !== null && NOT_STARTED.includes(code) ? this.#notStarted() : null;
        finish({ code, signal, failed });
      });
    });
  }

  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** The kept part of the log, oldest first. */
  get log(): readonly string[] {
    return [...this.#first, ...this.#last];
  }

  /** Ends it: TERM, and KILL when it has not left two seconds later. `now` kills at once. */
  async stop(now = false): Promise<ChildEnd> {
    if (!this.#over) {
      this.#child.kill(now ? 'SIGKILL' : 'SIGTERM');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
      await this.ended;
      clearTimeout(timer);
    }
    return this.ended;
  }

  /** What setpriv says of an ffmpeg that is not there; null when it was ffmpeg itself that left with that code. */
  #notStarted(): string | null {
    return this.log.find((line) => SETPRIV_SAYS.test(line)) ?? null;
  }

  #keep(line: string): void {
    if (this.#first.length < MAX_LINES) this.#first.push(line);
    else {
      this.#last.push(line);
      if (this.#last.length > MAX_LINES) this.#last.shift();
    }
  }
}
