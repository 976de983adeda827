import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { brokenLeftOvers } from '../../drivers/invariants.ts';
import { ringsOf, until } from '../../drivers/ivis-command.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('main-dies');
const uid = (process.getuid?.() ?? 0).toString(36);

describe.skipIf(!existsSync('/dev/shm'))(
  'row 35 and 36: main is killed, and what it left in shared memory',
  () => {
    it('leaves no process, and the next start takes the memory away and ends the run', async () => {
      const first = new Analysis(await clip(), at('out'));
      await first.underWay();
      const { family } = first;
      first.command.kill('SIGKILL');
      await first.end();
      await until('every process to be gone', () => !brokenLeftOvers(-1, family).length, 5000);
      await new Analysis(await clip(), at('out')).endsTrue(1);
      expect(ringsOf(first.command.pid)).toEqual([]);
      expect(readDatabase(at('out', 'ivis.db')).runs.map((run) => run.status)).toEqual([
        'failed',
        'complete',
      ]);
    });

    it('takes away what a dead process left half made or of another size, and nothing of a living one', async () => {
      const dead = spawnSync('true').pid.toString(36);
      const living = process.pid.toString(36);
      const left = ['', 'rubbish', 'x'.repeat(100_000)].map((text, n) => {
        const file = `/dev/shm/ivis-${uid}-${dead}-${n}`;
        writeFileSync(file, text);
        return file;
      });
      const ours = `/dev/shm/ivis-${uid}-${living}-1`;
      writeFileSync(ours, 'being made');
      try {
        await new Analysis(await clip(), at('swept')).endsTrue(1);
        expect(left.filter((file) => existsSync(file))).toEqual([]);
        expect(existsSync(ours)).toBe(true);
      } finally {
        for (const file of [...left, ours]) rmSync(file, { force: true });
      }
    });
  },
);
