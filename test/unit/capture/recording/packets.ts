import { fileUrl } from '../../../../src-worker/capture/ffmpeg/arguments.ts';
import { bundledBuild } from '../../../../src-worker/capture/ffmpeg/build.ts';
import { FfmpegChild } from '../../../../src-worker/capture/ffmpeg/child.ts';
import { MatroskaStream } from '../../../../src-worker/capture/recording/matroska-stream.ts';
import type { Packet, StreamHeader } from '../../../../src-worker/capture/recording/packet.ts';
import { recordingArguments } from '../../../../src-worker/capture/recording/recording-arguments.ts';
import type { TapFeed } from '../../../../src-worker/capture/recording/recording-tap.ts';

/** An ffmpeg that plays a file into a tap with the arguments a live source has; at real speed unless told. */
export async function playInto(
  file: string,
  feed: TapFeed,
  { realSpeed = true, before = [] as readonly string[] } = {},
): Promise<FfmpegChild> {
  const input = [...before, ...(realSpeed ? ['-re'] : []), '-i', fileUrl(file)];
  const picture = ['-map', '0:v:0', '-f', 'null', '-'];
  const args = ['-hide_banner', '-nostdin', '-loglevel', 'warning', ...input, ...picture];
  const child = new FfmpegChild(await bundledBuild(), [...args, ...recordingArguments('pipe:3')], {
    stdout: 'ignore',
    onPackets: (chunk) => feed.push(chunk),
  });
  void child.ended.then(() => feed.end());
  return child;
}

/** The bytes such an ffmpeg sends. */
export async function streamBytes(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const child = await playInto(
    file,
    { push: (chunk) => void chunks.push(chunk), end: () => {} },
    {
      realSpeed: false,
    },
  );
  const { code } = await child.ended;
  if (code !== 0) throw new Error(child.log.join('\n'));
  return Buffer.concat(chunks);
}

/** Header and packets of a film, as they would come from a camera. */
export async function packetsOf(file: string): Promise<{ header: StreamHeader; packets: Packet[] }> {
  let header: StreamHeader | null = null;
  const packets: Packet[] = [];
  const parser = new MatroskaStream({
    header: (came) => {
      header = came;
    },
    packet: (packet) => void packets.push(packet),
  });
  parser.push(await streamBytes(file));
  if (header === null) throw new Error('no header came');
  return { header, packets };
}

/** A clock that a test sets. */
export class SetClock {
  nowMs = 0;
  /** Wall time is this much ahead of the monotonic one. */
  wallAheadMs = Date.UTC(2026, 10, 20, 10, 0, 0);
  readonly monoMs = (): number => this.nowMs;
  readonly wallMs = (): number => this.nowMs + this.wallAheadMs;
}
