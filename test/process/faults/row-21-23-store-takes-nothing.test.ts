import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';
import { fill } from './full-disk.ts';

const { at, clip } = analysisFolder('store-refuses');
const canMount = process.platform === 'linux' && process.getuid?.() === 0;
const word = canMount ? '' : ' (skipped: a small disk needs root)';

describe.skipIf(!canMount)(`row 21: the disk of the database is full${word}`, () => {
  it('waits without losing a row, and goes on by itself when there is room', async () => {
    const disk = at('disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'ivis-test', disk]);
    try {
      const analysis = new Analysis(await clip(), join(disk, 'out'));
      await until('the first run', () => analysis.newest('capture') > 0);
      const filler = fill(disk);
      await until('the fault to be told', () => analysis.logged('the database takes no rows'), 30_000);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      rmSync(filler);
      await analysis.endsTrue(1);
      expect(analysis.logged('the database takes rows again')).toBe(true);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});

describe('row 23: another tool has locked the database', () => {
  it('waits for it without losing a row', async () => {
    const analysis = new Analysis(await clip(), at('locked'));
    await until('the first run', () => analysis.newest('capture') > 0);
    const other = new Database(analysis.database);
    other.exec('BEGIN IMMEDIATE');
    await until('the fault to be told', () => analysis.logged('the database takes no rows'), 30_000);
    other.exec('ROLLBACK');
    other.close();
    await analysis.endsTrue(1);
    expect(analysis.logged('the database takes rows again')).toBe(true);
  });
});
