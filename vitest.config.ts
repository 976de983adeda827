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
  'row-18-model-set-aside',
  'row-21-23-camera-store-takes-nothing',
  'row-32-sleep',
  'row-33-page-dies',
  'row-34-graphics-process-gone',
  'safe-mode',
  'store-process-down',
].map((name) => `test/process/faults/${name}.test.ts`);

/** One project per kind of test; `npm run test:<name>` runs one. */
const project = (
  name: string,
  testTimeoutMs: number,
  serial = false,
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
    expect: { poll: { timeout: serial ? 20_000 : 1000 } },
    // Real processes and windows of two files at once would measure each other.
    fileParallelism: !serial,
    // Real programs beside other work may miss a deadline once; the report names what was run twice.
    retry: serial && name !== 'native' ? 1 : 0,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 60_000),
      project('contract', 60_000),
      project('native', 300_000, true),
      project('process', 180_000, true),
      project('long', 180_000, true, long),
      project('e2e', 180_000, true),
    ],
  },
});
