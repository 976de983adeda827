import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IpcClient, PerceptionReader, PerceptionWriter, sweepRings } from '#native';
import { SecretMask } from '../../src-main/logging/secret-mask.ts';
import { CommandServer } from '../../src-main/perception/command-server.ts';
import { buildPerceptionReader } from '../fixtures/perception-reader.ts';
import { root } from './native-program.ts';
import { detectionFrame, tracksFrame } from './perception-frames.ts';
import { ringName } from './ring-name.ts';

const shared = '/dev/shm';
const folder = mkdtempSync(join(tmpdir(), 'ivis-faults-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

let home = '';
let made = 0;
beforeEach(() => {
  made += 1;
  home = mkdtempSync(join(folder, `home-${made}-`));
});

/** What main writes each second, here in the hand of the test. */
function list(...regions: string[]): void {
  const listed = regions.map((region, i) => ({
    region,
    source_id: i === 0 ? 'yard' : `yard-${i}`,
    run_id: i + 1,
  }));
  writeFileSync(
    join(home, 'status.json'),
    JSON.stringify({ timestamp: Date.now(), pid: process.pid, regions: listed }),
  );
}

/** A publisher in a process of its own. */
async function publisher(
  region: string,
  hz: number,
  frames = Number.POSITIVE_INFINITY,
): Promise<ChildProcess> {
  const program = join(import.meta.dirname, 'processes', 'perception-publisher.ts');
  const child = fork(program, [region, String(hz), String(frames)], { execArgv: [] });
  started.push(child);
  await once(child, 'message');
  return child;
}

async function until(condition: () => boolean, limitMs = 20_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!condition() && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

function client() {
  const warnings: string[] = [];
  const reader = new IpcClient({ folder: home, warn: (text) => warnings.push(text) });
  return { reader, warnings };
}

/** Changes one byte of a segment behind its writer's back. */
function damage(region: string, at: number): void {
  const file = openSync(join(shared, region), 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 0x55]), 0, 1, at);
}

describe.skipIf(!existsSync(shared))("OMNISIGHT's table of errors", () => {
  it('producer not started: says no data, and finds it once it starts', async () => {
    const { reader } = client();
    expect(reader.get_detections()).toEqual({
      value: null,
      age_ms: null,
      stale: true,
      warning: 'no data: ivis publishes no such source',
    });
    expect(reader.get_status()).toMatchObject({
      value: null,
      stale: true,
      warning: 'no data: ivis does not publish',
    });
    expect(await reader.health_check()).toEqual({
      publisher: false,
      stats: false,
      regions: false,
      frames: false,
      commands: false,
    });
    const region = ringName();
    const child = await publisher(region, 50);
    list(region);
    const { value, stale, warning } = reader.get_detections();
    expect([value?.frame_id !== undefined, stale, warning]).toEqual([true, false, null]);
    child.kill('SIGKILL');
    reader.close();
  });

  it('producer crashed or hung: says so with the age of what it knows, and takes up the new one', async () => {
    const { reader } = client();
    const region = ringName();
    const child = await publisher(region, 50);
    list(region);
    await until(() => (reader.get_tracks().value?.frame_id ?? 0) > 5);
    // Hung: it still exists, and says nothing.
    child.kill('SIGSTOP');
    await until(() => reader.get_tracks().stale, 6000);
    expect(reader.get_tracks().warning).toMatch(/silent for \d{4} ms/);
    child.kill('SIGCONT');
    await until(() => !reader.get_tracks().stale);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Crashed: seen at once, because the process is gone.
    const after = reader.get_tracks();
    expect(after.stale).toBe(true);
    expect(after.value?.frame_id).toBeGreaterThan(5);
    const next = ringName();
    const restarted = await publisher(next, 50);
    list(next);
    await until(() => !reader.get_tracks().stale);
    expect(reader.get_tracks().warning).toBeNull();
    restarted.kill('SIGKILL');
    reader.close();
  });

  it('checksum wrong: gives the last good value with a warning and its age', () => {
    const { reader, warnings } = client();
    const region = ringName();
    const writer = new PerceptionWriter(region, 'yard', 1);
    list(region);
    writer.publishDetections(detectionFrame(1, 3));
    expect(reader.get_detections().warning).toBeNull();
    writer.publishDetections(detectionFrame(2, 3));
    // Publication 2 lies in buffer 0, right behind the header.
    damage(region, 320 + 100);
    const read = reader.get_detections();
    expect(read.value?.frame_id).toBe(1);
    expect(read.warning).toBe('bad-crc: this is the last good value');
    expect(read.age_ms).toBeGreaterThan(0);
    expect([reader.errors, warnings]).toEqual([1, [`detections of ${region}: bad-crc`]]);
    writer.publishDetections(detectionFrame(3, 3));
    expect(reader.get_detections()).toMatchObject({ value: { frame_id: 3 }, warning: null });
    writer.close();
    reader.close();
  });

  it('pipe broken: connects anew and asks again', async () => {
    const address = join(home, 'commands.sock');
    const secrets = new SecretMask();
    const options = {
      address,
      token: 'token',
      limitMs: 1000,
      warn: () => {},
      secrets,
      wallMs: () => Date.now(),
    };
    const run = async () => ({ message: 'done' });
    writeFileSync(join(home, 'access.json'), JSON.stringify({ address, token: 'token' }));
    list();
    const first = new CommandServer({ ...options, run });
    await first.start();
    const { reader } = client();
    expect(await reader.send_command('HELLO')).toMatchObject({ status: 'success' });
    await first.stop();
    const second = new CommandServer({ ...options, run });
    await second.start();
    expect(await reader.send_command('HELLO')).toMatchObject({ status: 'success', message: 'done' });
    await second.stop();
    expect(await reader.send_command('HELLO')).toMatchObject({ status: 'error' });
    reader.close();
  });

  it('semaphore leaked: there is none to leak; a dead reader holds up nobody, a dead writer is swept', async () => {
    const region = ringName();
    const writer = new PerceptionWriter(region, 'yard', 1);
    const script = `
      import { PerceptionReader } from '#native';
      const reader = new PerceptionReader(${JSON.stringify(region)});
      process.send?.('reading');
      for (;;) reader.read('tracks');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.push(child);
    writer.publishTracks(tracksFrame(1));
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (let n = 2; n < 500; n++) writer.publishTracks(tracksFrame(n));
    expect(new PerceptionReader(region).state()).toMatchObject({ state: 'live', published: { tracks: 499 } });
    expect(sweepRings(region)).toEqual([]);
    const left = ringName();
    const dying = await publisher(left, 50);
    dying.kill('SIGKILL');
    await once(dying, 'exit');
    expect(sweepRings(left)).toEqual([left]);
    writer.close();
  });

  it('magic invalid: reports it and begins anew', () => {
    const { reader, warnings } = client();
    const region = ringName();
    const writer = new PerceptionWriter(region, 'yard', 1);
    list(region);
    writer.publishTracks(tracksFrame(1, 2));
    expect(reader.get_tracks().warning).toBeNull();
    writer.publishTracks(tracksFrame(2, 2));
    const buffer0 = 320 + 2 * 4864;
    damage(region, buffer0);
    expect(reader.get_tracks()).toMatchObject({
      value: { frame_id: 1 },
      warning: 'bad-magic: this is the last good value',
    });
    // The region itself is broken: it is not taken again.
    damage(region, 0);
    expect(reader.get_tracks()).toMatchObject({ value: { frame_id: 1 }, stale: true });
    expect(warnings.at(-1)).toBe(`${region}: bad-layout`);
    damage(region, 0);
    writer.publishTracks(tracksFrame(3, 2));
    expect(reader.get_tracks()).toMatchObject({ value: { frame_id: 3 }, stale: false, warning: null });
    writer.close();
    reader.close();
  });
});

describe.skipIf(process.platform === 'win32')('readers at the same time', () => {
  const program = join(folder, 'perception_reader');
  beforeAll(() => buildPerceptionReader(program));

  it('of three programs see only whole frames of a fast publisher and end with it', async () => {
    const region = ringName();
    const child = await publisher(region, 400, 600);
    const finished = once(child, 'message');
    const readers = Array.from({ length: 3 }, () =>
      spawn(program, [region], { stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    const outputs = readers.map(async (reader) => {
      let text = '';
      reader.stdout.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      const [code] = await once(reader, 'close');
      return {
        code,
        frames: text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      };
    });
    const { reader } = client();
    list(region);
    let last = 0;
    const ids: number[] = [];
    const watch = setInterval(() => {
      const { value } = reader.get_detections();
      if (value !== null && value.frame_id > last) {
        last = value.frame_id;
        ids.push(last);
        expect(value).toMatchObject(detectionFrame(last));
      }
    }, 2);
    expect((await finished)[0]).toEqual({ done: 600 });
    clearInterval(watch);
    expect(ids.length).toBeGreaterThan(50);
    for (const { code, frames } of await Promise.all(outputs)) {
      expect(code).toBe(0);
      const seen = frames.filter(({ kind }) => kind === 'detections').map(({ frame_id }) => frame_id);
      expect(seen.length).toBeGreaterThan(50);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(seen.at(-1)).toBe(600);
      for (const frame of frames) {
        const n: number = frame.frame_id;
        const list = frame[frame.kind];
        if (frame.kind !== 'timelines') expect(list).toHaveLength(n % 4);
      }
    }
    expect(reader.get_detections()).toMatchObject({
      stale: false,
      warning: expect.stringContaining('ended'),
    });
    reader.close();
  });

  it('keep 10 Hz without a drop', async () => {
    const region = ringName();
    const child = await publisher(region, 10, 30);
    const reader = new PerceptionReader(region);
    const seen = new Set<number>();
    const watch = setInterval(() => {
      const read = reader.read('tracks');
      if (read.result === 'ok') seen.add(read.frame.frame_id);
    }, 5);
    await once(child, 'message');
    const last = reader.read('tracks');
    if (last.result === 'ok') seen.add(last.frame.frame_id);
    clearInterval(watch);
    // The test may begin after the first ones; from there on each is seen.
    const ids = [...seen].sort((a, b) => a - b);
    expect(ids.at(-1)).toBe(30);
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => 30 - ids.length + 1 + i));
    expect(ids.length).toBeGreaterThan(20);
  });
});
