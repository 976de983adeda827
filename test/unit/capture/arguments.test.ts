import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  annotateArguments,
  decodeArguments,
  fileUrl,
  probeArguments,
  sizeGuard,
} from '../../../src-worker/capture/ffmpeg/arguments.ts';

const OLD = {
  options: new Set(['vsync', 'enc_time_base', 'protocol_whitelist', 'format_whitelist', 'max_pixels']),
};
const NEW = { options: new Set([...OLD.options, 'fps_mode', 'codec_whitelist']), library: [60, 16] as const };
const BARE = { options: new Set<string>() };
const order = {
  path: '/v/a.mp4',
  mode: 'analyse',
  width: 640,
  height: 360,
  threads: 2,
  output: 'pipe:1',
} as const;

/** The value that follows an option. */
const valueAfter = (args: readonly string[], option: string): string | undefined => {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
};

describe('arguments for ffmpeg', () => {
  it('give a file as an absolute path with its protocol', () => {
    expect(fileUrl('/v/a.mp4')).toBe('file:/v/a.mp4');
    expect(fileUrl('-i.mp4')).toBe(`file:${path.resolve('-i.mp4')}`);
  });

  it('never let a path become anything but the value of -i', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const file = `/v/${name}`;
        const args = decodeArguments(NEW, { ...order, path: file });
        const plain = decodeArguments(NEW, { ...order, path: '/v/x' });
        const at = args.indexOf('-i') + 1;
        expect(args[at]).toBe(`file:${path.resolve(file)}`);
        expect(args.with(at, '')).toEqual(plain.with(at, ''));
      }),
    );
  });

  it('keep playlists, network addresses and oversized pictures out', () => {
    for (const args of [decodeArguments(NEW, order), probeArguments(NEW, order.path)]) {
      expect(valueAfter(args, '-protocol_whitelist')).toBe('file,pipe');
      expect(valueAfter(args, '-format_whitelist')?.split(',')).not.toEqual(expect.arrayContaining(['hls']));
      expect(valueAfter(args, '-format_whitelist')).toContain('matroska');
      expect(valueAfter(args, '-codec_whitelist')).toContain('h264');
      expect(valueAfter(args, '-max_pixels')).toBe(String(7680 * 4320));
      expect(args.indexOf('-protocol_whitelist')).toBeLessThan(args.indexOf('-i'));
    }
  });

  it('use only options that the build knows', () => {
    expect(decodeArguments(BARE, order)).not.toContain('-format_whitelist');
    expect(decodeArguments(BARE, order)).not.toContain('-enc_time_base');
    expect(decodeArguments(OLD, order)).not.toContain('-codec_whitelist');
  });

  it.each([
    ['an old build', OLD, '-vsync', '0', '-1'],
    ['a new build', NEW, '-fps_mode', 'passthrough', 'demux'],
    ['ffmpeg 5', { ...NEW, library: [59, 27] as const }, '-fps_mode', 'passthrough', '-1'],
  ])('take every frame once at its own time with %s', (_, build, option, value, timeBase) => {
    const args = decodeArguments(build, order);
    expect(valueAfter(args, option)).toBe(value);
    expect(valueAfter(args, '-enc_time_base')).toBe(timeBase);
    expect(args).not.toContain(option === '-vsync' ? '-fps_mode' : '-vsync');
  });

  it('decode at real speed only when playing', () => {
    expect(decodeArguments(OLD, order)).not.toContain('-re');
    const playing = decodeArguments(OLD, { ...order, mode: 'play' });
    expect(playing.indexOf('-re')).toBeGreaterThan(0);
    expect(playing.indexOf('-re')).toBeLessThan(playing.indexOf('-i'));
  });

  it('allow to overwrite only where the output is a named pipe', () => {
    expect(decodeArguments(OLD, order)).not.toContain('-y');
    const piped = decodeArguments(OLD, { ...order, output: '\\\\.\\pipe\\ivis' });
    expect(piped).toContain('-y');
    expect(piped.at(-1)).toBe('\\\\.\\pipe\\ivis');
  });

  it('guard the size of the picture', () => {
    expect(valueAfter(decodeArguments(OLD, order), '-vf')).toBe(sizeGuard(640, 360));
    expect(sizeGuard(640, 360)).toContain('eq(iw\\,640)*eq(ih\\,360)');
  });

  it('take only plain names into a filter', () => {
    const annotate = {
      videoPath: '/v/a.mp4',
      assName: 'boxes.ass',
      fontsName: 'fonts',
      outPath: '/o/x',
      threads: 2,
    };
    expect(valueAfter(annotateArguments(OLD, annotate), '-vf')).toContain('ass=boxes.ass:fontsdir=fonts');
    for (const name of ['a b.ass', "x'.ass", 'c:x.ass', '../x.ass', 'a[0].ass', 'ش.ass', '-x.ass', '']) {
      expect(() => annotateArguments(OLD, { ...annotate, assName: name })).toThrow(RangeError);
    }
  });
});
