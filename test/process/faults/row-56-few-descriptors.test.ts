import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('few-descriptors');
const missing = spawnSync('prlimit', ['--version']).error !== undefined;
const word = missing ? ' (skipped: there is no prlimit)' : '';

describe.skipIf(missing)(`row 56: few file descriptors${word}`, () => {
  it.each([64, 128])('with %i it says so and ends, instead of spinning', async (limit) => {
    const analysis = new Analysis(await clip(), at(`limit-${limit}`), [], {
      through: ['prlimit', `--nofile=${limit}:${limit}`],
    });
    const timer = setTimeout(() => analysis.command.kill('SIGKILL'), 30_000);
    const end = await analysis.end();
    clearTimeout(timer);
    expect(end.code).toBe(1);
    expect(end.stderr).toContain(`error internal: only ${limit} files may be open at once`);
    expect(existsSync(analysis.out)).toBe(false);
  });

  it('with as many as a session has at least, it does the whole work', async () => {
    const analysis = new Analysis(await clip(), at('enough'), [], {
      through: ['prlimit', '--nofile=1024:1024'],
    });
    await analysis.endsTrue(1);
  });
});
