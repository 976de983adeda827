import { existsSync, renameSync, writeFileSync } from 'node:fs';

/** Debian's libfaketime, of which the name of the folder follows the kind of processor. */
const LIBRARY = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find(existsSync);

/** Why no clock can be set here; null when one can. */
export const settingMissing = (): string | null =>
  LIBRARY === undefined ? 'libfaketime is not installed' : null;

/** The wall clock of a program and all it starts, which a test sets while it runs; the monotonic clock stays true. */
export class SetClock {
  /** For the environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  readonly #file: string;

  /** `file`: where the clock is written to, which the programs read once a second. */
  constructor(file: string) {
    this.#file = file;
    this.set(0);
    this.env = {
      LD_PRELOAD: LIBRARY ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_CACHE_DURATION: '1',
      // What it does else about waits by the monotonic clock keeps the processes of Chromium waiting for ever.
      FAKETIME_FORCE_MONOTONIC_FIX: '0',
      FAKETIME_DISABLE_SHM: '1',
    };
  }

  /** So many seconds off the true time from now on. */
  set(seconds: number): void {
    writeFileSync(`${this.#file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
