import type { Ledger } from '#shared/domain/drop-reason.ts';
import type { LiveWindow } from '../drivers/live-window.ts';
import { descriptorsOf, familyOf, isFfmpeg, type ProcessLook } from '../drivers/process-look.ts';

/** A source's process and its ffmpeg: CPU seconds since they began. */
function cpuOf(capture: ProcessLook, family: readonly ProcessLook[]): number {
  const ffmpegs = family.filter((each) => each.parent === capture.pid && isFfmpeg(each));
  return [...ffmpegs, capture].reduce((sum, each) => sum + each.cpuSeconds, capture.endedChildrenCpuSeconds);
}

interface MemorySample {
  readonly atHours: number;
  readonly meanBytes: number;
}

/** Least squares: bytes per hour. Null for fewer than three samples. */
export function slopeOf(samples: readonly MemorySample[]): number | null {
  if (samples.length < 3) return null;
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [x, y] = [mean(samples.map((s) => s.atHours)), mean(samples.map((s) => s.meanBytes))];
  const over = samples.reduce((sum, s) => sum + (s.atHours - x) * (s.meanBytes - y), 0);
  const under = samples.reduce((sum, s) => sum + (s.atHours - x) ** 2, 0);
  return under === 0 ? null : over / under;
}

export interface MemoryOfKind {
  readonly kind: string;
  readonly processes: number;
  readonly meanBytes: number;
  /** Of one process, on the average. */
  readonly slopeBytesPerHour: number | null;
}

/** What a source did between two looks. */
export interface SourceReport {
  readonly sourceId: string;
  readonly cpuSeconds: number | null;
  readonly decoded: number;
  readonly processed: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly states: readonly string[];
  /** Longest time without a processed frame; what one frame in so many seconds waits anyway is part of it. */
  readonly longestStopMs: number;
  /** Median milliseconds of the model for one frame, and what keeps the source from its wished rate. */
  readonly inferMs: number;
  readonly limitedBy: string;
}

interface Look {
  readonly ledger: Ledger | null;
  readonly statesBefore: number;
  readonly capturePid: number | null;
  readonly cpuSeconds: number;
}

/** Looks at every process of ivis and at the ledger of every source, from the first look to the last. */
export class SourcesWatch {
  readonly #live: LiveWindow;
  /** Sources whose processes come and go by design: a kind of their own each. */
  readonly #odd: ReadonlySet<string>;
  readonly #sourceIds: readonly string[];
  readonly #memory = new Map<string, { processes: number; samples: MemorySample[] }>();
  readonly #first = new Map<string, Look>();
  #fromMs = 0;
  descriptorsBefore = 0;

  constructor(live: LiveWindow, sourceIds: readonly string[], odd: readonly string[]) {
    this.#live = live;
    this.#sourceIds = sourceIds;
    this.#odd = new Set(odd);
  }

  async begin(): Promise<void> {
    await this.#live.mark();
    this.#fromMs = performance.now();
    this.descriptorsBefore = descriptorsOf(this.#live.mainPid);
    for (const sourceId of this.#sourceIds) this.#first.set(sourceId, await this.#look(sourceId));
  }

  get descriptors(): number {
    return descriptorsOf(this.#live.mainPid);
  }

  async sample(): Promise<void> {
    const kinds = new Map<string, number[]>();
    const workers = new Map((await this.#live.state())?.processes.map((each) => [each.pid, each]));
    const family = familyOf(this.#live.mainPid);
    for (const each of family) {
      const worker = workers.get(isFfmpeg(each) ? each.parent : each.pid);
      const odd = this.#odd.has(worker?.sourceId ?? '');
      // The ffmpeg of a camera that is away is a new one each time: it has no slope.
      if (odd && isFfmpeg(each)) continue;
      const type = /--type=([a-z-]+)/.exec(each.command)?.[1];
      const own = each.pid === this.#live.mainPid ? 'main' : (worker?.name ?? type ?? 'other');
      const kind = isFfmpeg(each) ? 'ffmpeg' : odd ? `${own} (${worker?.sourceId})` : own;
      kinds.set(kind, [...(kinds.get(kind) ?? []), each.rssBytes]);
    }
    const atHours = (performance.now() - this.#fromMs) / 3_600_000;
    for (const [kind, bytes] of kinds) {
      const entry = this.#memory.get(kind) ?? { processes: 0, samples: [] };
      entry.processes = bytes.length;
      entry.samples.push({ atHours, meanBytes: bytes.reduce((sum, n) => sum + n, 0) / bytes.length });
      this.#memory.set(kind, entry);
    }
  }

  get memory(): MemoryOfKind[] {
    return [...this.#memory].map(([kind, { processes, samples }]) => ({
      kind,
      processes,
      meanBytes: samples.at(-1)?.meanBytes ?? 0,
      slopeBytesPerHour: slopeOf(samples),
    }));
  }

  async report(): Promise<SourceReport[]> {
    const reports: SourceReport[] = [];
    for (const sourceId of this.#sourceIds) {
      const [first, last] = [this.#first.get(sourceId), await this.#look(sourceId)];
      const { states, longestStopMs } = await this.#live.story(sourceId);
      const { progress } = await this.#live.source(sourceId);
      const reasons = Object.entries(last.ledger?.dropped ?? {});
      const before: Readonly<Record<string, number>> = first?.ledger?.dropped ?? {};
      reports.push({
        sourceId,
        // Of another process than at the beginning nothing can be subtracted.
        cpuSeconds: first?.capturePid === last.capturePid ? last.cpuSeconds - (first?.cpuSeconds ?? 0) : null,
        decoded: (last.ledger?.decoded ?? 0) - (first?.ledger?.decoded ?? 0),
        processed: (last.ledger?.processed ?? 0) - (first?.ledger?.processed ?? 0),
        dropped: Object.fromEntries(
          reasons
            .map(([reason, frames]): [string, number] => [reason, (frames ?? 0) - (before[reason] ?? 0)])
            .filter(([, frames]) => frames !== 0),
        ),
        longestStopMs,
        inferMs: progress?.inferMs.p50 ?? 0,
        limitedBy: progress?.rate?.limitedBy ?? 'none',
        // The state it was in when the watch began counts as well.
        states: [
          ...new Set(states.slice(Math.max(0, (first?.statesBefore ?? 1) - 1)).map(({ state }) => state)),
        ],
      });
    }
    return reports;
  }

  async #look(sourceId: string): Promise<Look> {
    const capturePid = await this.#live.capturePid(sourceId);
    const family = capturePid === null ? [] : familyOf(capturePid);
    const [capture] = family;
    return {
      ledger: (await this.#live.source(sourceId)).progress?.ledger ?? null,
      statesBefore: (await this.#live.story(sourceId)).states.length,
      capturePid,
      cpuSeconds: capture === undefined ? 0 : cpuOf(capture, family),
    };
  }
}
