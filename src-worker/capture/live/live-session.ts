import type { StreamHeader, WrittenFrame } from '#native';
import type { ErrorKind } from '#shared/domain/error-kind.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Hole } from '#shared/domain/gap.ts';
import type { LiveLimits } from '#shared/domain/live-limits.ts';
import { FilmStretches } from '../transport/film-stretches.ts';
import { AttemptSeat } from './attempt-seat.ts';
import { ringLoss } from './camera-socket.ts';
import { GapDesk } from './gap-desk.ts';
import { type LiveEffect, type LiveEvent, newLive } from './live.ts';
import { LiveAttempt } from './live-attempt.ts';
import { LiveDescription } from './live-description.ts';
import type { StreamFacts } from './live-log.ts';
import { stepLive } from './live-machine.ts';
import { type LiveOrder, type LiveSurroundings, openedBy, stoppedOnRequest } from './live-order.ts';
import { type LivePolicy, limitedPolicy } from './live-policy.ts';
import { LiveVitals } from './live-vitals.ts';
import type { LossKind } from './loss.ts';
import { type Mask, maskFor } from './mask.ts';
import { MediaTimeline } from './media-timeline.ts';
import { PictureCount } from './picture-count.ts';
import { PictureWatch } from './picture-watch.ts';
import { placed, RingSeat } from './ring-seat.ts';
import { RunSeat } from './run-seat.ts';

const TICK_MS = 250;

/**
 * One live source over as many tries as it takes: the machine decides, attempts come and go, the ring stays while the
 * picture keeps its size, and frames are numbered and timed on through all of them.
 */
export class LiveSession {
  readonly run: RunSeat;
  readonly #order: LiveOrder;
  readonly #around: LiveSurroundings;
  readonly #seat: RingSeat;
  readonly #timeline: MediaTimeline;
  readonly #gaps: GapDesk;
  readonly #pictures = new PictureWatch();
  readonly #count: PictureCount;
  readonly #vitals: LiveVitals;
  readonly #attempts = new AttemptSeat();
  readonly #stretches = new FilmStretches();
  readonly #mask: Mask;
  readonly #description: LiveDescription;
  readonly #ended = Promise.withResolvers<void>();
  #live;
  #policy: LivePolicy;
  #over = false;
  #cancelTick: () => void = () => {};

