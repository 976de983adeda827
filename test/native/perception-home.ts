import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect } from 'vitest';
import { IpcClient } from '#native';

/** A folder in which readers look for regions, and programs that publish into them; all of it ends with the tests. */
export interface PerceptionHome {
  /** Of all tests of the file. */
  readonly folder: string;
  /** Of this test. */
  path: string;
  /** What main writes each second, here in the hand of the test. */
  list(...regions: string[]): void;
  /** A publisher in a process of its own. */
  publisher(region: string, hz: number, frames?: number): Promise<ChildProcess>;
  /** Ends with the tests, whatever becomes of it. */
  own(child: ChildProcess): ChildProcess;
  client(): { reader: IpcClient; warnings: string[] };
}

export function perceptionHome(): PerceptionHome {
  const folder = mkdtempSync(join(tmpdir(), 'ivis-faults-'));
  const started: ChildProcess[] = [];
  let made = 0;
  const home: PerceptionHome = {
    folder,
    path: '',
    list: (...regions) => {
      const listed = regions.map((region, i) => ({
        region,
        source_id: i === 0 ? 'yard' : `yard-${i}`,
        run_id: i + 1,
      }));
      writeFileSync(
        join(home.path, 'status.json'),
        JSON.stringify({ timestamp: Date.now(), pid: process.pid, regions: listed }),
      );
    },
    publisher: async (region, hz, frames = Number.POSITIVE_INFINITY) => {
      const program = join(import.meta.dirname, 'processes', 'perception-publisher.ts');
      const child = fork(program, [region, String(hz), String(frames)], { execArgv: [] });
      home.own(child);
      await once(child, 'message');
      return child;
    },
    own: (child) => {
      started.push(child);
      return child;
    },
    client: () => {
      const warnings: string[] = [];
      const reader = new IpcClient({ folder: home.path, warn: (text) => warnings.push(text) });
      return { reader, warnings };
    },
  };
  beforeEach(() => {
    made += 1;
    home.path = mkdtempSync(join(folder, `home-${made}-`));
  });
  afterAll(() => {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return home;
}

export async function until(condition: () => boolean, limitMs = 20_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!condition() && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}
