import type { WebcamCoding } from '#shared/domain/source-input.ts';

/** What ffmpeg takes webcams from; lavfi makes pictures up, where there is no webcam to test with. */
export type WebcamSystem = 'v4l2' | 'avfoundation' | 'dshow' | 'lavfi';

export interface WebcamOrder {
  readonly system: WebcamSystem;
  readonly device: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  /** What the device compresses to; left out: raw pictures. */
  readonly coding?: WebcamCoding | undefined;
}

/** The webcam system of a platform; null where ffmpeg has none. */
export function webcamSystem(platform: NodeJS.Platform): WebcamSystem | null {
  switch (platform) {
    case 'linux':
      return 'v4l2';
    case 'darwin':
      return 'avfoundation';
    case 'win32':
      return 'dshow';
    default:
      return null;
  }
}

/** DirectShow splits at colons (video=NAME:audio=NAME) and knows no escape. */
const dshowName = (device: string): string => `video=${device.replaceAll(':', '_')}`;

function deviceName({ system, device }: WebcamOrder): string {
  switch (system) {
    case 'v4l2':
      // Nothing but a device of video4linux: the name must not lead elsewhere.
      if (!/^\/dev\/(video\d+|v4l\/by-(id|path)\/[\w.:+-]+)$/.test(device)) {
        throw new RangeError(`not a webcam: ${device}`);
      }
      return device;
    case 'avfoundation':
      return `${device.replaceAll(':', '')}:none`;
    case 'dshow':
      return dshowName(device);
    case 'lavfi':
      return device;
  }
}

/** AVFoundation hands out raw pictures only: nothing is asked of it. */
function codingOf(system: WebcamSystem, coding: WebcamCoding): string[] {
  if (system === 'v4l2') return ['-input_format', coding];
  return system === 'dshow' ? ['-vcodec', coding] : [];
}

/** True where what comes of a webcam is a compressed stream, which can be recorded as it is. */
export const givesPackets = ({ system, coding }: WebcamOrder): boolean =>
  coding !== undefined && (system === 'v4l2' || system === 'dshow');

/** Input options of a webcam, the device last. Throws RangeError for a name that is no webcam's. */
export function webcamInput(order: WebcamOrder): string[] {
  const { system, width, height, fps, coding } = order;
  const name = deviceName(order);
  if (system === 'lavfi') return ['-re', '-f', 'lavfi', '-i', name];
  return [
    '-f',
    system,
    ...(system === 'dshow' ? ['-rtbufsize', '64M'] : []),
    ...(coding === undefined ? [] : codingOf(system, coding)),
    // AVFoundation refuses its own default rate.
    ...(fps === null ? (system === 'avfoundation' ? ['-framerate', '30'] : []) : ['-framerate', String(fps)]),
    ...(width === null || height === null ? [] : ['-video_size', `${width}x${height}`]),
    '-i',
    name,
  ];
}
