import { app } from 'electron';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
import {
  firstMarker,
  graphicsGivenUp,
  HEALTHY_MS,
  planStart,
  type StartMarker,
  type StartPlan,
  settled,
} from '../supervisor/start-policy.ts';

const fileSchema = z.object({
  version: z.literal(1),
  starting: z.boolean(),
  quickEnds: z.number().int().nonnegative(),
  softwareGraphics: z.boolean(),
});

export interface StartGuardOptions {
  readonly monoMs: () => number;
  readonly note: (message: string) => void;
  /** Ends ivis in order; it is started again when it is gone. */
  readonly quit: () => void;
}

/** The marker of this start in the data folder, and what follows from the one found there. */
export class StartGuard {
  readonly plan: StartPlan;
  readonly #path: string;
  #marker: StartMarker;
  #healthy: NodeJS.Timeout | null = null;
  #relaunching = false;

  /** Before Electron is ready: hardware acceleration can be switched off only then. */
  constructor(path: string) {
    this.#path = path;
    this.plan = planStart(readJsonFile(path, fileSchema).value);
    this.#marker = this.plan.marker;
    this.#write();
    if (this.plan.softwareGraphics) app.disableHardwareAcceleration();
    // Chromium forgives an end of the graphics process after an hour, and ends the whole program at the third one when
    // it has no other way to draw left. Drawing is no reason to stop counting: it is tried again as often as needed.
    app.commandLine.appendSwitch('disable-gpu-process-crash-limit');
  }

  /** The window is up: after a minute the start has gone well; the graphics process is watched. */
  watch({ monoMs, note, quit }: StartGuardOptions): void {
    this.#healthy = setTimeout(() => this.#settle(), HEALTHY_MS);
    if (this.plan.mode === 'safe')
      note(`safe mode: ivis ended ${this.plan.marker.quickEnds} times soon after its start`);
    const endsMs: number[] = [];
    app.on('child-process-gone', (_event, { type, reason }) => {
      if (type !== 'GPU' || reason === 'clean-exit') return;
      endsMs.push(monoMs());
      note(`the graphics process ended (${reason}), ${endsMs.length} in all`);
      if (this.plan.softwareGraphics || !graphicsGivenUp(endsMs, monoMs())) return;
      // It may be the card or its driver: better to start anew without them than to draw nothing.
      note('the graphics process keeps ending: ivis starts again without hardware acceleration');
      this.#relaunch({ ...settled(this.#marker), softwareGraphics: true }, quit);
    });
  }

  /** A person wants to go on as always. */
  startNormally(quit: () => void): void {
    this.#relaunch(firstMarker, quit);
  }

  /** ivis ends in order. */
  ended(): void {
    this.#settle();
  }

  /** Something went wrong in main itself: it starts again, unless that is safe mode already. */
  crashed(): void {
    if (this.plan.mode !== 'safe') app.relaunch();
  }

  #relaunch(marker: StartMarker, quit: () => void): void {
    if (this.#relaunching) return;
    this.#relaunching = true;
    this.#marker = marker;
    this.#write();
    app.relaunch();
    quit();
  }

  #settle(): void {
    if (this.#healthy !== null) clearTimeout(this.#healthy);
    this.#marker = settled(this.#marker);
    this.#write();
  }

  /** A marker that cannot be written guards nothing and stops nothing. */
  #write(): void {
    try {
      writeJsonFile(this.#path, { version: 1, ...this.#marker });
    } catch {
      // The data folder is told of where it is opened.
    }
  }
}
