import { describe, expect, it } from 'vitest';
import type { Gap, GapCause } from '#shared/domain/gap.ts';
import { GapBook } from '../../../../src-main/runs/gap-book.ts';

const gap = (number: number, cause: GapCause, fromWallMs: number, toWallMs: number | null = null): Gap => ({
  number,
  cause,
  fromWallMs,
  toWallMs,
  fromPtsMs: null,
  toPtsMs: null,
});

describe('the book of gaps', () => {
  it('keeps a gap from its beginning to its end, named by what it turned out to be', () => {
    const book = new GapBook();
    book.began(gap(0, 'stalled', 1000));
    expect(book.recent(2000)).toEqual([{ cause: 'stalled', fromWallMs: 1000, toWallMs: null }]);
    book.ended(gap(0, 'lost', 1000, 4000));
    expect(book.recent(5000)).toEqual([{ cause: 'lost', fromWallMs: 1000, toWallMs: 4000 }]);
  });

  it('leaves an open gap open when something of no length is noted beside it', () => {
    const book = new GapBook();
    book.began(gap(0, 'stalled', 1000));
    book.began(gap(1, 'clock-jump', 1500));
    book.ended(gap(1, 'clock-jump', 1500, 1500));
    expect(book.recent(2000)).toEqual([
      { cause: 'clock-jump', fromWallMs: 1500, toWallMs: 1500 },
      { cause: 'stalled', fromWallMs: 1000, toWallMs: null },
    ]);
    book.ended(gap(0, 'stalled', 1000, 3000));
    expect(book.missingMs(0, 10_000)).toBe(2000);
  });

  it('makes one gap of a death and of the way back, up to the first true picture', () => {
    const book = new GapBook();
    book.unseen('capture-restart', 1000);
    expect(book.recent(2000)).toEqual([{ cause: 'capture-restart', fromWallMs: 1000, toWallMs: null }]);
    book.began(gap(0, 'capture-restart', 1000));
    book.ended(gap(0, 'capture-restart', 1000, 4000));
    book.pictured(4000);
    expect(book.recent(5000)).toEqual([{ cause: 'capture-restart', fromWallMs: 1000, toWallMs: 4000 }]);
  });

  it('tells what keeps a camera away after a death, and does not call it a restart all night', () => {
    const book = new GapBook();
    book.began(gap(4, 'lost', 0));
    book.unseen('detection-restart', 1000);
    book.began(gap(0, 'detection-restart', 1000));
    book.ended(gap(0, 'detection-restart', 1000, 1500));
    book.began(gap(1, 'auth-failed', 1500));
    expect(book.recent(9000)).toEqual([
      { cause: 'lost', fromWallMs: 0, toWallMs: 1000 },
      { cause: 'detection-restart', fromWallMs: 1000, toWallMs: 1500 },
      { cause: 'auth-failed', fromWallMs: 1500, toWallMs: null },
    ]);
    expect(book.missingMs(0, 9000)).toBe(9000);
  });

  it('makes one hole of deaths before any run told of it', () => {
    const book = new GapBook();
    book.unseen('capture-restart', 1000);
    book.unseen('capture-restart', 2000);
    book.began(gap(0, 'capture-restart', 1000));
    book.unseen('detection-restart', 5000);
    expect(book.recent(6000)).toEqual([
      { cause: 'capture-restart', fromWallMs: 1000, toWallMs: 5000 },
      { cause: 'detection-restart', fromWallMs: 5000, toWallMs: null },
    ]);
  });

  it('has a hole before any run tells of it, and the run knows best since when', () => {
    const book = new GapBook([{ cause: 'lost', fromWallMs: 0, toWallMs: 100 }]);
    book.unseen('ivis-restart', 1000);
    expect(book.missingMs(0, 5000)).toBe(4100);
    book.began(gap(0, 'ivis-restart', 900));
    book.ended(gap(0, 'ivis-restart', 900, 6000));
    expect(book.recent(7000)).toEqual([
      { cause: 'lost', fromWallMs: 0, toWallMs: 100 },
      { cause: 'ivis-restart', fromWallMs: 900, toWallMs: 6000 },
    ]);
  });

  it('closes what was open when a process dies, so that no time is counted twice', () => {
    const book = new GapBook();
    book.began(gap(0, 'black', 1000));
    book.unseen('detection-restart', 3000);
    book.pictured(6000);
    expect(book.recent(7000).map(({ fromWallMs, toWallMs }) => [fromWallMs, toWallMs])).toEqual([
      [1000, 3000],
      [3000, 6000],
    ]);
    expect(book.missingMs(0, 7000)).toBe(5000);
  });

  it('takes only the part of a gap that lies in the time asked for', () => {
    const book = new GapBook();
    book.began(gap(0, 'lost', 1000));
    expect(book.missingMs(4000, 9000)).toBe(5000);
    book.ended(gap(0, 'lost', 1000, 6000));
    expect(book.missingMs(4000, 9000)).toBe(2000);
    expect(book.missingMs(7000, 9000)).toBe(0);
  });

  it('keeps a hole of the store beside those of the camera, and counts no time twice', () => {
    const book = new GapBook();
    book.began(gap(9, 'store-away', 1000));
    expect(book.storeAway).toBe(true);
    book.began(gap(0, 'lost', 2000));
    expect(book.recent(3000).map(({ cause }) => cause)).toEqual(['store-away', 'lost']);
    expect(book.missingMs(0, 3000)).toBe(2000);
    book.ended(gap(9, 'store-away', 1000, 4000));
    book.ended(gap(0, 'lost', 2000, 5000));
    expect(book.storeAway).toBe(false);
    expect(book.recent(6000)).toEqual([
      { cause: 'store-away', fromWallMs: 1000, toWallMs: 4000 },
      { cause: 'lost', fromWallMs: 2000, toWallMs: 5000 },
    ]);
    expect(book.missingMs(0, 6000)).toBe(4000);
  });

  it('ends a hole of the store where the hole of a death begins, and with the source', () => {
    const book = new GapBook();
    book.began(gap(9, 'store-away', 1000));
    book.unseen('detection-restart', 500);
    expect(book.recent(2000)).toEqual([{ cause: 'detection-restart', fromWallMs: 500, toWallMs: null }]);
    book.pictured(2000);
    book.began(gap(9, 'store-away', 3000));
    book.stopped(4000);
    expect(book.recent(5000).at(-1)).toEqual({ cause: 'store-away', fromWallMs: 3000, toWallMs: 4000 });
    expect(book.storeAway).toBe(false);
  });

  it('forgets what is over for an hour and ends what is open when it is stopped', () => {
    const book = new GapBook();
    book.began(gap(0, 'lost', 0));
    book.ended(gap(0, 'lost', 0, 1000));
    book.began(gap(1, 'frozen', 2000));
    book.stopped(5000);
    expect(book.recent(3_600_000 + 2000)).toEqual([{ cause: 'frozen', fromWallMs: 2000, toWallMs: 5000 }]);
  });
});
