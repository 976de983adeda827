import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { modelManifestSchema } from '#shared/domain/model.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { readModelFile } from '../../src-worker/detection/model/model-file.ts';
import { openSession, type Provider } from '../../src-worker/detection/model/session.ts';
import { movingPhotograph } from '../fixtures/photograph.ts';
import { Chain } from './pipeline-chain.ts';

/**
 * Frames per second of the whole chain (ffmpeg child, ring, tensor, model, decoder, tracker, rows) beside the model
 * alone on tensors of the same size. Both in short turns, so that a machine that slows down slows both; the ratio is
 * the median over the turns. Start of ffmpeg and opening of the file are not in it.
 */
const SLICE_FRAMES = 48;
const LIMIT_RUNS = 24;

const root = join(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' } },
  allowPositionals: true,
});
/** The clip named, else the demo's; where that was not fetched, a made film of a car. */
async function benchClip(folder: string): Promise<string> {
  const [named] = positionals;
  if (named !== undefined) return resolve(named);
  const demo = join(root, 'resources/demo/vtest.avi');
  if (existsSync(demo)) return demo;
  return (await movingPhotograph(join(folder, 'car.mp4'), { cycles: 3 })).path;
}
const folder = mkdtempSync(join(tmpdir(), 'ivis-pipeline-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const clip = await benchClip(folder);
const say = (text: string): void => {
  if (!values.json) console.log(text);
};

const settings: RunSettings = {
  mode: 'analyse',
  lines: [],
  zones: [],
  classes: [],
  confidence: null,
  every: null,
  fps: null,
  keepRawDetections: false,
};
const manifest = modelManifestSchema.parse(
  JSON.parse(readFileSync(join(root, 'models/manifest.json'), 'utf8')),
);
const spec = manifest.models.find(({ id }) => id === manifest.default);
if (spec === undefined) throw new Error(`no model ${manifest.default} in the manifest`);
const modelPath = join(root, 'models', spec.file);

const chain = new Chain();
const loaded = await chain.load(modelPath, spec, null);
const bytes = await readModelFile(modelPath, spec);
const providers: readonly Provider[] = ['cuda', 'dml', 'coreml', 'cpu'];
const provider = providers.find((name) => name === loaded.provider) ?? 'cpu';
const session = await openSession(bytes, spec, provider);

/** Frames per second of session.run alone. */
async function limitOf(size: string): Promise<number> {
  const [width = 0, height = 0] = size.split('x').map(Number);
  let input: Float32Array = new Float32Array(3 * width * height).fill(0.5);
  ({ input } = await session.run(input, width, height));
  const startMs = performance.now();
  for (let n = 0; n < LIMIT_RUNS; n++) ({ input } = await session.run(input, width, height));
  return (LIMIT_RUNS * 1000) / (performance.now() - startMs);
}
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

// The first run warms everything up and tells the tensor's size.
const warm = await chain.run(
  clip,
  { ...settings, every: 20 },
  { frames: 1e9, between: () => Promise.resolve() },
);
const size = warm.model.inputSize;
const limits = [await limitOf(size)];
const run = await chain.run(clip, settings, {
  frames: SLICE_FRAMES,
  between: async () => {
    limits.push(await limitOf(size));
  },
});
limits.push(await limitOf(size));
await chain.close();
await session.release();

const chains: number[] = [];
const ratios: number[] = [];
for (const [at, { frames, ms }] of run.slices.entries()) {
  if (frames < SLICE_FRAMES / 2) continue;
  const fps = (frames * 1000) / ms;
  // The model alone just before and just after: what the machine gave at that time.
  const limit = ((limits[at] ?? 0) + (limits[at + 1] ?? 0)) / 2;
  chains.push(fps);
  ratios.push(fps / limit);
  say(`frames ${frames}: chain ${fps.toFixed(1)} fps, model alone ${limit.toFixed(1)} fps`);
}
const { processed, decoded } = run.ledger;
const result = { fps: median(chains), limitFps: median(limits), ratio: median(ratios), clip };
say(
  `${processed} of ${decoded} frames at ${size}, inference ${run.inferMs.p50.toFixed(1)} ms: ` +
    `${result.fps.toFixed(1)} of ${result.limitFps.toFixed(1)} fps, ${(result.ratio * 100).toFixed(0)} %`,
);
if (values.json) console.log(JSON.stringify(result));
