import { writeSync } from 'node:fs';

const STDOUT = 1;
const STDERR = 2;

function write(fd: number, text: string): void {
  let rest = Buffer.from(text, 'utf8');
  // A full pipe answers EAGAIN; output must be whole before the program exits.
  for (let tries = 0; rest.length > 0 && tries < 2000; tries++) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
      if (code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** What the person or program asked for. */
export function say(text: string): void {
  write(STDOUT, `${text}\n`);
}

/** What goes on meanwhile: progress and errors. */
export function tell(text: string): void {
  write(STDERR, `${text}\n`);
}

/** Redraws one line on a terminal; prints a line now and then where there is none. */
export class ProgressLine {
  readonly #terminal = process.stderr.isTTY === true;
  #lastMs = Number.NEGATIVE_INFINITY;
  #drawn = false;

  show(text: string, nowMs: number): void {
    const everyMs = this.#terminal ? 200 : 5000;
    if (nowMs - this.#lastMs < everyMs) return;
    this.#lastMs = nowMs;
    if (this.#terminal) write(STDERR, `\r\x1b[2K${text}`);
    else tell(text);
    this.#drawn = this.#terminal;
  }

  end(): void {
    if (this.#drawn) write(STDERR, '\r\x1b[2K');
    this.#drawn = false;
  }
}
