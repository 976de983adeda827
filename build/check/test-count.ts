import { readFileSync } from 'node:fs';

/** Result of one vitest project. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts out of vitest's JSON report. A run that failed without a failed test (a file that could not be loaded, an
 * error outside any test, no report at all) counts as one failed, so that no kind of failure adds up to zero.
 */
export function countTests(report: unknown, exitCode: number): TestCount {
  const numberOf = (key: string): number => {
    const value = typeof report === 'object' && report !== null ? Reflect.get(report, key) : undefined;
    return typeof value === 'number' ? value : 0;
  };
  const failed = numberOf('numFailedTests');
  return {
    passed: numberOf('numPassedTests'),
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: numberOf('numPendingTests') + numberOf('numTodoTests'),
  };
}

/** The JSON report, or null when vitest did not get as far as writing one. */
export function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
