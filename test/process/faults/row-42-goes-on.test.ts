import { readFileSync, statSync, truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('goes-on');

/** What people get of an analysis, to the last digit. */
const results = (out: string): string[] =>
  ['detections', 'tracks', 'crossings', 'counts'].map((name) => readFileSync(`${out}/${name}.csv`, 'utf8'));

const journalOf = (out: string): string => `${out}/journals/file-1.journal`;

/** So many bytes of what was seen are on the disk. */
async function seen(out: string, bytes: number): Promise<void> {
  await until('what was seen to be kept', () => {
    try {
      return statSync(journalOf(out)).size > bytes;
    } catch {
      return false;
    }
  });
}

describe('row 42: an analysis that was cut off goes on where it was', () => {
  it('when its detection process is killed: what was seen is not looked at again', async () => {
    const film = await clip();
    const undisturbed = new Analysis(film, at('undisturbed'));
    await undisturbed.endsTrue(1);

    const analysis = new Analysis(film, at('detection'));
    await seen(analysis.out, 1000);
    process.kill(analysis.newest('detection'), 'SIGKILL');
    await analysis.endsTrue(2);
    const { takenOver } = JSON.parse(readFileSync(at('detection', 'summary.json'), 'utf8'));
    expect(takenOver).toBeGreaterThan(0);
    expect(takenOver).toBeLessThan(film.frames);
    expect(results(analysis.out)).toEqual(results(undisturbed.out));
  });

  it('when all of it is killed and it is asked for again, also when the last words were half written', async () => {
    const film = await clip();
    const killed = new Analysis(film, at('killed'));
    await seen(killed.out, 1000);
    killed.command.kill('SIGKILL');
    await killed.end();
    truncateSync(journalOf(killed.out), statSync(journalOf(killed.out)).size - 5);

    const again = new Analysis(film, at('killed'));
    const { stdout } = await again.endsTrue(1);
    const { takenOver } = JSON.parse(stdout);
    expect(takenOver).toBeGreaterThan(0);
    expect(takenOver).toBeLessThan(film.frames);
    expect(results(again.out)).toEqual(results(at('undisturbed')));
    // Nothing is left to go on from.
    expect(() => statSync(journalOf(again.out))).toThrow();
  });

  it('when it is stopped and asked for with another line', async () => {
    const film = await clip();
    const stopped = new Analysis(film, at('stopped'));
    await seen(stopped.out, 1000);
    stopped.command.kill('SIGINT');
    expect((await stopped.end()).stderr).toContain('the same command goes on where this one ended');

    const again = new Analysis(film, at('stopped'), ['--line', 'left:100,0,100,360']);
    const { stdout } = await again.endsTrue(1);
    expect(JSON.parse(stdout).takenOver).toBeGreaterThan(0);
    expect(Object.keys(JSON.parse(stdout).lines)).toEqual(['middle', 'left']);
  });
});
