import { truncate } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { declaredEnd, isWhole } from '../../../src-worker/capture/container-end.ts';
import { checkFile } from '../../../src-worker/capture/file-check.ts';
import { testClip } from '../../fixtures/clips.ts';
import { ffmpeg, temporaryFolder } from '../../fixtures/ffmpeg.ts';

const { folder, remove } = temporaryFolder('end');
afterAll(remove);
const readerOf = (bytes: Buffer) => async (at: number, length: number) => bytes.subarray(at, at + length);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

describe('where a container says it ends', { timeout: 30_000 }, () => {
  it.each(['mp4', 'mkv', 'avi'])(
    'is where a whole .%s file ends, and beyond the end of one a few bytes short',
    async (kind) => {
      const file = path.join(folder, `a.${kind}`);
      await testClip(file, { frames: 10 });
      const checked = await checkFile(file);
      expect(await isWhole(file, checked)).toBe(true);
      await truncate(file, checked.bytes - 7);
      expect(await isWhole(file, await checkFile(file))).toBe(false);
    },
  );

  it('is unknown for a transport stream and for a Matroska file written live', async () => {
    const stream = path.join(folder, 'a.ts');
    await testClip(stream, { frames: 10 });
    expect(await isWhole(stream, await checkFile(stream))).toBeNull();
    const live = path.join(folder, 'live.mkv');
    await ffmpeg('-i', `file:${stream}`, '-c', 'copy', '-live', '1', `file:${live}`);
    expect(await isWhole(live, await checkFile(live))).toBeNull();
  });

  it('follows 64-bit boxes and boxes that go to the end', async () => {
    const large = Buffer.alloc(16);
    large.writeUInt32BE(1);
    large.write('mdat', 4);
    large.writeBigUInt64BE(6_000_000_000n, 8);
    const head = Buffer.concat([u32(8), Buffer.from('free')]);
    expect(await declaredEnd('mp4', readerOf(Buffer.concat([head, large])), 24)).toBe(6_000_000_008);
    const open = Buffer.concat([head, u32(0), Buffer.from('mdat'), Buffer.alloc(100)]);
    expect(await declaredEnd('mp4', readerOf(open), open.length)).toBe(open.length);
  });

  it('is found or unknown for any bytes, never an error or an endless walk', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('mp4' as const, 'matroska' as const, 'avi' as const, 'mpegts' as const),
        fc.uint8Array({ maxLength: 400 }),
        async (family, bytes) => {
          const end = await declaredEnd(family, readerOf(Buffer.from(bytes)), bytes.length);
          expect(end === null || (Number.isFinite(end) && end >= 0)).toBe(true);
        },
      ),
    );
  });
});
