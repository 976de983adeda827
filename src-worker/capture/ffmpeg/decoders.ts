import { toWireError } from '#shared/contracts/wire-error.ts';
import type { Decoder, Decoders } from '#shared/domain/decoder.ts';
import { type FfmpegBuild, fileBuild, isOld, streamBuild } from './build.ts';

const toDecoder = (build: FfmpegBuild): Decoder => ({
  path: build.path,
  version: build.version,
  old: isOld(build),
});

/** Which ffmpeg is used for what; asks each what it is. Never rejects: what does not start is told. */
export async function findDecoders(
  means: { streams: () => Promise<FfmpegBuild>; files: () => Promise<FfmpegBuild> } = {
    streams: streamBuild,
    files: fileBuild,
  },
): Promise<Decoders> {
  const [streams, files] = await Promise.allSettled([means.streams(), means.files()]);
  const problems = [streams, files].flatMap((asked) =>
    asked.status === 'rejected' ? [toWireError(asked.reason).message] : [],
  );
  return {
    streams: streams.status === 'fulfilled' ? toDecoder(streams.value) : null,
    files: files.status === 'fulfilled' ? toDecoder(files.value) : null,
    problem: [...new Set(problems)].join('; ').slice(0, 2000),
  };
}
