import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** Why no window can be opened here; null when one can. */
export function displayMissing(): string | null {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return null;
  const { error } = spawnSync('Xvfb', ['-version'], { stdio: 'ignore', timeout: 10_000 });
  return error === undefined ? null : 'there is no display and no Xvfb: `npm run setup` as root installs it';
}

/** A display for the windows of this process: the one there is, or one of its own until it is closed. */
export class Display {
  readonly #child: ChildProcess | null;

  private constructor(child: ChildProcess | null) {
    this.#child = child;
  }

  static async open(): Promise<Display> {
    if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) {
      return new Display(null);
    }
    const words = ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'];
    const child = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const told = child.stdio[3];
    const number = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code}`)));
      told?.once('data', (data: Buffer) => resolve(data.toString('utf8').trim()));
    });
    process.env.DISPLAY = `:${number}`;
    return new Display(child);
  }

  close(): void {
    if (this.#child === null) return;
    this.#child.removeAllListeners('exit');
    this.#child.kill('SIGTERM');
    delete process.env.DISPLAY;
  }
}
