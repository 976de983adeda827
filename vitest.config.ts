import { defineConfig } from 'vitest/config';

/**
 * Wait for minutes, or say again at length what a shorter test shows. `npm test` is to end within half an hour on two
 * cores: these are run by `npm run test:long`, and by `npm run test:faults`.
 */
const long = [
  'capture-killed',
  'ledger-of-time',
  'memory-limit',
  'no-growth',
  'row-04-over-a-death',
  'row-16-18-detection-dies',
  'row-17-model-never-answers',
  'row-18-model-set-aside',
  'row-21-23-camera-store-takes-nothing',
  'row-32-sleep',
  'row-33-page-dies',
  'row-34-graphics-process-gone',
  'safe-mode',
  'store-process-down',
].map((name) => `test/process/faults/${name}.test.ts`);

/** Projects whose tests start the whole program. */
const programs = new Set(['process', 'long', 'e2e']);

/** One project per kind of test; `npm run test:<name>` runs one. */
const project = (
  name: string,
  testTimeoutMs: number,
  workers: number,
  include = [`test/${name}/**/*.test.{ts,tsx}`],
) => ({
  test: {
    name,
    include,
    ...(name === 'process' ? { exclude: long } : {}),
    testTimeout: testTimeoutMs,
    hookTimeout: testTimeoutMs,
    pool: 'forks' as const,
    // A page of a machine that is shared shows within seconds what a quick one shows at once.
    expect: { poll: { timeout: programs.has(name) ? 20_000 : 1000 } },
    // Files wait more than they work: a few beside each other keep two cores busy, and more would starve each other.
    fileParallelism: workers > 1,
    maxWorkers: workers,
    // Real programs beside other work may miss a deadline once; the report names what was run twice.
    retry: programs.has(name) ? 1 : 0,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 60_000, 3),
      project('contract', 60_000, 2),
      project('native', 300_000, 1),
      project('process', 240_000, 3),
      project('long', 180_000, 1, long),
      project('e2e', 240_000, 2),
    ],
  },
});
