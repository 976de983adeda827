import { describe, expect, it } from 'vitest';
import { Turns } from '../../../../src-main/runs/turns.ts';

describe('work in turns', () => {
  it('never goes on more than so often at a time, in its order, also when some of it fails', async () => {
    const turns = new Turns(3);
    const began: number[] = [];
    let going = 0;
    let most = 0;
    const work = async (n: number): Promise<number> => {
      began.push(n);
      going += 1;
      most = Math.max(most, going);
      await new Promise((resolve) => setImmediate(resolve));
      going -= 1;
      if (n % 7 === 0) throw new Error(`no ${n}`);
      return n;
    };
    const order = Array.from({ length: 500 }, (_, n) => n);
    const results = await Promise.allSettled(order.map((n) => turns.take(() => work(n))));
    expect(most).toBe(3);
    expect(began).toEqual(order);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(72);
    expect(await turns.take(async () => 'again')).toBe('again');
  });
});
