/**
 * Many RTSP cameras at once in the real program with its window, one of them dead and one flapping: growth of memory
 * by kind of process, descriptors and shared memory left, CPU of each source, frames lost, states seen; each beside
 * its limit. `--sources 16`, `--minutes 10`; `--fps 5` of each camera, `--target N` frames per second looked at, left
 * out: as many as take 40 % of the time of an idle model, as what it cannot do would be lost by load, not by a fault;
 * `--json`: one JSON object as the last line. Ends with 1 when a limit is passed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Display, displayMissing } from '../drivers/display.ts';
import { ringsOf } from '../drivers/ivis-command.ts';
import { LiveWindow } from '../drivers/live-window.ts';
import { cameraClip } from '../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../drivers/rtsp-server.ts';
import { SourcesWatch } from './rtsp-sources-watch.ts';

/** A slope over less time than this is that of a program that still warms up. */
const JUDGED_FROM_MINUTES = 10;
const LIMITS = { mbPerHour: 20, descriptors: 2, rings: 0, lost: 0 };
/** Drops by choice of the selector, or because there was no true picture; every other one is a loss. */
const NO_LOSS = new Set(['sampled', 'gap']);
const [DEAD, FLAPPING] = ['dead', 'flapping'] as const;
const [UP_MS, DOWN_MS, SAMPLE_MS] = [15_000, 5000, 2000] as const;
/** Share of the model's time that all sources together may take. */
const AFFORDED = 0.4;
/** Each so many samples main and the page collect what they do not use. */
const COLLECT_EACH = 10;

