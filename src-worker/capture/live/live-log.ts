import type { WireError } from '#shared/contracts/wire-error.ts';
import type { Loss } from './loss.ts';

/** What ffmpeg's log says of the stream it opened. */
export interface StreamFacts {
  readonly container: string;
  readonly codec: string;
  /** As coded; null when the log does not say. */
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  /** A stream with an end of its own. */
  readonly durationMs: number | null;
}

/** Reads the lines about the input as they come; complete with the line about the first video stream. */
export class StreamReader {
  #container = '';
  #durationMs: number | null = null;
  #told = false;

  /** The facts, once: when this line completes them. */
  line(line: string): StreamFacts | null {
    if (this.#told) return null;
    this.#container = /Input #0, ([\w,]+?), from /.exec(line)?.[1] ?? this.#container;
    const duration = /\s{2}Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(line);
    if (duration !== null) {
      const [, hours, minutes, seconds] = duration;
      this.#durationMs = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    }
    const video = /Stream #0:\d+[^:]*(?:\([^)]*\))?: Video: ([\w-]+)(.*)$/.exec(line);
    if (video === null || this.#container === '') return null;
    this.#told = true;
    const [, codec = 'unknown', rest = ''] = video;
    const size = /, (\d{1,5})x(\d{1,5})(?=[ ,]|$)/.exec(rest);
    const fps = /, (\d+(?:\.\d+)?)(k?) fps/.exec(rest);
    const rate = fps === null ? 0 : Number(fps[1]) * (fps[2] === 'k' ? 1000 : 1);
    return {
      container: this.#container,
      codec,
      width: size === null ? null : Number(size[1]),
      height: size === null ? null : Number(size[2]),
      // 90000 and the like is the clock of the stream, not its rate.
      fps: rate > 0 && rate <= 300 ? rate : null,
      durationMs: this.#durationMs,
    };
  }
}

interface Symptom {
  readonly pattern: RegExp;
  readonly kind: Loss['kind'];
  readonly error: WireError['kind'];
  readonly message: string;
}

/** First match wins. What the relay hears from the camera itself goes before all of these. */
const SYMPTOMS: readonly Symptom[] = [
  {
    pattern: /Picture size \d+x\d+ exceeds specified max pixel count/,
    kind: 'faulted',
    error: 'frame-too-large',
    message: 'the picture has more pixels than ivis takes (7680x4320)',
  },
  {
    pattern: /(Codec|Format|Protocol) .*not on whitelist/,
    kind: 'faulted',
    error: 'stream-refused',
    message: 'the stream is coded or packed in a way that ivis does not open',
  },
  {
    pattern: /matches no streams|does not contain any stream/,
    kind: 'refused',
    error: 'stream-refused',
    message: 'the stream has no picture in it',
  },
  {
    pattern: /Option \w+ not found|Unrecognized option|Error (splitting|parsing) .*option/,
    kind: 'faulted',
    error: 'ffmpeg-failed',
    message: 'this ffmpeg does not know an option that is needed',
  },
  {
    pattern:
      /Cannot open video device.*(No such|Permission|busy)|video device.*not found|Could not find video device|Device or resource busy|Could not (run|open).*dshow|Input\/output error.*dshow/i,
    kind: 'device-missing',
    error: 'device-missing',
    message: 'the webcam is not there, in use, or not permitted',
  },
  {
    pattern: /Server returned 40[13]|401 Unauthorized|authorization failed/i,
    kind: 'auth-failed',
    error: 'camera-auth',
    message: 'the source wants a user and password, or rejects them',
  },
  {
    pattern: /Server returned 404|404 Not Found/i,
    kind: 'not-found',
    error: 'camera-not-found',
    message: 'there is no such stream',
  },
  {
    pattern: /Invalid data found when processing input/,
    kind: 'refused',
    error: 'stream-refused',
    message: 'what comes is not a stream of pictures that ivis can read',
  },
];

/** Why ffmpeg left, from its log; `fallback` when it says nothing that is known. */
export function lossFromLog(log: readonly string[], fallback: Loss): Loss {
  const text = log.join('\n');
  const found = SYMPTOMS.find(({ pattern }) => pattern.test(text));
  if (found === undefined) return fallback;
  return { kind: found.kind, error: { kind: found.error, message: found.message } };
}
