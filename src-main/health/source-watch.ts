import type { SourceView } from '#shared/domain/source.ts';
import type { SourceFacts } from './facts.ts';
import { SourceTally } from './source-tally.ts';

/** States in which nobody expects a frame. All others are on their way to a picture or have one. */
const AT_REST = new Set([
  'READY',
  'QUEUED',
  'ENDED',
  'INCOMPLETE',
  'FAULTED',
  'STOPPED',
  'PAUSED',
  'DISABLED',
]);

interface Watched {
  readonly tally: SourceTally;
  facts: SourceFacts;
  /** Frames processed in the run `runId`, when they last rose. */
  processed: number;
}

/**
 * A live source goes on being expected when it fails: only a person can want it to stop. A file that failed is over.
 */
export function isExpecting(view: Pick<SourceView, 'state' | 'settings'>): boolean {
  if (view.settings.mode === 'live' && view.state === 'FAULTED') return true;
  return !AT_REST.has(view.state);
}

/** Follows every source from one look to the next. */
export class SourceWatch {
  #watched = new Map<string, Watched>();

  /** When frames of a file were expected last; null: never. */
  fileWorkMs: number | null = null;

  look(views: readonly SourceView[], monoMs: number): void {
    const before = this.#watched;
    this.#watched = new Map(
      views.map((view) => {
        const old = before.get(view.sourceId);
        const tally = old?.tally ?? new SourceTally();
        tally.take(view.runId, view.progress, view.live !== null);
        tally.mark(monoMs);
        const processed = view.progress?.ledger.processed ?? 0;
        const expecting = isExpecting(view);
        const began = expecting && old?.facts.expecting !== true;
        const rose =
          old !== undefined &&
          (processed !== old.processed || view.runId !== old.facts.runId) &&
          processed > 0;
        const lastProcessedMs = rose ? monoMs : began ? null : (old?.facts.lastProcessedMs ?? null);
        const { sourceId, title, state, fault, runId, progress } = view;
        const facts: SourceFacts = {
          sourceId,
          title,
          state,
          fault,
          runId,
          progress,
          expecting,
          live: view.settings.mode === 'live',
          expectingSinceMs: expecting ? (began ? monoMs : (old?.facts.expectingSinceMs ?? monoMs)) : null,
          lastProcessedMs: expecting ? lastProcessedMs : null,
        };
        return [sourceId, { tally, facts, processed }];
      }),
    );
    if (this.facts.some(({ expecting, live }) => expecting && !live)) this.fileWorkMs = monoMs;
  }

  get facts(): SourceFacts[] {
    return [...this.#watched.values()].map(({ facts }) => facts);
  }

  get tallies(): ReadonlyMap<string, SourceTally> {
    return new Map([...this.#watched].map(([sourceId, { tally }]) => [sourceId, tally]));
  }

  tallyOf(sourceId: string): SourceTally | null {
    return this.#watched.get(sourceId)?.tally ?? null;
  }

  isExpecting(sourceId: string): boolean {
    return this.#watched.get(sourceId)?.facts.expecting ?? false;
  }

  /** The sum of a rate over all sources. */
  perSecond(what: 'out' | 'dropped' | 'failures', overMs: number): number {
    return [...this.#watched.values()].reduce(
      (sum, { tally }) => sum + Math.max(0, tally.perSecond(what, overMs)),
      0,
    );
  }
}
