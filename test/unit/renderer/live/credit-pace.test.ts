import { describe, expect, it } from 'vitest';
import { CreditPace } from '../../../../src-renderer/live/credit-pace.ts';
import { rateOf } from '../../../../src-renderer/live/picture-figures.ts';

describe('the answers to pictures', () => {
  it('are given in order and not faster than the pace', () => {
    const pace = new CreditPace(40);
    pace.owe(1);
    pace.owe(2);
    expect(pace.due(1000)).toBe(1);
    expect(pace.due(1030)).toBeNull();
    expect(pace.waitMs(1030)).toBe(10);
    expect(pace.due(1040)).toBe(2);
    expect(pace.due(2000)).toBeNull();
  });

  it('come faster at once when a tile is enlarged', () => {
    const pace = new CreditPace(1000);
    pace.owe(1);
    pace.owe(2);
    pace.due(0);
    pace.setInterval(30);
    expect(pace.due(50)).toBe(2);
  });

  it('are void when the link is a new one', () => {
    const pace = new CreditPace(0);
    pace.owe(1);
    pace.clear();
    expect(pace.owed).toBe(0);
    expect(pace.due(100)).toBeNull();
  });
});

describe('the rate of pictures', () => {
  it('counts the last two seconds', () => {
    expect(rateOf([0, 500, 1001, 1500, 2900], 3000)).toBe(1.5);
  });
});
