import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodingChange, CodingWatch } from '../../../../src-worker/capture/transport/coding-watch.ts';
import { temporaryFolder } from '../../../fixtures/ffmpeg.ts';
import { joinedPieces, type PieceOrder, transportPiece } from '../../../fixtures/transport-clips.ts';

const { folder, remove } = temporaryFolder('coding');
const pieces = new Map<string, Promise<string>>();
const piece = (name: string, order: PieceOrder): Promise<string> => {
  const made = pieces.get(name) ?? transportPiece(path.join(folder, `${name}.ts`), { seconds: 1, ...order });
  pieces.set(name, made);
  return made;
};

/** What is told of these bytes, given in chunks of this size. */
function told(bytes: Buffer, chunk = 65_536, firstByte = 0): CodingChange | null {
  const watch = new CodingWatch(firstByte);
  for (let at = 0; at < bytes.length; at += chunk) {
    const change = watch.push(bytes.subarray(at, at + chunk));
    if (change !== null) return change;
  }
  return null;
}

const joined = async (names: readonly string[], between = 0): Promise<Buffer> => {
  const files = await Promise.all(names.map((name) => piece(name, {})));
  return readFile(await joinedPieces(path.join(folder, `${names.join('+')}.ts`), files, between));
};

beforeAll(async () => {
  await piece('h264', {});
  await piece('mpeg2', { coding: 'mpeg2' });
  await piece('other-pid', { firstPid: 0x150 });
  await piece('sound', { sound: true });
  await piece('timed', { timed: true });
  await piece('timed-mpeg2', { timed: true, coding: 'mpeg2' });
}, 30_000);
afterAll(remove);

describe('the coding of a transport stream', () => {
  it.each(['h264', 'mpeg2', 'sound', 'timed'])('does not change within one (%s)', async (name) => {
    expect(told(await joined([name]))).toBeNull();
  });

  it('does not change when one comes again, or gets sound', async () => {
    expect(told(await joined(['h264', 'h264']))).toBeNull();
    expect(told(await joined(['h264', 'sound']))).toBeNull();
  });

  it.each([1, 100, 188, 4096, 1 << 20])(
    'changes at the first table of the other, in chunks of %i',
    async (chunk) => {
      const { size } = await stat(await piece('h264', {}));
      const bytes = await joined(['h264', 'mpeg2']);
      const change = told(bytes, chunk);
      expect(change).toMatchObject({ from: 'H.264', to: 'MPEG-2' });
      // Tables come first: of the service, of the programs, of the program.
      expect(change?.atByte).toBe(size + 2 * 188);
      expect(change?.preface).toEqual(bytes.subarray(size + 188, size + 2 * 188));
    },
  );

  it('is read on from where it changed', async () => {
    const { size } = await stat(await piece('h264', {}));
    const bytes = await joined(['h264', 'mpeg2', 'h264']);
    const change = told(bytes);
    const at = change?.atByte ?? 0;
    const rest = Buffer.concat([change?.preface ?? Buffer.alloc(0), bytes.subarray(at)]);
    const next = told(rest, 4096, at - 188);
    expect(next).toMatchObject({ from: 'MPEG-2', to: 'H.264', atByte: bytes.length - size + 2 * 188 });
  });

  it('is another stream where its packets are others', async () => {
    expect(told(await joined(['h264', 'other-pid']))).toMatchObject({ from: 'H.264', to: 'H.264' });
  });

  it('is read with a time in front of each packet', async () => {
    const { size } = await stat(await piece('timed', {}));
    const bytes = await joined(['timed', 'timed-mpeg2']);
    const change = told(bytes);
    expect(change).toMatchObject({ from: 'H.264', to: 'MPEG-2', atByte: size + 2 * 192 });
    expect(change?.preface).toHaveLength(192);
    expect(change?.preface.subarray(4)).toEqual(bytes.subarray(size + 192 + 4, size + 2 * 192));
  });

  it('is found again where packets are out of step', async () => {
    const { size } = await stat(await piece('h264', {}));
    const change = told(await joined(['h264', 'mpeg2'], 77));
    expect(change).toMatchObject({ to: 'MPEG-2', atByte: size + 77 + 2 * 188 });
    expect(told(await joined(['h264', 'timed-mpeg2']))).toMatchObject({ to: 'MPEG-2' });
  });

  it('is not believed from a table that is damaged', async () => {
    const bytes = Buffer.from(await joined(['h264']));
    // The program map of the first packets, with another coding in it and its old checksum.
    const at = bytes.indexOf(Buffer.from([0x1b, 0xe1, 0x00, 0xf0, 0x00]), 3 * 188);
    expect(at).toBeGreaterThan(0);
    bytes[at] = 0x02;
    expect(told(bytes)).toBeNull();
  });

  it('is nothing in what is no transport stream', () => {
    const noise = Array.from({ length: 4000 }, (_, n) => createHash('sha256').update(`${n}`).digest());
    expect(told(Buffer.concat(noise))).toBeNull();
    expect(told(Buffer.alloc(50_000, 0x47))).toBeNull();
  });
});
