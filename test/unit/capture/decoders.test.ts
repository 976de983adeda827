import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import {
  bundledBuild,
  chooseBuild,
  probeBuild,
  writerBuild,
} from '../../../src-worker/capture/ffmpeg/build.ts';
import { findDecoders } from '../../../src-worker/capture/ffmpeg/decoders.ts';

describe('the decoders in use', () => {
  it('are told with version and path, an old one as old', async () => {
    const found = await findDecoders({ streams: bundledBuild, files: bundledBuild });
    const own = await bundledBuild();
    expect(found.files).toEqual({ path: own.path, version: own.version, old: own.library[0] < 59 });
    expect(found.streams).toEqual(found.files);
    expect(found.problem).toBe('');
  });

  it('are told apart: one that does not start is named, the other one stays', async () => {
    const found = await findDecoders({
      streams: () => probeBuild('/nowhere/ffmpeg'),
      files: bundledBuild,
    });
    expect(found.streams).toBeNull();
    expect(found.files?.version).not.toBe('');
    expect(found.problem).toMatch(/ffmpeg does not start: .*nowhere/);
    const none = async () => Promise.reject(new NamedError('ffmpeg-missing', 'gone'));
    expect(await findDecoders({ streams: none, files: none })).toEqual({
      streams: null,
      files: null,
      problem: 'gone',
    });
  });

  it('for files is the one that somebody named, and nobody’s choice is overruled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ivis-decoder-'));
    const named = join(folder, 'my-ffmpeg');
    const own = await bundledBuild();
    symlinkSync(own.path, named);
    expect((await chooseBuild(named, null)).path).toBe(named);
    expect((await chooseBuild(null, null)).path).toBe(own.path);
    // Ours is missing: what is there is taken, for films that are written as well.
    const none = () => Promise.reject(new NamedError('ffmpeg-missing', 'ours is missing'));
    expect((await chooseBuild(named, null, none)).path).toBe(named);
    expect((await chooseBuild(null, named, none)).path).toBe(named);
    expect((await writerBuild(named, none)).path).toBe(named);
    expect((await writerBuild(named)).path).toBe(own.path);
    for (const refused of [chooseBuild(null, null, none), writerBuild(null, none)])
      await expect(refused).rejects.toMatchObject({ kind: 'ffmpeg-missing' });
    await expect(chooseBuild(join(folder, 'gone'), null)).rejects.toMatchObject({ kind: 'ffmpeg-missing' });
    rmSync(folder, { recursive: true });
  });
});
