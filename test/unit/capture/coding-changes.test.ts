import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';
import { SessionRun } from '../../fixtures/session-run.ts';
import { joinedPieces, type PieceOrder, transportPiece } from '../../fixtures/transport-clips.ts';

const { folder, remove } = temporaryFolder('codings');
afterAll(remove);
let films = 0;

/** A film of these pieces, one after the other. */
async function film(...orders: readonly PieceOrder[]): Promise<{ path: string; pieces: string[] }> {
  const name = path.join(folder, `film-${films++}`);
  const pieces: string[] = [];
  for (const [n, order] of orders.entries()) pieces.push(await transportPiece(`${name}-${n}.ts`, order));
  return { path: await joinedPieces(`${name}.ts`, pieces), pieces };
}

const fingerprints = async (file: string): Promise<number[]> => {
  const run = new SessionRun(file);
  await run.whole();
  return run.fingerprints;
};

const steady = (frames: number): number[] => Array.from({ length: frames }, (_, n) => n * 40);

describe('a file whose coding changes in the middle', { timeout: 60_000 }, () => {
  it.each<[string, PieceOrder, PieceOrder]>([
    ['H.264 then MPEG-2, its clock goes on', {}, { coding: 'mpeg2', fromS: 2 }],
    ['MPEG-2 then H.264, its clock begins anew', { coding: 'mpeg2' }, {}],
    ['H.264 then H.265', {}, { coding: 'hevc', fromS: 2 }],
    ['H.265 then H.264 with B-frames', { coding: 'hevc' }, { coding: 'h264-b' }],
    ['H.264 then MPEG-4, both with sound', { sound: true }, { coding: 'mpeg4', sound: true, fromS: 2 }],
    [
      'H.264 then MPEG-2, with a time in front of each packet',
      { timed: true },
      { coding: 'mpeg2', timed: true },
    ],
    ['H.264 then H.264 of another stream', {}, { firstPid: 0x150, fromS: 2 }],
  ])('%s: every picture of both, none beside them', async (_, first, then) => {
    const whole = await film(first, then);
    const run = new SessionRun(whole.path);
    const { end } = await run.whole();
    expect(end).toEqual({
      decoded: 100,
      lastPtsMs: expect.any(Number),
      complete: true,
      error: null,
      decodeErrors: 0,
    });
    const parts = await Promise.all(whole.pieces.map(fingerprints));
    expect(run.fingerprints).toEqual(parts.flat());
    expect(run.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_each, n) => n));
    const times = run.frames.map(({ ptsMs }) => ptsMs ?? -1);
    // Sound may begin a little before the picture, and the clock of ffmpeg with it.
    const [beginsMs = 0] = times;
    expect(times.slice(0, 50)).toEqual(steady(50).map((ms) => ms + beginsMs));
    const [turnsMs = 0] = times.slice(50);
    expect(times.slice(50)).toEqual(steady(50).map((ms) => expect.closeTo(turnsMs + ms, 3)));
    expect(Math.abs(turnsMs - 2000)).toBeLessThan(60);
    const marked = run.frames.flatMap(({ discontinuity }, n) => (discontinuity === true ? [n] : []));
    expect(marked).toEqual([50]);
    expect(run.gaps).toMatchObject([
      { number: 0, cause: 'codec-changed', fromPtsMs: times[49], toPtsMs: turnsMs },
    ]);
    expect(run.gaps[0]?.toWallMs).toBeGreaterThan(run.gaps[0]?.fromWallMs ?? 0);
    expect(run.warnings).toHaveLength(1);
  });

  it('and changes back: a hole for each time', async () => {
    const whole = await film({}, { coding: 'mpeg2', fromS: 2 }, { fromS: 4 });
    const run = new SessionRun(whole.path);
    const { end } = await run.whole();
    expect(end).toMatchObject({ decoded: 150, lastPtsMs: 149 * 40, complete: true });
    expect(run.gaps).toMatchObject([
      { number: 0, fromPtsMs: 1960, toPtsMs: 2000 },
      { number: 1, fromPtsMs: 3960, toPtsMs: 4000 },
    ]);
  });

  it('and that lacks three seconds there: the hole is as long in its times', async () => {
    const whole = await film({}, { coding: 'mpeg2', fromS: 5 });
    const run = new SessionRun(whole.path);
    const { end } = await run.whole();
    expect(end).toMatchObject({ decoded: 100, lastPtsMs: 6960, complete: true });
    expect(run.gaps).toMatchObject([{ fromPtsMs: 1960, toPtsMs: 5000 }]);
    expect((run.gaps[0]?.toWallMs ?? 0) - (run.gaps[0]?.fromWallMs ?? 0)).toBe(3040);
  });

  it('to one that ivis does not decode: incomplete there, with its name', async () => {
    const whole = await film({}, { coding: 'dirac', fromS: 2 });
    const run = new SessionRun(whole.path);
    const { end } = await run.whole();
    expect(end).toMatchObject({ decoded: 50, complete: false, decodeErrors: 0 });
    expect(end.error?.kind).toBe('file-incomplete');
    expect(end.error?.message).toMatch(
      /^incomplete at 2\.00 s( of 4\.00 s)?: the coding changes there from H\.264 to Dirac: .*does not decode/,
    );
    expect(run.frames).toHaveLength(50);
    expect(run.gaps).toEqual([]);
  });

  it.each([1, 4])('and its size with it after %i s: incomplete there, with both', async (seconds) => {
    const whole = await film({ seconds }, { coding: 'mpeg2', fromS: seconds, size: '320x240' });
    const run = new SessionRun(whole.path);
    const { media, end } = await run.whole();
    expect(media).toMatchObject({ codec: 'h264', width: 160, height: 120 });
    expect(end).toMatchObject({ decoded: seconds * 25, complete: false });
    expect(end.error?.message).toMatch(
      /: the coding changes there from H\.264 to MPEG-2: so does the size of the picture, from 160x120 to 320x240$/,
    );
  });

  it('is closed in between without a word more than its end', async () => {
    const whole = await film({}, { coding: 'mpeg2', fromS: 2 });
    const run = new SessionRun(whole.path, {
      onFrame: ({ seq }, { session }) => {
        if (seq === 49) void session.close();
      },
    });
    await run.open();
    const end = await run.ended();
    expect(end).toMatchObject({ complete: false, error: { kind: 'stopped' } });
    await run.close();
    expect(run.ends).toHaveLength(1);
  });

  it('plays on at its own pace', async () => {
    const whole = await film({ seconds: 1 }, { coding: 'mpeg2', seconds: 1, fromS: 1 });
    const run = new SessionRun(whole.path, { mode: 'play' });
    const { end } = await run.whole();
    expect(end).toMatchObject({ decoded: 50, lastPtsMs: 1960, complete: true });
    const [first, last] = [run.frames[0], run.frames.at(-1)];
    expect((last?.monoMs ?? 0) - (first?.monoMs ?? 0)).toBeGreaterThan(1500);
  });
});
