import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PageWatch } from '../../../../src-main/windows/page-watch.ts';

const URL = 'ivis://app/index.html';

/** The window as far as the watch sees it; what is loaded, and who is ended. */
class Window extends EventEmitter {
  readonly loaded: string[] = [];
  crashed = 0;
  pid = 4321;
  readonly webContents = Object.assign(new EventEmitter(), {
    getOSProcessId: () => this.pid,
    forcefullyCrashRenderer: () => {
      this.crashed += 1;
    },
  });

  isDestroyed(): boolean {
    return false;
  }

  async loadURL(address: string): Promise<void> {
    this.loaded.push(address);
  }

  fall(reason: string): void {
    this.webContents.emit('render-process-gone', {}, { reason });
  }
}

let window: Window;
let watch: PageWatch;
let ended: [number, string | number | undefined][];
beforeEach(() => {
  vi.useFakeTimers();
  window = new Window();
  ended = [];
  vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
    ended.push([pid, signal]);
    return true;
  });
  watch = new PageWatch(window as unknown as BrowserWindow, URL, {
    monoMs: () => Date.now(),
    note: () => {},
  });
});
afterEach(() => {
  window.emit('closed');
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The page lives and beats for so long. */
async function beatFor(ms: number): Promise<void> {
  for (let spent = 0; spent < ms; spent += 1000) {
    watch.beat();
    await vi.advanceTimersByTimeAsync(1000);
  }
}
const shown = (): (string | undefined)[] => window.loaded.map((address) => address.split(/[;?]/)[0]);

describe('a page that falls', () => {
  it('is loaded again twice; at its third fall words without script are shown, and the page a minute later', async () => {
    for (let fall = 1; fall <= 3; fall++) {
      await beatFor(5000);
      window.fall('crashed');
    }
    await vi.advanceTimersByTimeAsync(59_000);
    expect(shown()).toEqual([URL, URL, 'data:text/html']);
    expect(decodeURIComponent(window.loaded[2] ?? '')).toContain('The window keeps failing');
    expect(window.loaded[2]).not.toContain('script');
    await vi.advanceTimersByTimeAsync(2000);
    expect(shown()).toEqual([URL, URL, 'data:text/html', URL]);
    expect(watch.restarts).toBe(3);
  });

  it('falls anew after a minute of life, however often it fell before', async () => {
    for (let fall = 1; fall <= 6; fall++) {
      await beatFor(62_000);
      // Every other time it hangs: what it did before that counts for it all the same.
      if (fall % 2 === 0) await vi.advanceTimersByTimeAsync(12_000);
      expect(ended).toHaveLength(Math.floor(fall / 2));
      window.fall('crashed');
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(shown()).toEqual(Array<string>(6).fill(URL));
  });

  it('is loaded again each time when a minute of life lies between the first and the third fall', async () => {
    for (let fall = 1; fall <= 6; fall++) {
      await beatFor(35_000);
      window.fall('crashed');
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(shown()).toEqual(Array<string>(6).fill(URL));
    // The third within 40 s of life.
    await beatFor(5000);
    window.fall('crashed');
    await vi.advanceTimersByTimeAsync(1000);
    expect(shown().slice(6)).toEqual(['data:text/html']);
  });

  it('that hangs each time falls as well, though each hang takes ten seconds and more', async () => {
    for (let hang = 1; hang <= 3; hang++) {
      await beatFor(15_000);
      await vi.advanceTimersByTimeAsync(12_000);
      expect(ended).toHaveLength(hang);
      window.fall('killed');
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(shown()).toEqual([URL, URL, 'data:text/html']);
    expect(ended).toEqual(Array(3).fill([4321, 'SIGKILL']));
  });

  it('is told of with the cause of its last end, not of its first', async () => {
    watch.restart('memory: 900 MB, allowed are 500 MB');
    window.fall('killed');
    expect(watch.lastError).toBe('memory: 900 MB, allowed are 500 MB');
    await beatFor(5000);
    window.fall('crashed');
    expect(watch.lastError).toBe('crashed');
  });

  it('and has no process is ended by Chromium: a signal to 0 would end all of ivis', () => {
    window.pid = 0;
    watch.restart('it hangs');
    expect(ended).toEqual([]);
    expect(window.crashed).toBe(1);
  });
});
