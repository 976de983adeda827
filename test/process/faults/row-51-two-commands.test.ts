import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { strike } from '../../drivers/process-tree.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('two-commands');

describe('row 51: two commands write to the same folder', { timeout: 400_000 }, () => {
  it('the second one is told who has it and changes nothing; the first one ends true', async () => {
    const first = new Analysis(await clip(), at('out'));
    await until('the first run', () => first.newest('capture') > 0, 150_000);
    // It hangs until it is found out, so that it is under way for certain while the second one asks.
    strike(first.newest('detection'), 'SIGSTOP');
    const second = await new Analysis(await clip(), at('out')).end();
    expect(second.code).toBe(6);
    expect(second.stderr).toMatch(/error store-in-use: .*ivis\.db is written by process \d+ since 20/);
    expect(second.stderr).toContain('Another ivis writes this database');
    expect(second.summary).toBeNull();
    await first.endsTrue(2);
    const runs = (): string[] => readDatabase(first.database).runs.map(({ status }) => status);
    expect(runs()).toEqual(['superseded', 'complete']);
    // The folder is free again, and another result goes beside the first.
    await new Analysis(await clip(), at('out')).endsTrue(1);
    expect(runs()).toEqual(['superseded', 'complete', 'complete']);
    expect(JSON.parse(readFileSync(at('out', 'summary.json'), 'utf8')).runId).toBe(3);
  });
});
