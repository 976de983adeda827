// Rates of live sources that together want more than the machine can: measured by source, beside the ideal for their
// ranks. `--sources 6`, `--fps 25`, `--seconds 20`; `--json`: one JSON object as the last line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { modelManifestSchema } from '#shared/domain/model.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { fairRates } from '../../src-worker/detection/rate/fair-rates.ts';
import { HEADROOM } from '../../src-worker/detection/rate/rate-desk.ts';
import { hostDetection } from './pipeline-worker.ts';
import { BenchCamera } from './sources-camera.ts';

const SETTLE_MS = 8000;
const WIDTH = 640;
const HEIGHT = 360;

const { values } = parseArgs({
  options: {
    sources: { type: 'string', default: '6' },
    fps: { type: 'string', default: '25' },
    seconds: { type: 'string', default: '20' },
    json: { type: 'boolean' },
  },
});
const [count, fps, seconds] = [Number(values.sources), Number(values.fps), Number(values.seconds)];
const say = (text: string): void => {
  if (!values.json) console.log(text);
};
const root = join(import.meta.dirname, '../..');
const manifest = modelManifestSchema.parse(
  JSON.parse(readFileSync(join(root, 'models/manifest.json'), 'utf8')),
);
const spec = manifest.models.find(({ id }) => id === manifest.default);
if (spec === undefined) throw new Error(`no model ${manifest.default} in the manifest`);

const settings: RunSettings = {
  mode: 'live',
  lines: [],
  zones: [],
  classes: [],
  confidence: null,
  every: null,
  fps: null,
  keepRawDetections: false,
};

const cameras: BenchCamera[] = [];
/** Frames that went through the model. */
let frames = 0;
const host = hostDetection(
  {
    'run.progressed': ({ runId, progress }) => {
      cameras[runId - 1]?.heard(progress);
    },
    'run.failed': ({ error }) => console.error(error.message),
  },
  { debug: () => {}, info: () => {}, warn: console.error, error: console.error },
  () => {
    frames += 1;
  },
);
host.attachStore(() => {});
await host.main.request(
  'model.load',
  { path: join(root, 'models', spec.file), spec, provider: null },
  { timeoutMs: 60_000 },
);

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
for (let n = 0; n < count; n++) {
  const rate = { targetFps: null, floorFps: 1, priority: 1 + (n % 3) };
  cameras.push(
    new BenchCamera(host, { sourceId: `camera-${n}`, runId: n + 1, width: WIDTH, height: HEIGHT, fps, rate }),
  );
}
const handled = (): number[] => cameras.map(({ progress }) => progress?.ledger.processed ?? 0);
let cpu = process.cpuUsage();
try {
  for (const camera of cameras) await camera.start(settings);
  await wait(SETTLE_MS);
  const before = handled();
  for (const camera of cameras) camera.given();
  const beganMs = performance.now();
  const beganFrames = frames;
  cpu = process.cpuUsage();
  await wait(seconds * 1000);
  const tookMs = performance.now() - beganMs;
  cpu = process.cpuUsage(cpu);
  const rates = handled().map((processed, n) => ((processed - (before[n] ?? 0)) * 1000) / tookMs);
  const given = cameras.map((camera) => camera.given());
  const totalFps = ((frames - beganFrames) * 1000) / tookMs;
  const costs = cameras.map(({ progress }) => progress?.inferMs.p50 ?? 0);
  const costMs = costs.reduce((sum, ms) => sum + ms, 0) / Math.max(1, count);
  const ideal = fairRates(
    cameras.map(({ options }) => ({ ...options.rate, wantedFps: fps, costMs })),
    1000 * HEADROOM,
  );
  say(
    `${count} cameras of ${fps} fps, ${WIDTH}x${HEIGHT}; one frame costs the model ${costMs.toFixed(1)} ms`,
  );
  say('camera  rank  given  measured  ideal  limited by');
  const rows = cameras.map(({ options, progress }, n) => ({
    rank: options.rate.priority,
    givenFps: given[n] ?? 0,
    measuredFps: rates[n] ?? 0,
    idealFps: ideal[n] ?? 0,
    limitedBy: progress?.rate?.limitedBy ?? 'none',
    dropped: progress?.ledger.dropped ?? {},
  }));
  for (const [n, row] of rows.entries()) {
    const figures = [row.givenFps, row.measuredFps, row.idealFps].map((rate) => rate.toFixed(2).padStart(7));
    say(`${String(n).padStart(6)}  ${String(row.rank).padStart(4)} ${figures.join(' ')}  ${row.limitedBy}`);
  }
  const idealTotal = ideal.reduce((sum, rate) => sum + rate, 0);
  say(
    `together ${totalFps.toFixed(1)} of ideal ${idealTotal.toFixed(1)} fps (the ideal takes the median time of the ` +
      `model alone; frames cost more on a machine that is shared); CPU ${((cpu.user + cpu.system) / 10 / tookMs).toFixed(0)} %`,
  );
  if (values.json) console.log(JSON.stringify({ rows, totalFps, idealTotal, costMs }));
} finally {
  for (const camera of cameras) camera.stop();
  await host.close();
  for (const camera of cameras) camera.close();
}
