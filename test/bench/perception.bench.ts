// OMNISIGHT's performance tests on this machine: reads of a region, commands, ten publications a second for a while.
//   npm run bench:perception [-- --minutes 0.25] [--reads 10000] [--commands 500] [--analysis] [--json]
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  FRAME_BYTES,
  findPublishers,
  IpcClient,
  PerceptionReader,
  PerceptionWriter,
  REGION_BYTES,
  SECTION_NAMES,
  type SectionName,
  unlinkRing,
} from '#native';
import { SecretMask } from '../../src-main/logging/secret-mask.ts';
import { CommandServer } from '../../src-main/perception/command-server.ts';
import { IvisCommand, until } from '../drivers/ivis-command.ts';
import { movingPhotograph } from '../fixtures/photograph.ts';
import { detectionFrame, timelinesFrame, tracksFrame } from '../native/perception-frames.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '0.25' },
    reads: { type: 'string', default: '10000' },
    commands: { type: 'string', default: '500' },
    analysis: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    role: { type: 'string' },
    at: { type: 'string', default: '' },
    hz: { type: 'string', default: '10' },
  },
});

interface Times {
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

function timesOf(samples: readonly number[]): Times {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const mean = samples.reduce((sum, each) => sum + each, 0) / Math.max(1, samples.length);
  return { mean, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function child(role: string, at: string, hz = 10): ChildProcess {
  return fork(import.meta.filename, ['--role', role, '--at', at, '--hz', String(hz)], { execArgv: [] });
}

/** The other process of the reads and the soak: full frames at a steady rate, until told to end. */
function publish(region: string, hz: number): void {
  const writer = new PerceptionWriter(region, 'bench', 1);
  const beganMs = performance.now();
  let n = 0;
  const tick = (): void => {
    // A late timer is made up for, as a frame that comes late is published all the same.
    while (performance.now() >= beganMs + (n * 1000) / hz) {
      n += 1;
      writer.publishDetections(detectionFrame(n, 50));
      writer.publishTracks(tracksFrame(n, 50));
      if (n % hz === 1) writer.publishTimelines(timelinesFrame(n, 50));
      writer.beat();
    }
    timer = setTimeout(tick, Math.max(0, beganMs + (n * 1000) / hz - performance.now()));
  };
  let timer: NodeJS.Timeout | undefined;
  tick();
  process.send?.('ready');
  process.on('message', (asked) => {
    if (asked === 'memory') process.send?.({ rss: process.memoryUsage.rss(), n });
    if (asked !== 'end') return;
    clearTimeout(timer);
    writer.close();
    process.send?.({ rss: process.memoryUsage.rss(), n }, () => process.exit(0));
  });
}

/** The other process of the command bench. */
async function takeCommands(folder: string): Promise<void> {
  const address = join(folder, 'commands.sock');
  const token = 'bench';
  const server = new CommandServer({
    address,
    token,
    limitMs: 1000,
    run: async () => ({ message: 'done' }),
    warn: () => {},
    secrets: new SecretMask(),
    wallMs: () => Date.now(),
  });
  await server.start();
  writeFileSync(join(folder, 'access.json'), JSON.stringify({ address, token }));
  process.send?.('ready');
  process.on('disconnect', () => process.exit(0));
}

async function measureReads(count: number) {
  const region = `/ivb-${process.pid.toString(36)}-r`;
  const publisher = child('publish', region, 100);
  await once(publisher, 'message');
  const reader = new PerceptionReader(region);
  const result: Record<string, { copy: Times; memcpy: Times; decoded: Times; failed: number }> = {};
  for (const section of SECTION_NAMES) {
    const target = Buffer.alloc(FRAME_BYTES[section]);
    const other = Buffer.alloc(FRAME_BYTES[section]);
    const samples = { copy: [] as number[], memcpy: [] as number[], decoded: [] as number[] };
    let failed = 0;
    for (let i = 0; i < count; i++) {
      const began = performance.now();
      if (reader.copyInto(section, target).result !== 'ok') failed += 1;
      const copied = performance.now();
      target.copy(other);
      const plain = performance.now();
      if (reader.read(section).result !== 'ok') failed += 1;
      const decoded = performance.now();
      samples.copy.push(copied - began);
      samples.memcpy.push(plain - copied);
      samples.decoded.push(decoded - plain);
      if (i % 100 === 0) await pause(1);
    }
    const { copy, memcpy, decoded } = samples;
    result[section] = { copy: timesOf(copy), memcpy: timesOf(memcpy), decoded: timesOf(decoded), failed };
  }
  reader.close();
  publisher.send('end');
  await once(publisher, 'exit');
  unlinkRing(region);
  return result;
}

async function measureCommands(count: number): Promise<{ times: Times; failed: number; json: Times }> {
  const folder = mkdtempSync(join(tmpdir(), 'ivis-bench-'));
  const server = child('commands', folder);
  await once(server, 'message');
  writeFileSync(
    join(folder, 'stats.json'),
    JSON.stringify({ timestamp: Date.now(), filler: 'x'.repeat(4000) }),
  );
  const client = new IpcClient({ folder });
  const samples: number[] = [];
  const files: number[] = [];
  let failed = 0;
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const { status } = await client.send_command('HELLO');
    samples.push(performance.now() - began);
    if (status !== 'success') failed += 1;
    const opened = performance.now();
    client.get_stats();
    files.push(performance.now() - opened);
  }
  client.close();
  server.disconnect();
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
  return { times: timesOf(samples), failed, json: timesOf(files) };
}

/** Commands to a real analysis, whose detection process hears them between two inferences. */
async function measureAnalysis(count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'ivis-bench-'));
  const home = join(folder, 'ipc');
  const clip = await movingPhotograph(join(folder, 'car.mp4'), { cycles: 8 });
  const command = new IvisCommand(['analyze', clip.path, '--out', join(folder, 'out'), `--publish=${home}`]);
  await until('a publisher', () => findPublishers(home)[0]);
  const client = new IpcClient({ folder: home });
  await until('a track', () => (client.get_tracks().value?.tracks.length ?? 0) > 0);
  const hello: number[] = [];
  const config: number[] = [];
  let failed = 0;
  for (let i = 0; i < count && !client.get_tracks().warning; i++) {
    for (const [type, samples] of [
      ['HELLO', hello],
      ['CONFIG_UPDATE', config],
    ] as const) {
      const began = performance.now();
      const { status } = await client.send_command(
        type,
        type === 'HELLO' ? {} : { timeline_hz: 1 + (i % 5) },
      );
      samples.push(performance.now() - began);
      if (status !== 'success') failed += 1;
    }
    await pause(20);
  }
  client.close();
  command.kill('SIGINT');
  await command.end();
  rmSync(folder, { recursive: true, force: true });
  return { hello: timesOf(hello), config: timesOf(config), commands: config.length, failed };
}

