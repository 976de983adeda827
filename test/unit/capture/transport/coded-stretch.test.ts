import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIRST_STRETCH, feedStretch } from '../../../../src-worker/capture/transport/coded-stretch.ts';
import { FilmStretches } from '../../../../src-worker/capture/transport/film-stretches.ts';
import { temporaryFolder } from '../../../fixtures/ffmpeg.ts';
import { joinedPieces, transportPiece } from '../../../fixtures/transport-clips.ts';

const { folder, remove } = temporaryFolder('stretch');
const both = path.join(folder, 'both.ts');

beforeAll(async () => {
  const first = await transportPiece(path.join(folder, 'a.ts'), { seconds: 1 });
  const then = await transportPiece(path.join(folder, 'b.ts'), { seconds: 1, coding: 'mpeg2' });
  await joinedPieces(both, [first, then]);
}, 30_000);
afterAll(remove);

describe('feeding a stretch of a transport stream', () => {
  it('gives every byte once, over all stretches, however slowly they are taken', async () => {
    const taken: number[] = [];
    const slow = (): Writable =>
      new Writable({
        highWaterMark: 1000,
        write: (chunk: Buffer, _encoding, done) => {
          taken.push(chunk.length);
          setTimeout(done, 5);
        },
      });
    const sink = slow();
    const { change, failed } = await feedStretch(both, FIRST_STRETCH, sink);
    expect({ failed, to: change?.to, ended: sink.writableEnded }).toEqual({
      failed: null,
      to: 'MPEG-2',
      ended: true,
    });
    expect(taken.reduce((sum, bytes) => sum + bytes, 0)).toBe(change?.atByte);
    if (change === null) throw new Error('no change');
    expect(await feedStretch(both, change, slow())).toEqual({ change: null, failed: null });
    const [prefaced] = taken.slice(-2);
    expect(prefaced).toBe(change.preface.length);
  });

  it('ends without a word when nobody takes any more', async () => {
    const sink = new PassThrough({ highWaterMark: 1000 });
    const fed = feedStretch(both, FIRST_STRETCH, sink);
    setTimeout(() => sink.destroy(new Error('EPIPE')), 20);
    expect(await fed).toEqual({ change: null, failed: null });
  });

  it('says what reading failed of, and lets go of whoever waits for more', async () => {
    const sink = new PassThrough();
    const { failed } = await feedStretch(path.join(folder, 'none.ts'), FIRST_STRETCH, sink);
    expect(failed).toMatch(/ENOENT/);
    expect(sink.writableEnded).toBe(true);
    const asFile = await feedStretch(folder, FIRST_STRETCH, new PassThrough());
    expect(asFile.failed).toMatch(/EISDIR/);
  });
});

describe('a film that is played again and again', () => {
  /** Feeds one ffmpeg; how many bytes it got. */
  async function round(stretches: FilmStretches, whole = true): Promise<number> {
    let bytes = 0;
    const sink = new PassThrough();
    sink.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    stretches.feeder(both)?.(sink);
    await new Promise((resolve) => sink.once('end', resolve));
    await stretches.over(whole);
    return bytes;
  }

  it('is read by ffmpeg itself until it is known that its coding may change', async () => {
    const stretches = new FilmStretches();
    stretches.know(false);
    expect(stretches.feeder(both)).toBeNull();
    await stretches.over(true);
    stretches.know(true);
    expect(stretches.feeder(both)).not.toBeNull();
  });

  it('goes on behind each change, begins anew at its end, and behind what cannot be decoded', async () => {
    const stretches = new FilmStretches();
    stretches.know(true);
    const [first, then] = [await round(stretches), await round(stretches)];
    expect(first).not.toBe(then);
    expect([await round(stretches), await round(stretches, false), await round(stretches)]).toEqual([
      first,
      then,
      first,
    ]);
  });
});
