import { existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IpcClient, PerceptionWriter, unlinkRing } from '#native';
import { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import type { HealthComponent } from '#shared/domain/health.ts';
import { LinkEnd } from '#shared/link/link-end.ts';
import { RingOwner } from '../../src-main/frame-ring/ring-owner.ts';
import { assess } from '../../src-main/health/assess.ts';
import type { Finding } from '../../src-main/health/facts.ts';
import { PerceptionDesk } from '../../src-main/perception/perception-desk.ts';
import { pipe } from '../contract/pipe.ts';
import { factsWith, sourceWith } from '../unit/main/health/facts-fixture.ts';
import { detectionFrame } from './perception-frames.ts';
import { ringName } from './ring-name.ts';

const shared = '/dev/shm';
const folder = mkdtempSync(join(tmpdir(), 'ivis-perception-health-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let home = '';
let desk: PerceptionDesk;
let monoMs = 0;
const made: PerceptionWriter[] = [];
const names: string[] = [];
let count = 0;

beforeEach(() => {
  count += 1;
  home = join(folder, `home-${count}`);
  monoMs = 1000;
  desk = new PerceptionDesk({
    folder: home,
    rings: new RingOwner(),
    log: { write: () => {}, close: () => {} },
    clock: { monoMs: () => monoMs, wallMs: () => Date.now() },
    processes: () => [],
  });
});
afterEach(async () => {
  for (const writer of made.splice(0)) writer.close();
  for (const name of names.splice(0)) unlinkRing(name);
  await desk.stop();
});

/** A detection process that is there and takes what it is told. */
async function detectionReady(): Promise<void> {
  const { a, b } = pipe();
  b.listen((data) => {
    if (data === null || typeof data !== 'object' || !('seq' in data)) return;
    b.post({ v: 1, link: 'main-detection', kind: 'reply', seq: data.seq, ok: true, body: {} });
  });
  const quiet = () => {};
  const link = new LinkEnd(
    mainDetection,
    'from',
    a,
    {
      messages: {
        'model.begun': () => {},
        'looks.told': () => {},
        'run.unstored': () => {},
        'run.progressed': quiet,
        'run.finished': quiet,
        'run.failed': quiet,
        'region.opened': quiet,
        'region.closed': quiet,
        'frame.traced': quiet,
      },
    },
    { schedule: (delayMs, fire) => clearTimeout.bind(null, setTimeout(fire, delayMs)) },
  );
  await desk.attach(link);
}

/** A region that publishes for the source `cam-1`, announced as detection does it. */
function region(frames: number): { writer: PerceptionWriter; name: string } {
  const name = ringName();
  const writer = new PerceptionWriter(name, 'cam-1', 1);
  made.push(writer);
  names.push(name);
  desk.regionOpened({ region: name, sourceId: 'cam-1', runId: 1, zones: [] });
  for (let n = 1; n <= frames; n++) writer.publishDetections(detectionFrame(n, 3));
  return { writer, name };
}

/** What the health page is told of `id`. */
function shown(id: string): Finding | undefined {
  const facts = factsWith({ perception: desk.facts, sources: [sourceWith()] });
  return assess(facts).find((finding) => finding.id === id);
}
const severity = (id: string): HealthComponent['severity'] | undefined => shown(id)?.severity;

function damage(name: string, at: number): void {
  const file = openSync(join(shared, name), 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 0x55]), 0, 1, at);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!(await condition()) && performance.now() < endMs)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await condition()).toBe(true);
}

/** Publication 2 lies in buffer 0, right behind the header. */
const BUFFER_0 = 320;

describe.skipIf(!existsSync(shared))("OMNISIGHT's table of errors on the health page", () => {
  it('producer not started: no data, and well again once it publishes', async () => {
    expect(shown('perception')).toMatchObject({ severity: 'warn', cause: expect.stringMatching(/^no data/) });
    await detectionReady();
    expect(severity('perception')).toBe('ok');
    desk.regionOpened({ region: '/ivis-nobody-made', sourceId: 'cam-1', runId: 1, zones: [] });
    expect(shown('perception:cam-1')).toMatchObject({
      severity: 'warn',
      cause: expect.stringMatching(/^no data/),
      whatToDo: expect.stringMatching(/start/),
    });
    desk.regionClosed({ region: '/ivis-nobody-made' });
    region(3);
    expect(severity('perception:cam-1')).toBe('ok');
  });

  it('producer crashed: stale with how long, and well again with a new one', async () => {
    await detectionReady();
    const { name } = region(3);
    expect(severity('perception:cam-1')).toBe('ok');
    await until(() => severity('perception:cam-1') === 'warn');
    expect(shown('perception:cam-1')).toMatchObject({
      title: 'Shared results of Gate',
      cause: expect.stringMatching(/^stale: nothing was published for \d+ s$/),
    });
    desk.regionClosed({ region: name });
    region(1);
    expect(severity('perception:cam-1')).toBe('ok');
  });

  it('checksum wrong: a warning for ten seconds, and how often', async () => {
    await detectionReady();
    const { name, writer } = region(2);
    expect(severity('perception:cam-1')).toBe('ok');
    damage(name, BUFFER_0 + 100);
    expect(shown('perception:cam-1')).toMatchObject({
      severity: 'warn',
      cause: 'a frame had a wrong checksum (bad-crc)',
      whatToDo: expect.stringMatching(/last good frame/),
    });
    // The same frame looked at again is one frame; another one is another.
    expect(shown('perception:cam-1')?.cause).not.toMatch(/times/);
    writer.publishDetections(detectionFrame(3, 3));
    writer.publishDetections(detectionFrame(4, 3));
    damage(name, BUFFER_0 + 100);
    expect(shown('perception:cam-1')?.cause).toMatch(/2 times in all/);
    damage(name, BUFFER_0 + 100);
    monoMs += 5000;
    expect(severity('perception:cam-1')).toBe('warn');
    monoMs += 6000;
    expect(severity('perception:cam-1')).toBe('ok');
  });

  it('broken pipe: counted; a socket that was taken away is made anew and takes commands again', async () => {
    await detectionReady();
    desk.start();
    const client = new IpcClient({ folder: home });
    const greeted = async () => (await client.send_command('HELLO')).status === 'success';
    await until(greeted);
    const rude = connect(join(home, 'commands.sock')).on('error', () => {});
    await new Promise<void>((resolve) => rude.once('connect', resolve));
    rude.end('{"half a command');
    await until(() => shown('perception')?.cause.includes('1 reader broke off') === true);
    rmSync(join(home, 'commands.sock'));
    await until(() => existsSync(join(home, 'commands.sock')));
    await until(greeted);
    expect(shown('perception')?.severity).toBe('ok');
    client.close();
  });

  it('semaphore leaked: there is none to leak; what dead programs left is taken away and said', async () => {
    await detectionReady();
    desk.start(3);
    expect(shown('perception')).toMatchObject({
      severity: 'ok',
      cause: 'ready, no source runs, 3 left behind were taken away',
    });
  });

  it('magic wrong: an error, and put right by the next frame', async () => {
    await detectionReady();
    const { name, writer } = region(2);
    damage(name, BUFFER_0);
    expect(shown('perception:cam-1')).toMatchObject({
      severity: 'critical',
      cause: expect.stringMatching(/no frame of ivis.*bad-magic/),
    });
    writer.publishDetections(detectionFrame(3, 3));
    writer.publishDetections(detectionFrame(4, 3));
    monoMs += 11_000;
    expect(severity('perception:cam-1')).toBe('ok');
  });
});