  constructor(order: LiveOrder, around: LiveSurroundings) {
    this.#order = order;
    this.#around = around;
    this.run = new RunSeat(order.runId);
    const { clock } = around;
    this.#policy = around.policy;
    if (order.limits !== undefined) this.limit(order.limits);
    this.#gaps = new GapDesk(clock, around, order.hole ?? null);
    this.#count = new PictureCount(clock);
    this.#timeline = new MediaTimeline(clock.monoMs());
    this.#live = newLive(clock.monoMs());
    this.#mask = maskFor(order.login);
    this.#description = new LiveDescription(order.input, clock.wallMs(), this.#mask);
    this.#vitals = new LiveVitals(clock, this.#mask, (status) => around.onStatus(status));
    this.#seat = new RingSeat({
      ...order,
      onFewerSlots: (slots, wanted) => around.onWarning('shared memory is scarce', { slots, wanted }),
    });
  }

  get busy(): boolean {
    return !this.#over && this.#count.recent;
  }

  /** Process id of ffmpeg while it runs. */
  get childPid(): number | null {
    return this.#attempts.childPid;
  }

  /** Returns at once: how it gets on is told by the surroundings. */
  open(): void {
    this.#handle(openedBy(this.#order, this.#around.clock));
    this.#tick();
  }

  /** What people may set, from now on. */
  limit(limits: LiveLimits): void {
    this.#policy = { ...this.#policy, ...limitedPolicy(limits) };
    this.#pictures.limit(limits);
  }

  /** All is of another run from now on; `hole`: nobody looked since then. Resolves when it is read, rejects if it is not. */
  async handOver(runId: number, hole: Hole | null): Promise<void> {
    const change = (): void => this.run.handOver(runId, this.#count.decoded);
    this.#gaps.handOver(change, hole);
    const { ring } = this.#seat;
    if (ring === null) return;
    const { name, epoch, width, height } = ring;
    const read = this.#around.openReader({ ring: name, epoch, width, height });
    if (hole === null) return read;
    if (!(await this.run.waitFor(read))) return;
    change();
    if (this.#live.gap === null) this.#gaps.end(this.#timeline.lastMs);
  }

  /** The computer goes to sleep: nothing is tried until `resume`. `noticed`: or slept, if it shows here as well. */
  suspend(fromWallMs: number, noticed: boolean): void {
    if (this.#over || (noticed && !this.#gaps.stoodStill)) return;
    this.#gaps.slept(fromWallMs);
    this.#handle({ type: 'suspended' });
  }

  /** Tries at once, whatever it was waiting for. */
  resume(): void {
    this.#handle({ type: 'resumed' });
    this.#handle({ type: 'tick' });
  }

  /** Ends it; the one end is told before this resolves, unless it was told already. */
  async close(): Promise<void> {
    this.#handle({ type: 'closed' });
    await this.#ended.promise;
  }

  #handle(event: LiveEvent): void {
    if (this.#over) return;
    const { live, effects } = stepLive(this.#live, event, this.#around.clock.monoMs(), this.#policy);
    this.#live = live;
    for (const effect of effects) this.#perform(effect);
    this.#vitals.show(live);
    if (live.phase === 'over') void this.#conclude(event.type === 'finished');
  }

  #perform(effect: LiveEffect): void {
    switch (effect.type) {
      case 'start':
        return this.#start();
      case 'kill':
        return this.#kill();
      case 'gap-begin':
        return this.#gaps.begin(effect.cause, effect.fromMs, this.#count.sentPtsAt(effect.fromMs));
      case 'gap-turn':
        return this.#gaps.turn(effect.cause, effect.fromMs, this.#timeline.lastMs);
      case 'gap-end':
        // At the end of the run no picture follows.
        return this.#gaps.end(this.#live.phase === 'over' ? null : this.#timeline.lastMs);
    }
  }

  #start(): void {
    const { input, login } = this.#order;
    const { build, webcamSystem, tap } = this.#around;
    const attempt = new LiveAttempt(
      {
        ...{ input, login, build, webcamSystem, stretches: this.#stretches, tap: tap ?? null },
        probe: this.#count.decoded === 0,
      },
      {
        header: (header, described) => void this.#headerCame(attempt, header, described),
        frame: (frame) => this.#frameCame(attempt, frame),
        facts: (facts, arrivalClock) => this.#factsCame(facts, arrivalClock),
        line: (line) => this.#vitals.line(line),
        lost: (loss) => this.#handle({ type: 'lost', loss }),
        finished: () => this.#finished(),
      },
    );
    this.#description.reconnect();
    this.#timeline.reconnect(false);
    this.#vitals.begin();
    this.#pictures.reset();
    this.#attempts.begin(attempt);
  }

  #kill(): void {
    const { loss } = this.#live;
    if (loss !== null && this.#live.phase === 'leaving') {
      const message = this.#mask(loss.error.message);
      this.#around.onWarning('source lost', { kind: loss.kind, message, ffmpeg: this.#vitals.lastWords });
    }
    this.#attempts.end(() => this.#handle({ type: 'gone' }));
  }

  #lose(kind: LossKind, error: ErrorKind, message: string): void {
    this.#handle({ type: 'lost', loss: { kind, error: { kind: error, message } } });
  }

  #finished(): void {
    const { kind } = this.#order.input;
    if (kind === 'file') return this.#handle({ type: 'wrapped' });
    // A film on a web server has an end; a stream that ends is a stream that was lost, whatever ffmpeg says.
    if (kind === 'http' && (this.#description.facts?.durationMs ?? 0) > 0)
      return this.#handle({ type: 'finished' });
    this.#lose('lost', 'camera-lost', 'the stream ended');
  }

  async #headerCame(attempt: LiveAttempt, header: StreamHeader, described: Promise<void>): Promise<void> {
    try {
      const { width, height } = header;
      await described;
      if (!this.#attempts.has(attempt)) return;
      const standing = this.#seat.ring;
      const sizeChanged = standing !== null && (standing.width !== width || standing.height !== height);
      if (sizeChanged && this.#count.decoded > 0) this.#handle({ type: 'changed', gap: 'size-changed' });
      const { ring, fresh } = this.#seat.fit(width, height, this.#count.decoded);
      this.#vitals.ringIs(this.#seat.short);
      if (fresh) {
        await this.#around.openReader({ ring: ring.name, epoch: ring.epoch, width, height });
        this.#pictures.open(ring.name);
      }
      if (!this.#attempts.has(attempt)) return;
      const media = this.#description.news(header);
      if (media !== null) this.#around.onDescribed(media);
      attempt.writeTo(ring);
    } catch (thrown) {
      // A ring that nobody opened would be taken for one that is read.
      this.#seat.discard();
      if (this.#attempts.has(attempt)) this.#handle({ type: 'lost', loss: ringLoss(thrown) });
    }
  }

  #factsCame(facts: StreamFacts, arrivalClock: boolean): void {
    if (this.#description.take(facts) && this.#count.decoded > 0)
      this.#handle({ type: 'changed', gap: 'codec-changed' });
    if (arrivalClock) this.#timeline.reconnect(true);
    this.#vitals.rate.begin(this.#order.input.kind === 'file' ? null : facts.fps);
    if (facts.fps !== null) this.#handle({ type: 'paced', intervalMs: 1000 / facts.fps });
  }

  #frameCame(attempt: LiveAttempt, frame: WrittenFrame): void {
    const ring = this.#seat.ring;
    if (this.#over || ring === null || !this.#attempts.has(attempt)) {
      // Written while its attempt was being ended: counted, not looked at.
      this.#count.cameLate(frame.seq);
      this.#gaps.leaveOut();
      return;
    }
    const time = this.#timeline.resolve(frame.ptsMs, frame.monoMs);
    this.#count.came(frame.seq);
    this.#vitals.picture(frame.monoMs);
    const plain = placed(frame, ring, time);
    this.#handle({ type: 'picture' });
    this.#judge(plain);
    if (this.#live.gap !== null || this.run.unread) {
      if (!this.run.unread) this.#gaps.leaveOut();
      this.#around.onPicture(plain);
    } else
      this.#pass({ ...plain, ...(time.discontinuity || this.#gaps.afterGap ? { discontinuity: true } : {}) });
    if (this.#count.due()) this.#around.onProgress(this.#count.decoded, this.#timeline.lastMs);
  }

  #pass(frame: FrameDescriptor): void {
    this.#gaps.afterGap = false;
    this.#count.sent(frame.ptsMs);
    this.#around.onFrame(frame);
    this.#around.onPicture(frame);
  }

  /** Of a file is known what it is; of a camera, whether it shows the truth is seen in its pictures. */
  #judge(frame: FrameDescriptor): void {
    if (this.#order.input.kind === 'file') return;
    const judgement = this.#pictures.look(frame);
    if (judgement !== null) this.#handle({ type: 'judged', ...judgement });
    if (this.#live.state === 'FROZEN' && this.#timeline.stuck) {
      this.#lose('frozen', 'camera-frozen', 'the picture repeats and its clock stands still');
    } else if (this.#vitals.rate.tooFast)
      this.#lose('too-fast', 'camera-too-fast', this.#vitals.rate.words(frame.monoMs));
  }

  #tick(): void {
    this.#cancelTick = this.#around.schedule(TICK_MS, () => {
      if (this.#over) return;
      this.#vitals.tick();
      this.#handle({ type: 'tick' });
      const setMs = this.#gaps.tick(this.#count.sentPtsMs);
      if (setMs !== null)
        this.#around.onWarning('the clock of the computer was set', { movedMs: Math.round(setMs) });
      if (!this.#over) this.#tick();
    });
  }

  async #conclude(complete: boolean): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTick();
    await this.#attempts.cleared;
    this.#pictures.close();
    this.#seat.close();
    this.#gaps.flush();
    this.#around.onEnd({
      decoded: this.#count.decoded,
      lastPtsMs: this.#timeline.lastMs,
      complete,
      error: complete ? null : stoppedOnRequest,
      decodeErrors: this.#vitals.decodeErrors,
    });
    this.#ended.resolve();
  }
}
