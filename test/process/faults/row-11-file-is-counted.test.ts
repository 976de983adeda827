import { expect, it } from 'vitest';
import { readDatabase, readGaps, readSources } from '../../drivers/run-database.ts';
import { ffmpeg } from '../../fixtures/ffmpeg.ts';
import { joinedPieces } from '../../fixtures/transport-clips.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('coding');

it('row 11: a file whose coding changes is counted to its end, with the hole under its cause', {
  timeout: 120_000,
}, async () => {
  const film = await clip();
  const x265 = [
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    'log-level=error:crf=18:bframes=0',
  ];
  await ffmpeg('-i', film.path, '-c', 'copy', '-f', 'mpegts', at('first.ts'));
  await ffmpeg('-i', film.path, ...x265, '-f', 'mpegts', at('then.ts'));
  const path = await joinedPieces(at('both.ts'), [at('first.ts'), at('then.ts')]);
  const twice = {
    ...film,
    path,
    frames: 2 * film.frames,
    forward: 2 * film.forward,
    backward: 2 * film.backward,
  };
  const analysis = new Analysis(twice, at('out'));
  await analysis.endsTrue(1);
  const { database } = analysis;
  const [source = ''] = readSources(database);
  expect(readGaps(database, source)).toMatchObject([{ number: 0, cause: 'codec-changed' }]);
  expect(readDatabase(database).runs).toMatchObject([{ status: 'complete', error_kind: null }]);
  expect(analysis.logged('the coding of the file changes')).toBe(true);
});
