import { type BuildOptions, everyFrame, fileInput, fileUrl, globals } from './arguments.ts';

const progress = ['-y', '-progress', 'pipe:1'];
const place = (outPath: string, mp4: boolean): string[] => [
  ...(mp4 ? ['-movflags', '+faststart', '-f', 'mp4'] : ['-f', 'matroska']),
  fileUrl(outPath),
];

/** Packs a clip into a container without touching its pictures. `codec` is Matroska's name of it. */
export function repackArguments(
  build: BuildOptions,
  order: { readonly path: string; readonly outPath: string; readonly codec: string; readonly mp4: boolean },
): string[] {
  return [
    ...globals('warning'),
    ...progress,
    ...fileInput(build, order.path, 1),
    ...['-c:v', 'copy'],
    // The name players look for.
    ...(order.mp4 && order.codec === 'V_MPEGH/ISO/HEVC' ? ['-tag:v', 'hvc1'] : []),
    ...place(order.outPath, order.mp4),
  ];
}

/** Encodes exactly the pictures with fromMs <= time < toMs as H.264, near to lossless for the eye. */
export function exactArguments(
  build: BuildOptions,
  order: {
    readonly path: string;
    readonly outPath: string;
    readonly fromMs: number;
    readonly toMs: number;
    readonly mp4: boolean;
    readonly threads: number;
  },
): string[] {
  // Matroska counts milliseconds: whole numbers, compared without rounding.
  const range = `trim=start_pts=${order.fromMs}:end_pts=${order.toMs},setpts=PTS-STARTPTS`;
  return [
    ...globals('warning'),
    ...progress,
    ...fileInput(build, order.path, order.threads),
    ...['-vf', `${range},pad=ceil(iw/2)*2:ceil(ih/2)*2`],
    ...everyFrame(build),
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '17', '-pix_fmt', 'yuv420p'],
    // As for annotated videos: without B-frames no edit list is needed that could hide a picture.
    ...['-bf', '0', '-use_editlist', '0'],
    ...place(order.outPath, order.mp4),
  ];
}
