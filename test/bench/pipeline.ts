import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { modelManifestSchema } from '#shared/domain/model.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { readModelFile } from '../../src-worker/detection/model/model-file.ts';
import { openSession } from '../../src-worker/detection/model/session.ts';
import { Chain } from './pipeline-chain.ts';

/**
 * Frames per second of the whole chain (ffmpeg child, ring, tensor, model, decoder, tracker, rows) beside the model
 * alone on tensors of the same size. Both in turns, so that a machine that slows down slows both.
 */
const root = join(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const clip = resolve(positionals[0] ?? join(root, 'resources/demo/vtest.avi'));
const rounds = Number(values.rounds);
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
const provider = ['cuda', 'dml', 'coreml'].find((name) => name === loaded.provider) ?? 'cpu';
const session = await openSession(bytes, spec, provider as 'cpu' | 'cuda' | 'dml' | 'coreml');

/** Frames per second of session.run alone. */
async function limitOf(tensorW: number, tensorH: number, runs: number): Promise<number> {
  const input = new Float32Array(3 * tensorW * tensorH).fill(0.5);
  for (let n = 0; n < 5; n++) await session.run(input, tensorW, tensorH);
  const startMs = performance.now();
  for (let n = 0; n < runs; n++) await session.run(input, tensorW, tensorH);
  return (runs * 1000) / (performance.now() - startMs);
}
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

// The first round warms everything up and tells the tensor's size.
const warm = await chain.run(clip, { ...settings, every: 8 });
const [tensorW = 0, tensorH = 0] = warm.model.inputSize.split('x').map(Number);
const chains: number[] = [];
const limits = [await limitOf(tensorW, tensorH, 100)];
const ratios: number[] = [];
for (let round = 1; round <= rounds; round++) {
  const run = await chain.run(clip, settings);
  const fps = (run.ledger.processed * 1000) / run.ms;
  const before = limits.at(-1) ?? 0;
  const after = await limitOf(tensorW, tensorH, 100);
  chains.push(fps);
  limits.push(after);
  ratios.push(fps / mean([before, after]));
  say(
    `round ${round}: chain ${fps.toFixed(1)} fps over ${run.ledger.processed} of ${run.ledger.decoded} frames ` +
      `(inference ${run.inferMs.p50.toFixed(1)} ms), model alone ${before.toFixed(1)} and ${after.toFixed(1)} fps`,
  );
}
await chain.close();
await session.release();

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const result = { fps: median(chains), limitFps: median(limits), ratio: median(ratios), clip };
say(`${result.fps.toFixed(1)} of ${result.limitFps.toFixed(1)} fps: ${(result.ratio * 100).toFixed(0)} %`);
if (values.json) console.log(JSON.stringify(result));
