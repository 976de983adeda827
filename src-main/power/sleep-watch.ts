import type { Clock } from '#shared/clock.ts';
import { StillWatch } from '#shared/still-watch.ts';

/** Where the system tells that the computer goes to sleep and that it woke; Electron's powerMonitor is one. */
export interface PowerPort {
  on(event: 'suspend' | 'resume', heard: () => void): unknown;
}

export interface SleepEvents {
  /** `noticed`: found out afterwards; else the computer is about to sleep. */
  suspended(fromWallMs: number, noticed: boolean): void;
  resumed(): void;
}

/** Announced sleep that does not come within so many looks was called off. */
const LOOKS_AWAKE = 60;

/** Tells when the computer slept: as the system announces it, and where it does not, from the clocks. */
export class SleepWatch {
  readonly #clock: Clock;
  readonly #upMs: () => number;
  readonly #events: SleepEvents;
  readonly #still = new StillWatch();
  #lookedWallMs: number;
  #asleep = false;
  #looksAwake = 0;

  /** `upMs`: of a clock that goes on in sleep. */
  constructor(clock: Clock, upMs: () => number, events: SleepEvents) {
    this.#clock = clock;
    this.#upMs = upMs;
    this.#events = events;
    this.#lookedWallMs = clock.wallMs();
  }

  follow(port: PowerPort): void {
    port.on('suspend', () => this.#sleep());
    port.on('resume', () => this.#wake());
  }

  /** To be called once a second. */
  look(): void {
    const sinceWallMs = this.#lookedWallMs;
    this.#lookedWallMs = this.#clock.wallMs();
    const stood = this.#still.look(this.#clock.monoMs(), this.#upMs()) !== null;
    if (this.#asleep) {
      this.#looksAwake = stood ? 0 : this.#looksAwake + 1;
      if (this.#looksAwake >= LOOKS_AWAKE) this.#rise();
      return;
    }
    if (!stood) return;
    this.#events.suspended(sinceWallMs, true);
    this.#events.resumed();
  }

  #sleep(): void {
    if (this.#asleep) return;
    this.#asleep = true;
    this.#looksAwake = 0;
    this.#events.suspended(this.#clock.wallMs(), false);
  }

  #wake(): void {
    // Of a sleep that was not announced the clocks tell; of one that was, nothing more is to be told.
    this.look();
    this.#rise();
  }

  #rise(): void {
    if (!this.#asleep) return;
    this.#asleep = false;
    this.#events.resumed();
  }
}
