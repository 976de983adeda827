import { describe, expect, it } from 'vitest';
import { tallyLabels } from '../../../../src-renderer/views/recount/tally-labels.ts';

const way = (byClass: Record<string, number>) => ({
  total: Object.values(byClass).reduce((sum, n) => sum + n, 0),
  byClass,
});
const counts = {
  lines: {
    north: { forward: way({ truck: 3, car: 9 }), backward: way({ bus: 1 }) },
    south: { forward: way({ motorcycle: 2 }), backward: way({ bicycle: 4, car: 1 }) },
  },
  tracks: way({ person: 30, car: 20, dog: 1, boat: 2, bird: 3, cat: 4 }),
};
const model = ['person', 'bicycle', 'car', 'motorcycle', 'airplane', 'bus'];

describe('the classes of a check by hand', () => {
  it('are those looked for, all of them', () => {
    const wished = ['car', 'bus', 'truck', 'bicycle', 'person', 'motorcycle'];
    expect(tallyLabels(wished, counts, model)).toEqual(wished);
  });

  it('are all that the machine counted over a line, the commonest first, and the commonest others', () => {
    expect(tallyLabels([], counts, model)).toEqual([
      ...['car', 'bicycle', 'truck', 'motorcycle', 'bus'],
      ...['person', 'cat', 'bird'],
    ]);
  });

  it('are the first of the model where nothing was met', () => {
    expect(tallyLabels([], null, model)).toEqual(model.slice(0, 4));
  });
});
