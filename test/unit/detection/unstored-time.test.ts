import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerCloses } from '#shared/domain/drop-reason.ts';
import { FIRST_OWN_GAP, type Gap } from '#shared/domain/gap.ts';
import type { Detector } from '../../../src-worker/detection/model/detector.ts';
import { MAX_UNACKNOWLEDGED } from '../../../src-worker/detection/row-spool.ts';
import { plainSettings, RunAtHand, tinyDetector } from './run-fixture.ts';

let detector: Detector;
beforeAll(async () => {
  detector = await tinyDetector();
});
afterAll(() => detector.release());

/** A source whose store answers when it is let: `back` has it take what waits and all that comes. */
class AwayStore extends RunAtHand {
  readonly #waiting: (() => void)[] = [];
  #away = false;

  constructor(mode: 'live' | 'analyse' = 'live') {
    super(detector, { ...plainSettings, mode });
    this.store = () =>
      this.#away ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  /** The store takes nothing, and rows wait until no more fit. */
  async fill(): Promise<void> {
    this.#away = true;
    const noted: Gap = { ...camera(0), cause: 'clock-jump', toWallMs: 1 };
    // A batch is closed at a thousand of them.
    while (!this.full) for (let n = 0; n < 1000; n++) this.run.gapBegan(noted);
    await this.settled();
  }

  get full(): boolean {
    return this.run.unacknowledged >= MAX_UNACKNOWLEDGED;
  }

  async take(batches: number): Promise<void> {
    for (let n = 0; n < batches; n++) {
      this.#waiting.shift()?.();
      await this.settled();
    }
  }

  async back(): Promise<void> {
    this.#away = false;
    await this.take(1);
  }

  async seen(frames: number): Promise<void> {
    for (let n = 0; n < frames; n++) {
      this.nowMs += 300;
      this.frame();
      await this.work();
    }
  }

  async ended(decoded: number) {
    this.run.sourceEnded(decoded);
    await this.work();
    return this.finished[0];
  }

  settled(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  get tracks() {
    return this.batches.flatMap((batch) => batch.tracks);
  }

  /** What the database holds of the holes that are this run's own. */
  get stored(): Gap[] {
    return this.batches.flatMap(({ gaps }) => gaps ?? []).filter(({ cause }) => cause === 'store-away');
  }
}

const camera = (number: number): Gap => ({
  number,
  cause: 'lost',
  fromWallMs: 1000,
  toWallMs: null,
  fromPtsMs: null,
  toPtsMs: null,
});

async function withStore(
  body: (hand: AwayStore) => Promise<void>,
  mode: 'live' | 'analyse' = 'live',
): Promise<void> {
  const hand = new AwayStore(mode);
  try {
    await body(hand);
  } finally {
    hand.close();
  }
}

describe('a live source whose store is away', () => {
  test('is looked at as long as its rows fit into memory, and then has a hole until there is room', () =>
    withStore(async (hand) => {
      await hand.seen(3);
      const last = hand.run.latest;
      await hand.fill();
      await hand.seen(5);
      expect(hand.unstored).toMatchObject([
        { cause: 'store-away', fromWallMs: last?.frame.wallMs, fromPtsMs: last?.ptsMs, toWallMs: null },
      ]);
      expect(hand.progress.at(-1)?.ledger).toMatchObject({ processed: 3, dropped: { 'store-away': 5 } });
      await hand.back();
      const first = hand.frame();
      await hand.work();
      expect(hand.unstored[1]).toMatchObject({
        number: FIRST_OWN_GAP,
        toWallMs: first.wallMs,
        toPtsMs: first.ptsMs,
      });
      await hand.seen(3);
      const finished = await hand.ended(12);
      expect(finished?.ledger).toEqual({
        decoded: 12,
        processed: 7,
        dropped: { 'store-away': 5 },
        inFlight: 0,
      });
      expect(hand.stored).toEqual(hand.unstored);
    }));

  test('joins no track over the hole', () =>
    withStore(async (hand) => {
      await hand.seen(4);
      await hand.fill();
      await hand.seen(2);
      await hand.back();
      await hand.seen(4);
      await hand.ended(10);
      expect(hand.tracks.map(({ trackId, end, lastFrame }) => [trackId, end, lastFrame])).toEqual([
        [1, 'gap', 3],
        [2, 'source-ended', 9],
      ]);
    }));

  test('is not begun and ended with every batch of a store that is only slow', () =>
    withStore(async (hand) => {
      await hand.seen(1);
      await hand.fill();
      await hand.seen(1);
      await hand.take(MAX_UNACKNOWLEDGED / 2 - 1);
      await hand.seen(1);
      expect(hand.unstored).toHaveLength(1);
      await hand.take(1);
      await hand.seen(1);
      expect(hand.unstored).toHaveLength(2);
    }));

  test('a frame that waits, and one in the model, when no more fit: dropped as such, and looked at', () =>
    withStore(async (hand) => {
      await hand.seen(2);
      hand.frame();
      const inModel = hand.run.take();
      if (inModel === null) throw new Error('no frame was taken');
      hand.frame();
      await hand.fill();
      expect(hand.unstored).toEqual([]);
      await hand.run.look(inModel);
      hand.run.finish(inModel);
      expect(hand.run.depth).toBe(0);
      expect(hand.unstored).toMatchObject([{ fromPtsMs: inModel.next.ptsMs }]);
      await hand.back();
      const finished = await hand.ended(4);
      expect(finished?.ledger).toMatchObject({ processed: 3, dropped: { 'store-away': 1 } });
    }));

  test('a hole of the camera that lasts when there is room ends that of the store', () =>
    withStore(async (hand) => {
      await hand.seen(2);
      await hand.fill();
      await hand.seen(1);
      hand.run.gapBegan(camera(1));
      expect(hand.unstored).toHaveLength(1);
      hand.nowMs = 7e12;
      await hand.back();
      expect(hand.unstored[1]).toMatchObject({ toWallMs: 7e12, toPtsMs: null });
    }));

  test('that is stopped meanwhile ends its hole with itself', () =>
    withStore(async (hand) => {
      await hand.seen(2);
      await hand.fill();
      await hand.seen(1);
      hand.run.stop();
      expect(hand.unstored.map(({ toWallMs }) => toWallMs === null)).toEqual([true, false]);
      await hand.back();
      await hand.settled();
      expect(hand.finished).toHaveLength(1);
      expect(hand.stored).toEqual(hand.unstored);
      for (const { ledger } of hand.progress) expect(ledgerCloses(ledger)).toBe(true);
    }));
});

test('a file whose store is away has no hole: it waits', () =>
  withStore(async (hand) => {
    await hand.seen(2);
    await hand.fill();
    hand.frame();
    await hand.work();
    expect(hand.run.depth).toBe(1);
    await hand.back();
    await hand.work();
    const finished = await hand.ended(3);
    expect(finished?.ledger).toEqual({ decoded: 3, processed: 3, dropped: {}, inFlight: 0 });
    expect(hand.unstored).toEqual([]);
  }, 'analyse'));