const { values } = parseArgs({
  options: {
    sources: { type: 'string', default: '16' },
    minutes: { type: 'string', default: '10' },
    fps: { type: 'string', default: '5' },
    target: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const [count, minutes, fps] = [Number(values.sources), Number(values.minutes), Number(values.fps)];
const say = (text: string): void => {
  if (!values.json) console.log(text);
};
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const missing = rtspMissing() ?? displayMissing();
if (missing !== null) throw new Error(missing);
if (!(count >= 3 && minutes > 0)) throw new Error('at least 3 sources for more than 0 minutes');

const folder = mkdtempSync(join(tmpdir(), 'ivis-rtsp-sources-'));
const good = Array.from({ length: count - 2 }, (_, n) => `camera-${n + 1}`);
const display = await Display.open();
let flapping: RtspServer | null = null;
let server: RtspServer | null = null;
let live: LiveWindow | null = null;
let over = false;

/** Frames a second of each of so many sources, for a share of the model's time as ivis measures it at its start. */
async function affordableFps(sources: number): Promise<number> {
  const idle = await LiveWindow.open([]);
  const model = await idle.until('the model', async (w) => (await w.state())?.model.loaded ?? null);
  await idle.window.close();
  return Number(Math.min(1, (AFFORDED * 1000) / model.measuredMs / sources).toFixed(2));
}

/** A camera that goes and comes again; ends with the bench. */
async function flap(file: string): Promise<void> {
  const mounts = [{ path: `/${FLAPPING}`, file, fps }];
  const port = flapping?.port ?? 0;
  while (!over) {
    await wait(UP_MS);
    await flapping?.kill();
    await wait(DOWN_MS);
    if (!over) flapping = await RtspServer.start({ mounts, port });
  }
}

const mb = (bytes: number | null): string =>
  (bytes === null ? '-' : (bytes / 2 ** 20).toFixed(1)).padStart(8);
let failed = false;
try {
  const clip = await cameraClip(join(folder, 'camera.h264'));
  server = await RtspServer.start({
    mounts: good.map((name) => ({ path: `/${name}`, file: clip.path, fps })),
  });
  flapping = await RtspServer.start({ mounts: [{ path: `/${FLAPPING}`, file: clip.path, fps }] });
  // Nothing listens on port 1.
  const urls: [string, string][] = [[DEAD, 'rtsp://127.0.0.1:1/dead']];
  urls.push([FLAPPING, flapping.url(`/${FLAPPING}`)]);
  for (const name of good) urls.push([name, server.url(`/${name}`)]);
  const targetFps = values.target === undefined ? await affordableFps(good.length) : Number(values.target);
  const rate = { targetFps, floorFps: 0.2, priority: 1 };
  const beganMs = performance.now();
  live = await LiveWindow.open(urls.map(([sourceId, url]) => ({ sourceId, url, rate })));
  for (const sourceId of good) {
    await live.untilState(sourceId, 'LIVE', 120_000);
    await live.until(
      `a frame of ${sourceId}`,
      async (w) => ((await w.source(sourceId)).progress?.ledger.processed ?? 0) > 0 || null,
      120_000,
    );
  }
  const startSeconds = (performance.now() - beganMs) / 1000;
  say(
    `${good.length} of ${count} sources are LIVE and looked at ${startSeconds.toFixed(0)} s after the start`,
  );
  const flaps = flap(clip.path);
  await wait(Math.min(60_000, minutes * 15_000));

  const watch = new SourcesWatch(live, [...good, DEAD, FLAPPING], [DEAD, FLAPPING]);
  const heldBefore = await live.window.collect();
  await watch.begin();
  const fromMs = performance.now();
  for (let n = 0; performance.now() - fromMs < minutes * 60_000; n++) {
    await watch.sample(n % COLLECT_EACH === 0);
    await wait(SAMPLE_MS);
  }
  const seconds = (performance.now() - fromMs) / 1000;
  const [sources, memory, descriptors] = [await watch.report(), watch.memory, watch.descriptors];
  const heldAfter = await live.window.collect();
  over = true;
  const { mainPid } = live;
  const ringsWhileRunning = ringsOf(mainPid).length;
  await live.window.close();
  live = null;
  const rings = ringsOf(mainPid);
  await flaps;

  const judged = minutes >= JUDGED_FROM_MINUTES;
  say(
    `\nmemory over ${seconds.toFixed(0)} s, of one process on the average${judged ? '' : ' (too short to judge)'}`,
  );
  say(
    '(what each holds for itself; main and renderer after collecting what they do not use; "at most": before)',
  );
  say(
    `kind                       number       MB  at most  MB/hour (limit ${LIMITS.mbPerHour}), give or take`,
  );
  for (const { kind, processes, meanBytes, peakBytes, slope } of memory) {
    const { perHour = null, noisePerHour = null } = slope ?? {};
    const figures = [meanBytes, peakBytes, perHour, noisePerHour].map(mb).join(' ');
    say(`${kind.padEnd(26)} ${String(processes).padStart(6)} ${figures}`);
  }
  for (const each of ['main', 'page'] as const) {
    say(
      `${each} holds after collecting: ${mb(heldBefore[each].usedBytes)} MB before, ${mb(heldAfter[each].usedBytes)} MB after`,
    );
  }
  say('\nsource      CPU s  % of a core  decoded  looked at  longest stop, s  states; frames left out');
  const rows = sources.map((source) => {
    const isGood = good.includes(source.sourceId);
    const losses = Object.entries(source.dropped).filter(([reason]) => !NO_LOSS.has(reason));
    const lost = losses.reduce((sum, [, frames]) => sum + frames, 0);
    const cpu = source.cpuSeconds;
    const share = cpu === null ? '-' : ((cpu * 100) / seconds).toFixed(1);
    say(
      `${source.sourceId.padEnd(10)} ${(cpu?.toFixed(1) ?? '-').padStart(6)} ${share.padStart(12)} ` +
        `${String(source.decoded).padStart(8)} ${String(source.processed).padStart(10)} ` +
        `${(source.longestStopMs / 1000).toFixed(1).padStart(16)}  ` +
        `${source.states.join(' ')}; ${JSON.stringify(source.dropped)}`,
    );
    return { ...source, isGood, lost };
  });
  const goodRows = rows.filter(({ isGood }) => isGood);
  const lost = goodRows.reduce((sum, row) => sum + row.lost, 0);
  const inferMs = goodRows.reduce((sum, row) => sum + row.inferMs, 0) / goodRows.length;
  const limited = goodRows.filter(({ limitedBy }) => limitedBy === 'load').length;
  say(
    `\none frame costs the model ${inferMs.toFixed(0)} ms: ${goodRows.length} x ${rate.targetFps} a second take ` +
      `${((goodRows.length * rate.targetFps * inferMs) / 10).toFixed(0)} % of its time; ${limited} limited by load`,
  );
  // What the scatter of the samples alone may pretend is no growth.
  const steepest = Math.max(
    ...memory.map(({ slope }) => (slope === null ? 0 : (slope.perHour - slope.noisePerHour) / 2 ** 20)),
  );
  const verdicts = [
    {
      what: 'steepest sure growth, MB/hour',
      value: Number(steepest.toFixed(1)),
      limit: LIMITS.mbPerHour,
      ok: judged ? steepest <= LIMITS.mbPerHour : null,
    },
    {
      what: `descriptors of main, ${watch.descriptorsBefore} before and ${descriptors} after: more`,
      value: descriptors - watch.descriptorsBefore,
      limit: LIMITS.descriptors,
      ok: descriptors - watch.descriptorsBefore <= LIMITS.descriptors,
    },
    {
      what: `names in shared memory, ${ringsWhileRunning} while it ran: left`,
      value: rings.length,
      limit: LIMITS.rings,
      ok: rings.length <= LIMITS.rings,
    },
    {
      what: 'frames of good sources lost beyond their selectors',
      value: lost,
      limit: LIMITS.lost,
      ok: lost <= LIMITS.lost,
    },
    {
      what: 'good sources that were ever anything but LIVE',
      value: goodRows.filter(({ states }) => states.some((state) => state !== 'LIVE')).length,
      limit: 0,
      ok: goodRows.every(({ states }) => states.every((state) => state === 'LIVE')),
    },
  ];
  say('');
  for (const { what, value, limit, ok } of verdicts) {
    const verdict = ok === null ? 'not judged' : ok ? 'ok' : 'FAIL';
    say(`${verdict.padEnd(10)} ${what}: ${value} (limit ${limit})`);
  }
  failed = verdicts.some(({ ok }) => ok === false);
  if (values.json) {
    const held = { before: heldBefore, after: heldAfter };
    const settings = { sources: count, minutes, fps, target: rate.targetFps };
    console.log(JSON.stringify({ settings, seconds, startSeconds, memory, held, sources: rows, verdicts }));
  }
} finally {
  over = true;
  await live?.window.close();
  await server?.kill();
  await flapping?.kill();
  display.close();
  rmSync(folder, { recursive: true, force: true });
}
// A camera that comes again would keep the process for its pause.
process.exit(failed ? 1 : 0);
