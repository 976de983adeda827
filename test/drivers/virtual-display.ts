import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Why no window can be opened here; null when one can. */
export function displayMissing(): string | null {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return null;
  const { error } = spawnSync('Xvfb', ['-help'], { stdio: 'ignore', timeout: 10_000 });
  return error === undefined ? null : 'no display and no Xvfb: `npm run setup` as root installs it';
}

/** A screen for windows of this process and those it starts: the real one, or a virtual one of our own. */
export class VirtualDisplay {
  readonly #child: ChildProcess | null;

  private constructor(child: ChildProcess | null) {
    this.#child = child;
  }

  /** Resolves when windows can be opened; sets DISPLAY. */
  static async open(): Promise<VirtualDisplay> {
    if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) {
      return new VirtualDisplay(null);
    }
    // The server chooses a free number and tells it on descriptor 3 once it listens. It stays when a window closes.
    const words = ['-displayfd', '3', '-screen', '0', '1366x768x24', '-nolisten', 'tcp', '-noreset'];
    const child = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const told = child.stdio[3] as Readable;
    const number = await new Promise<string>((resolve, reject) => {
      told.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()));
      child.once('error', reject);
      child.once('exit', () => reject(new Error('Xvfb did not start')));
    });
    process.env.DISPLAY = `:${number}`;
    return new VirtualDisplay(child);
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    delete process.env.DISPLAY;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await gone;
  }
}
