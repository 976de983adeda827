import { defineConfig } from 'vitest/config';

/** One project per kind of test; `npm run test:<name>` runs one. */
const project = (name: string, testTimeoutMs: number, serial = false) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    testTimeout: testTimeoutMs,
    hookTimeout: testTimeoutMs,
    pool: 'forks' as const,
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
      project('e2e', 180_000, true),
    ],
  },
});
