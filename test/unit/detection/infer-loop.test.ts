import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameIntake } from '../../../src-worker/detection/frame-intake.ts';
import { InferLoop } from '../../../src-worker/detection/infer-loop.ts';
import { Detector } from '../../../src-worker/detection/model/detector.ts';
import { type ModelSession, openSession } from '../../../src-worker/detection/model/session.ts';
import type { SourceRun } from '../../../src-worker/detection/source-run.ts';
import { tinyModel, tinySpec } from './model/model-fixture.ts';
import { RunAtHand } from './run-fixture.ts';

/** A real model behind a gate: a run ends when the test lets it. */
class GatedSession implements ModelSession {
  readonly #session: ModelSession;
  readonly #gates: (() => void)[] = [];
  started = 0;

  constructor(session: ModelSession) {
    this.#session = session;
  }
  get provider() {
    return this.#session.provider;
  }
  get spec() {
    return this.#session.spec;
  }
  get decoder() {
    return this.#session.decoder;
  }
  async run(...args: Parameters<ModelSession['run']>) {
    this.started += 1;
    await new Promise<void>((resolve) => this.#gates.push(resolve));
    return this.#session.run(...args);
  }
  release() {
    return this.#session.release();
  }
  /** Lets the run in the model end, and everything that follows at once. */
  async letOne(): Promise<void> {
    const gate = this.#gates.shift();
    if (gate === undefined) throw new Error('nothing is in the model');
    gate();
    await settled();
  }
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

let session: GatedSession;
let intake: FrameIntake<SourceRun>;
let loop: InferLoop;
let worked: SourceRun[];
let hands: RunAtHand[];

beforeEach(async () => {
  const bytes = tinyModel();
  session = new GatedSession(await openSession(bytes, tinySpec(bytes), 'cpu'));
  intake = new FrameIntake<SourceRun>();
  worked = [];
  hands = [];
  loop = new InferLoop(
    intake,
    () => performance.now(),
    (run) => worked.push(run),
  );
});
afterEach(async () => {
  for (const hand of hands) {
    hand.run.stop();
    hand.close();
  }
  void loop.stop();
  await session.release();
});

function runOf(mode: 'analyse' | 'live', slots = 8): RunAtHand {
  const spec = session.spec;
  const measured = { provider: 'cpu', measuredMs: 1, probed: [], inputSize: '32x32' };
  const detector = new Detector(session, { id: spec.id, sha256: spec.sha256, ...measured });
  const hand = new RunAtHand(detector, { mode }, slots);
  hands.push(hand);
  intake.add(hand.run);
  return hand;
}
const ledgerOf = (hand: RunAtHand) => hand.progress.at(-1)?.ledger;

describe('the loop over the model', () => {
  test('takes the next frame of a file out of the ring while the model runs, and no more than that', async () => {
    const hand = runOf('analyse');
    for (let n = 0; n < 4; n++) hand.frame();
    loop.wake();
    await settled();
    expect([session.started, hand.run.depth]).toEqual([1, 2]);
    await session.letOne();
    expect([session.started, hand.run.depth]).toEqual([2, 1]);
  });

  test('tracks a frame while the next one is in the model', async () => {
    const hand = runOf('analyse');
    for (let n = 0; n < 3; n++) hand.frame();
    loop.wake();
    await settled();
    await session.letOne();
    expect(session.started).toBe(2);
    expect(worked).toEqual([hand.run]);
  });

  test('does not wait for another frame to finish one', async () => {
    const hand = runOf('analyse');
    hand.frame();
    loop.wake();
    await settled();
    await session.letOne();
    expect(worked).toEqual([hand.run]);
    expect(hand.run.atWork).toBe(false);
  });

  test('reads a frame ahead that comes while the model runs', async () => {
    const hand = runOf('analyse');
    hand.frame();
    loop.wake();
    await settled();
    hand.frame();
    loop.wake();
    expect(hand.run.depth).toBe(0);
    expect(session.started).toBe(1);
  });

  test('takes the newest frame of a live source at the last moment', async () => {
    const hand = runOf('live');
    hand.frame();
    loop.wake();
    await settled();
    const [replaced, newest] = [hand.frame(), hand.frame()];
    loop.wake();
    expect(hand.run.depth).toBe(1);
    await session.letOne();
    await session.letOne();
    expect(hand.run.latest?.frame.seq).toBe(newest.seq);
    expect(replaced.seq).toBe(newest.seq - 1);
  });

  test('a live frame goes before a file’s frame that was read ahead', async () => {
    const file = runOf('analyse');
    const live = runOf('live');
    for (let n = 0; n < 3; n++) file.frame();
    loop.wake();
    await settled();
    live.frame();
    loop.wake();
    await session.letOne();
    await session.letOne();
    expect(worked.slice(0, 2)).toEqual([file.run, live.run]);
    await session.letOne();
    expect(worked[2]).toBe(file.run);
  });

  test('loses no frame of a file: each is processed once and in order', async () => {
    const hand = runOf('analyse', 16);
    for (let n = 0; n < 9; n++) hand.frame();
    hand.run.sourceEnded(9);
    loop.wake();
    await settled();
    for (let n = 0; n < 9; n++) await session.letOne();
    expect(hand.finished[0]?.ledger).toEqual({ decoded: 9, processed: 9, dropped: {}, inFlight: 0 });
  });

  test('stopped with one frame in the model and one read ahead: both count as stopped', async () => {
    const hand = runOf('analyse');
    for (let n = 0; n < 3; n++) hand.frame();
    loop.wake();
    await settled();
    hand.run.stop();
    const stopping = loop.stop();
    await session.letOne();
    await stopping;
    await settled();
    expect(hand.finished[0]?.ledger).toEqual({
      decoded: 3,
      processed: 0,
      dropped: { stopped: 3 },
      inFlight: 0,
    });
    expect(ledgerOf(hand)?.inFlight).toBe(0);
  });
});
