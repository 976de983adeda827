import { describe, expect, it } from 'vitest';
import { RunSeat } from '../../../../src-worker/capture/live/run-seat.ts';

describe('the run that pictures are of', () => {
  it('is another after a hand-over, from the pictures decoded until then', () => {
    const seat = new RunSeat(4);
    expect([seat.id, seat.first, seat.unread]).toEqual([4, 0, false]);
    seat.handOver(5, 120);
    expect([seat.id, seat.first]).toEqual([5, 120]);
  });

  it('has nobody who reads until its reader is there', async () => {
    const seat = new RunSeat(4);
    const reader = Promise.withResolvers<void>();
    const read = seat.waitFor(reader.promise);
    expect(seat.unread).toBe(true);
    reader.resolve();
    expect(await read).toBe(true);
    expect(seat.unread).toBe(false);
  });

  it('waits for the last reader that was asked, whatever becomes of those before', async () => {
    const seat = new RunSeat(4);
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const reads = [seat.waitFor(first.promise), seat.waitFor(second.promise)];
    first.resolve();
    expect(await reads[0]).toBe(false);
    expect(seat.unread).toBe(true);
    second.resolve();
    expect(await reads[1]).toBe(true);
    expect(seat.unread).toBe(false);
  });

  it('has nobody who reads after a reader that did not come', async () => {
    const seat = new RunSeat(4);
    await expect(seat.waitFor(Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(seat.unread).toBe(true);
  });
});