async function soak(minutes: number) {
  const region = `/ivb-${process.pid.toString(36)}-s`;
  const publisher = child('publish', region, 10);
  await once(publisher, 'message');
  const reader = new PerceptionReader(region);
  const memory = async (asked: 'memory' | 'end'): Promise<{ rss: number; n: number }> => {
    const answer = once(publisher, 'message');
    publisher.send(asked);
    const [{ rss, n }] = await answer;
    return { rss, n };
  };
  const target = Buffer.alloc(FRAME_BYTES.tracks);
  await pause(1000);
  const before = await memory('memory');
  const own = process.memoryUsage.rss();
  const beganMs = performance.now();
  const seen: Record<SectionName, number> = { ...reader.state().published };
  const first = { ...seen };
  const missed: Record<SectionName, number> = { detections: 0, tracks: 0, timelines: 0 };
  let failed = 0;
  let longestMs = 0;
  let lastMs = beganMs;
  while (performance.now() - beganMs < minutes * 60_000) {
    for (const section of ['detections', 'tracks'] as const) {
      const { result, sequence } = reader.copyInto(section, target);
      if (result !== 'ok') failed += 1;
      if (result !== 'ok' || sequence === seen[section]) continue;
      missed[section] += sequence - seen[section] - 1;
      seen[section] = sequence;
      if (section === 'tracks') {
        longestMs = Math.max(longestMs, performance.now() - lastMs);
        lastMs = performance.now();
      }
    }
    await pause(5);
  }
  const seconds = (performance.now() - beganMs) / 1000;
  const published = reader.state().published;
  const after = await memory('end');
  reader.close();
  unlinkRing(region);
  const bytes = SECTION_NAMES.reduce(
    (sum, name) => sum + (published[name] - first[name]) * FRAME_BYTES[name],
    0,
  );
  return {
    minutes,
    frames: published.tracks - first.tracks,
    hz: (published.tracks - first.tracks) / seconds,
    missed,
    failed,
    longestGapMs: longestMs,
    kBPerS: bytes / seconds / 1000,
    writerGrowthKB: (after.rss - before.rss) / 1024,
    readerGrowthKB: (process.memoryUsage.rss() - own) / 1024,
  };
}

async function main(): Promise<void> {
  const reads = await measureReads(Number(values.reads));
  const commands = await measureCommands(Number(values.commands));
  const analysis = values.analysis ? await measureAnalysis(100) : null;
  const sustained = await soak(Number(values.minutes));
  const result = { regionBytes: REGION_BYTES, reads, commands, analysis, soak: sustained };
  const ms = (value: number): string => value.toFixed(4).padStart(9);
  const row = (name: string, { mean, p50, p95, p99 }: Times): string =>
    `${name.padEnd(34)}${ms(mean)}${ms(p50)}${ms(p95)}${ms(p99)}`;
  console.log(`${'milliseconds'.padEnd(34)}     mean      p50      p95      p99`);
  for (const [section, { copy, memcpy, decoded, failed }] of Object.entries(reads)) {
    console.log(row(`${section}: read, checked`, copy));
    console.log(row(`${section}: memcpy of as much`, memcpy));
    console.log(row(`${section}: read and decoded`, decoded));
    if (failed > 0) console.log(`  ${failed} reads gave no frame`);
  }
  console.log(row('JSON file of 4 kB', commands.json));
  console.log(row('command and answer', commands.times));
  if (analysis !== null) {
    console.log(row('command to an analysis (HELLO)', analysis.hello));
    console.log(row('command to its detection (CONFIG)', analysis.config));
    if (analysis.failed > 0) console.log(`  ${analysis.failed} of them failed`);
  }
  const { frames, hz, missed, failed, kBPerS, longestGapMs, writerGrowthKB, readerGrowthKB } = sustained;
  console.log(
    `${sustained.minutes} min at 10 Hz: ${frames} frames, ${hz.toFixed(2)} Hz, missed by the reader ${missed.tracks}, failed reads ${failed}, longest gap ${longestGapMs.toFixed(0)} ms`,
  );
  console.log(
    `${kBPerS.toFixed(0)} kB/s, ${(REGION_BYTES / 1024).toFixed(0)} KiB a region, memory grown: writer ${writerGrowthKB.toFixed(0)} KiB, reader ${readerGrowthKB.toFixed(0)} KiB`,
  );
  if (values.json) console.log(JSON.stringify(result));
}

if (values.role === 'publish') publish(values.at, Number(values.hz));
else if (values.role === 'commands') await takeCommands(values.at);
else await main();
