import { expect, test } from 'vitest';
import { shownSummary } from '../../../../src-main/exports/shown-summary.ts';
import { sourceWith } from '../../renderer/app-states.ts';

test('the summary of a source has both numbers of every line, direction and class', () => {
  const { progress, settings } = sourceWith();
  if (progress === null) throw new Error('the source has counted something');
  const lines = {
    gate: {
      forward: { total: 3, byClass: { car: 2, bus: 1 } },
      backward: { total: 0, byClass: {} },
    },
  };
  const view = sourceWith({
    progress: { ...progress, counts: { ...progress.counts, lines } },
    settings: {
      ...settings,
      lines: [
        {
          name: 'door',
          points: [
            { x: 0, y: 0 },
            { x: 0, y: 9 },
          ],
        },
      ],
    },
    changes: [
      { line: 'gate', direction: 'forward', label: 'car', wrong: 1, missed: 0 },
      { line: 'gate', direction: 'forward', label: 'truck', wrong: 0, missed: 2 },
    ],
  });
  expect(shownSummary(view)).toMatchObject({
    runs: [7],
    lines: {
      door: { forward: { machine: 0, corrected: 0, byClass: {} } },
      gate: {
        forward: {
          machine: 3,
          corrected: 4,
          byClass: {
            bus: { machine: 1, corrected: 1 },
            car: { machine: 2, corrected: 1 },
            truck: { machine: 0, corrected: 2 },
          },
        },
        backward: { machine: 0, corrected: 0 },
      },
    },
  });
});
