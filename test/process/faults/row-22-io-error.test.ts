import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('io-error');

function injectorMissing(): string | null {
  if (process.platform !== 'linux') return 'errors of the disk are made on Linux only';
  if (spawnSync('strace', ['-V']).error !== undefined)
    return 'there is no strace: `npm run setup` as root installs it';
  const tried = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']);
  return tried.status === 0 ? null : 'this user may not trace processes';
}

const missing = injectorMissing();
const word = missing === null ? '' : ` (skipped: ${missing})`;

/** Makes system calls of a living process fail with EIO, until it is ended. */
class BrokenDisk {
  readonly #child: ChildProcess;
  #said = '';

  /** `calls`: as `pwrite64,fdatasync`; `when`: which of them, as strace has it. */
  constructor(pid: number, calls: string, when: string) {
    const inject = calls.split(',').flatMap((call) => ['-e', `inject=${call}:error=EIO:when=${when}`]);
    this.#child = spawn('strace', ['-f', '-p', String(pid), '-e', `trace=${calls}`, ...inject], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
  }

  /** How many calls failed so far. */
  get failures(): number {
    return this.#said.split('(INJECTED)').length - 1;
  }

  async mend(): Promise<void> {
    const over = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGINT');
    await over;
  }
}

describe.skipIf(missing !== null)(`row 22: the disk answers with errors${word}`, () => {
  it.each([
    ['every write fails', 'pwrite64', '1+'],
    ['what was written cannot be forced to the disk', 'fdatasync,fsync', '1+'],
    ['every third call fails', 'pwrite64,fdatasync', '1+3'],
  ])('%s: rows wait, none is lost, and it goes on by itself', async (what, calls, when) => {
    const analysis = new Analysis(await clip(), at(what.replaceAll(' ', '-')));
    await analysis.underWay();
    const disk = new BrokenDisk(analysis.newest('store'), calls, when);
    try {
      await until('errors of the disk', () => disk.failures >= 3, 30_000);
      if (when === '1+')
        await until('the fault to be told', () => analysis.logged('the database takes no rows'), 30_000);
    } finally {
      await disk.mend();
    }
    const end = await analysis.endsTrue(1);
    console.log(`${what}: ${disk.failures} calls failed`);
    if (when === '1+') expect(end.log.some(({ message }) => message.includes('takes rows again'))).toBe(true);
  });
});
