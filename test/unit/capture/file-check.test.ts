import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { checkFile, lookAt } from '../../../src-worker/capture/file-check.ts';
import { playlistClip, soundOnly, testClip, textClip } from '../../fixtures/clips.ts';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';

const { folder, remove } = temporaryFolder('check');
const at = (name: string): string => path.join(folder, name);
afterAll(remove);

describe('the first bytes of a file', () => {
  it.each([
    ['HLS', '#EXTM3U\n#EXTINF:4,\nfile:/etc/passwd\n'],
    ['HLS after a byte order mark', '\ufeff#EXTM3U\n'],
    ['HLS after blanks', '\n\n  #EXTM3U\n'],
    ['ffconcat', "ffconcat version 1.0\nfile '/etc/passwd'\n"],
    ['PLS', '[playlist]\nFile1=/etc/passwd\n'],
    ['SDP', 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n'],
    ['DASH', '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">'],
    ['DASH after a comment', '<?xml version="1.0"?><!-- a -->\n<MPD>'],
    ['IMF', '<?xml version="1.0"?>\n<AssetMap>'],
  ])('show a playlist (%s)', (_, text) => {
    expect(lookAt(Buffer.from(text)).kind).toBe('refused');
  });

  it.each([
    ['Windows Media', '3026b2758e66cf11a6d9'],
    ['Flash', '464c560105'],
    ['Ogg', '4f67675300'],
    ['an MPEG program stream', '000001ba44'],
  ])('show a container that is not opened (%s)', (_, hex) => {
    expect(lookAt(Buffer.from(hex, 'hex')).kind).toBe('refused');
  });

  it('show a picture, a program or text to be no video', () => {
    for (const hex of [
      'ffd8ffe000104a464946',
      '89504e470d0a1a0a',
      '7f454c4602010100',
      '504b0304',
      '68656c6c6f',
      '00',
    ]) {
      expect(lookAt(Buffer.from(hex, 'hex')).kind).toBe('not-video');
    }
    expect(lookAt(Buffer.from('RIFF\x10\0\0\0WAVEfmt ', 'latin1')).kind).toBe('not-video');
  });

  it('are judged without throwing, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (bytes) => {
        expect(['container', 'refused', 'not-video']).toContain(lookAt(Buffer.from(bytes)).kind);
      }),
    );
  });
});

describe('a file that is opened', { timeout: 30_000 }, () => {
  it.each(['mp4', 'mkv', 'avi', 'ts'])(
    'is let through when it is a video (.%s), whatever it is called',
    async (kind) => {
      const clip = await testClip(at(`a.${kind}`), { frames: 5 });
      const families = { mp4: 'mp4', mkv: 'matroska', avi: 'avi', ts: 'mpegts' };
      expect((await checkFile(clip.path)).family).toBe(families[kind as keyof typeof families]);
    },
  );

  it('may hold sound only: what is in the container is not seen here', async () => {
    expect((await checkFile(await soundOnly(at('sound.mp4')))).family).toBe('mp4');
  });

  it.each<[string, string, () => Promise<string>]>([
    ['is not there', 'file-not-found', async () => at('nowhere.mp4')],
    [
      'lies in a file instead of a folder',
      'file-not-found',
      async () => path.join(await textClip(at('t')), 'a.mp4'),
    ],
    ['has a zero byte in its name', 'file-not-found', async () => at('a\0b.mp4')],
    ['has an endless name', 'file-not-found', async () => at(`${'x'.repeat(400)}.mp4`)],
    ['is a folder', 'file-unreadable', async () => folder],
    ['is a device', 'file-unreadable', async () => '/dev/zero'],
    [
      'is empty',
      'file-empty',
      async () => {
        await writeFile(at('empty.mp4'), '');
        return at('empty.mp4');
      },
    ],
    ['is text', 'file-not-video', () => textClip(at('text.mp4'))],
    ['is a playlist', 'file-refused', () => playlistClip(at('list.mp4'), '/etc/passwd')],
  ])('is refused by name when it %s', async (_, kind, make) => {
    await expect(checkFile(await make())).rejects.toMatchObject({ kind });
  });

  it.skipIf(process.getuid?.() === 0)('is refused when reading it is not permitted', async () => {
    const clip = await testClip(at('secret.mp4'), { frames: 2 });
    await chmod(clip.path, 0);
    await expect(checkFile(clip.path)).rejects.toMatchObject({ kind: 'file-unreadable' });
  });

  it('is refused behind a loop of links', async () => {
    const { symlink } = await import('node:fs/promises');
    await mkdir(at('loop'), { recursive: true });
    await symlink(at('loop/b.mp4'), at('loop/a.mp4'));
    await symlink(at('loop/a.mp4'), at('loop/b.mp4'));
    await expect(checkFile(at('loop/a.mp4'))).rejects.toMatchObject({ kind: 'file-unreadable' });
  });
});
