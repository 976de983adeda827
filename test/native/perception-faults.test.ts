import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PerceptionReader, PerceptionWriter, sweepRings } from '#native';
import { SecretMask } from '../../src-main/logging/secret-mask.ts';
import { CommandServer } from '../../src-main/perception/command-server.ts';
import { root } from './native-program.ts';
import { detectionFrame, tracksFrame } from './perception-frames.ts';
import { perceptionHome, until } from './perception-home.ts';
import { ringName } from './ring-name.ts';

const shared = '/dev/shm';
const home = perceptionHome();

/** Changes one byte of a segment behind its writer's back. */
function damage(region: string, at: number): void {
  const file = openSync(join(shared, region), 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 0x55]), 0, 1, at);
}

describe.skipIf(!existsSync(shared))("OMNISIGHT's table of errors", () => {
  it('producer not started: says no data, and finds it once it starts', async () => {
    const { reader } = home.client();
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
    const child = await home.publisher(region, 50);
    home.list(region);
    const { value, stale, warning } = reader.get_detections();
    expect([value?.frame_id !== undefined, stale, warning]).toEqual([true, false, null]);
    child.kill('SIGKILL');
    reader.close();
  });

  it('producer crashed or hung: says so with the age of what it knows, and takes up the new one', async () => {
    const { reader } = home.client();
    const region = ringName();
    const child = await home.publisher(region, 50);
    home.list(region);
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
    const restarted = await home.publisher(next, 50);
    home.list(next);
    await until(() => !reader.get_tracks().stale);
    expect(reader.get_tracks().warning).toBeNull();
    restarted.kill('SIGKILL');
    reader.close();
  });

  it('checksum wrong: gives the last good value with a warning and its age', () => {
    const { reader, warnings } = home.client();
    const region = ringName();
    const writer = new PerceptionWriter(region, 'yard', 1);
    home.list(region);
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
    const address = join(home.path, 'commands.sock');
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
    writeFileSync(join(home.path, 'access.json'), JSON.stringify({ address, token: 'token' }));
    home.list();
    const first = new CommandServer({ ...options, run });
    await first.start();
    const { reader } = home.client();
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
    const child = home.own(
      spawn(process.execPath, ['--input-type=module', '-e', script], {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      }),
    );
    writer.publishTracks(tracksFrame(1));
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (let n = 2; n < 500; n++) writer.publishTracks(tracksFrame(n));
    expect(new PerceptionReader(region).state()).toMatchObject({ state: 'live', published: { tracks: 499 } });
    expect(sweepRings(region)).toEqual([]);
    const left = ringName();
    const dying = await home.publisher(left, 50);
    dying.kill('SIGKILL');
    await once(dying, 'exit');
    expect(sweepRings(left)).toEqual([left]);
    writer.close();
  });

  it('magic invalid: reports it and begins anew', () => {
    const { reader, warnings } = home.client();
    const region = ringName();
    const writer = new PerceptionWriter(region, 'yard', 1);
    home.list(region);
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
