import { expect, test } from 'vitest';
import { wilsonInterval } from '../../../../src-renderer/views/recount/wilson.ts';

// R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i lies where the published table says', (hits, trials, low, high) => {
  const interval = wilsonInterval(hits, trials);
  expect(interval?.low).toBeCloseTo(low, 4);
  expect(interval?.high).toBeCloseTo(high, 4);
  expect(interval?.share).toBe(hits / trials);
});

test('all hits still leave room below, and none above', () => {
  const interval = wilsonInterval(10, 10);
  expect(interval?.high).toBeCloseTo(1, 12);
  expect(interval?.high).toBeLessThanOrEqual(1);
  expect(interval?.low).toBeCloseTo(0.7225, 4);
});

test('of no trials nothing is said', () => {
  expect(wilsonInterval(0, 0)).toBeNull();
});
