import type { Gate, Movement, MovementCounts } from '#shared/domain/movement.ts';
import type { TrackerResult } from '../tracking/tracker.ts';
import type { CountedBox, CountingFrame } from './anchor.ts';
import type { CountingSettings } from './counting-settings.ts';
import { LineCounter } from './line-counter.ts';
import { MovementCounter } from './movement-counter.ts';

/** The gates of one source: their crossings, decided as those of lines are, and the movements made of them. */
export class GateWatch {
  private readonly settings: CountingSettings;
  private readonly isWished: (label: string) => boolean;
  private readonly movements: MovementCounter;
  private crossings: LineCounter;

  constructor(gates: readonly Gate[], settings: CountingSettings, isWished?: (label: string) => boolean) {
    this.settings = settings;
    this.isWished = isWished ?? (() => true);
    this.crossings = new LineCounter(gates, settings, this.isWished);
    // as long as a track is remembered for the hand-over to another
    this.movements = new MovementCounter(gates, 2 * settings.handOverMs);
  }

  /** Takes the boxes of a frame (null: tracks end without one), the tracks that ended and those out of sight for long. */
  update(
    boxes: readonly CountedBox[],
    { closed, asleep }: Pick<TrackerResult, 'closed' | 'asleep'>,
    frame: CountingFrame | null,
  ): Movement[] {
    const crossings = frame ? this.crossings.update(boxes, frame) : [];
    crossings.push(...this.crossings.rest(asleep));
    crossings.push(...this.crossings.close(closed));
    const begun = frame ? this.crossings.begun : [];
    return this.movements.update({ crossings, closed, begun, ptsMs: frame?.ptsMs ?? -1 });
  }

  /** Ends what goes on: nothing before is joined to what may come after, when the gates may lie elsewhere. */
  interrupt(gates: readonly Gate[]): Movement[] {
    this.crossings = new LineCounter(gates, this.settings, this.isWished);
    return this.movements.finish();
  }

  /** Ends what goes on. */
  finish(): Movement[] {
    return this.movements.finish();
  }

  counts(): MovementCounts {
    return this.movements.counts();
  }
}
