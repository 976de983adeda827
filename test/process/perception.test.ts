import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPublishers, IpcClient, readJson, regionsOf } from '#native';
import { IvisCommand, ivis, ringsOf, until } from '../drivers/ivis-command.ts';
import { buildPerceptionReader } from '../fixtures/perception-reader.ts';
import { movingPhotograph, type PhotographClip } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-perception-'));
const program = join(folder, 'perception_reader');
let clip: PhotographClip;

beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car.mp4'), { cycles: 3 });
  buildPerceptionReader(program);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function analysis(name: string, publish: string, env: Record<string, string> = {}): IvisCommand {
  const zone = `all:0,0;${clip.width},0;${clip.width},${clip.height};0,${clip.height}`;
  const words = [
    'analyze',
    clip.path,
    '--classes',
    'car',
    '--zone',
    zone,
    '--out',
    join(folder, name),
    publish,
  ];
  return new IvisCommand(words, env);
}

/** The region of the one source, once it is listed in the folder. */
function region(home: string, not = ''): Promise<string> {
  return until('a region', () => {
    const name = regionsOf(readJson(home, 'status.json')).at(-1)?.region;
    return name === not ? null : name;
  });
}

interface Line {
  kind: string;
  frame_id: number;
  pts_ms: number;
  detections?: { x: number; w: number; label: string }[];
  tracks?: { track_id: number; x: number; w: number; vx: number; zone_mask: number; hits: number }[];
  timelines?: { horizon_ms: number; objects: { track_id: number; x: number; w: number }[] }[];
}

describe.skipIf(process.platform === 'win32')('ivis analyze --publish', () => {
  it('is read by a C program while it runs, and what that sees is true', async () => {
    const home = join(folder, 'ipc-one');
    const command = analysis('one', `--publish=${home}`);
    const name = await region(home);
    const reader = spawn(program, [name, '--wait', '20000'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    reader.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    const closed = once(reader, 'close');

    const shared = join('/dev/shm', name);
    if (existsSync('/dev/shm')) expect(statSync(shared).mode & 0o777).toBe(0o600);
    for (const file of ['status.json', 'stats.json', 'access.json', 'commands.sock']) {
      await until(file, () => existsSync(join(home, file)));
      expect([file, statSync(join(home, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    expect(name.length).toBeLessThanOrEqual(31);

    const client = new IpcClient({ folder: home });
    await until('a track', () => (client.get_tracks('file-1').value?.tracks.length ?? 0) > 0);
    expect(client.get_status()).toMatchObject({
      stale: false,
      value: {
        product: 'ivis',
        regions: [{ region: name, source_id: 'file-1', zones: ['all'], state: 'live' }],
      },
    });
    await until('statistics', () => JSON.stringify(client.get_stats().value).includes('"processed"'));
    expect(await client.health_check()).toEqual({
      publisher: true,
      stats: true,
      regions: true,
      frames: true,
      commands: true,
    });
    const ack = await client.send_command('CONFIG_UPDATE', { timeline_hz: 0, horizons_ms: [100, 200] });
    expect(ack).toMatchObject({ status: 'success', message: 'applied' });
    await until('new horizons', () => client.get_timelines().value?.timelines.length === 2);
    expect(await client.send_command('REFRESH_TIMELINES')).toMatchObject({ status: 'success' });
    expect(await client.send_command('CONFIG_UPDATE', { horizons_ms: 'far' })).toMatchObject({
      status: 'error',
    });
    expect(await client.send_command('SYNC_SWARM')).toMatchObject({ status: 'error' });

    const inspected = await ivis(['ipc', 'inspect', home, '--json', '--seconds', '0.3']);
    const found = JSON.parse(inspected.stdout);
    expect(found.publishers[0]).toMatchObject({ folder: home, commands: true });
    expect(found.publishers[0].regions[0]).toMatchObject({
      region: name,
      sourceId: 'file-1',
      head: expect.stringMatching(/^4956495350524331/),
    });
    expect(found.publishers[0].regions[0].head).toHaveLength(640);
    for (const section of found.publishers[0].regions[0].sections) {
      expect(section).toMatchObject({ errors: {}, frameId: expect.any(Number) });
    }

    const end = await command.end();
    expect(end.code).toBe(0);
    client.close();
    expect(await closed).toEqual([0, null]);
    const lines: Line[] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const tracks = lines.filter(({ kind }) => kind === 'tracks');
    expect(tracks.length).toBeGreaterThan(20);
    const ids = tracks.map(({ frame_id }) => frame_id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const found1 = tracks.filter(({ tracks: all }) => all?.length === 1);
    expect(found1.length).toBeGreaterThan(tracks.length * 0.8);
    for (const { tracks: all = [], pts_ms } of found1) {
      const [car] = all;
      expect(car?.track_id).toBe(1);
      expect(car?.zone_mask).toBe(1);
      const middle = ((car?.x ?? 0) + (car?.w ?? 0) / 2) * clip.width;
      expect(Math.abs(middle - clip.centreX(pts_ms))).toBeLessThan(30);
    }
    // Where the car was said to be 100 ms later, against where it truly was then.
    const errors = lines.flatMap(({ timelines = [], pts_ms }) =>
      timelines
        .filter(({ horizon_ms }) => horizon_ms === 100)
        .flatMap(({ objects }) =>
          objects.map(({ x, w }) => Math.abs((x + w / 2) * clip.width - clip.centreX(pts_ms + 100))),
        ),
    );
    expect(errors.length).toBeGreaterThan(10);
    expect(errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)]).toBeLessThan(12);
    expect(readdirSync(home)).toEqual([]);
    expect(ringsOf(command.pid)).toEqual([]);
  });

  it('is found without being told where, and says stale until the killed process is replaced', async () => {
    const base = join(folder, 'base');
    const command = analysis('two', '--publish', { IVIS_IPC_DIR: base });
    const home = await until('a publisher', () => findPublishers(base)[0]);
    const name = await region(home);
    const client = new IpcClient({ folder: home });
    await until('a track', () => (client.get_tracks().value?.tracks.length ?? 0) > 0);
    const [pid = 0] = command.pidsOf('detection');
    process.kill(pid, 'SIGKILL');
    await until('stale', () => client.get_tracks().stale);
    expect(client.get_tracks().value).not.toBeNull();
    const next = await region(home, name);
    expect(next).not.toBe(name);
    await until('fresh again', () => !client.get_tracks().stale);
    client.close();
    expect((await command.end()).code).toBe(0);
    expect(findPublishers(base)).toEqual([]);
    expect(ringsOf(command.pid)).toEqual([]);
    const inspected = await ivis(['ipc', 'inspect'], { IVIS_IPC_DIR: base });
    expect(inspected.stdout).toContain('nobody publishes');
    expect(inspected.code).toBe(1);
  });

  it('publishes nothing unless it is asked to', async () => {
    const base = join(folder, 'quiet');
    const words = ['analyze', clip.path, '--classes', 'car', '--every', '50', '--out', join(folder, 'three')];
    const command = new IvisCommand(words, { IVIS_IPC_DIR: base });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, ringsOf(command.pid).length);
    }, 10);
    expect((await command.end()).code).toBe(0);
    clearInterval(watch);
    // The one ring of its frames.
    expect(most).toBeLessThanOrEqual(1);
    expect(existsSync(base)).toBe(false);
  });
});
