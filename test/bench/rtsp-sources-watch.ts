import { readFileSync } from 'node:fs';
import type { Ledger } from '#shared/domain/drop-reason.ts';
import type { LiveWindow } from '../drivers/live-window.ts';
import { descriptorsOf, familyOf, ownBytesOf, programOf } from '../drivers/process-tree.ts';
import { type Sample, type Slope, slopeOf } from '../soak/slope.ts';

/** Linux counts CPU time for readers in hundredths of a second, whatever its own tick is (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;

/** CPU seconds of a process and of its children that have ended; 0 when it is gone. */
function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold blanks, the 3rd field comes first; times are the 14th to the 17th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
  } catch {
    // Ended between the listing and the look.
    return 0;
  }
}

/** What Chromium calls a process of its own: `renderer`, `zygote`. */
function typeOf(pid: number): string | null {
  try {
    return /--type=([a-z-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

export interface MemoryOfKind {
  readonly kind: string;
  readonly processes: number;
  readonly meanBytes: number;
  /** The most that one sample showed, on the average of the processes. */
  readonly peakBytes: number;
  /** Of one process, on the average; of main and the page, what stays when everything unused was collected. */
  readonly slope: Slope | null;
}

/**
 * Kinds that can be told to collect what they do not use. Left alone V8 collects the old part of a heap every few
 * minutes only: what lies there meanwhile is a saw's tooth longer than the bench, and looks like growth. The room that it
 * keeps for what comes grows by steps, and is left out.
 */
const COLLECTED = new Set(['main', 'renderer']);

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
  readonly #memory = new Map<string, { processes: number; peakBytes: number; samples: Sample[] }>();
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

  /** `collect`: main and the page collect first; only such samples of them are part of their slope. */
  async sample(collect = false): Promise<void> {
    const held = collect ? await this.#live.window.collect() : null;
    const spare: Readonly<Record<string, number>> = {
      main: held?.main.spareBytes ?? 0,
      renderer: held?.page.spareBytes ?? 0,
    };
    const kinds = new Map<string, number[]>();
    const workers = new Map((await this.#live.state())?.processes.map((each) => [each.pid, each]));
    const family = familyOf(this.#live.mainPid);
    for (const each of family) {
      const isFfmpeg = programOf(each.pid) === 'ffmpeg';
      const worker = workers.get(isFfmpeg ? each.parent : each.pid);
      const odd = this.#odd.has(worker?.sourceId ?? '');
      // The ffmpeg of a camera that is away is a new one each time: it has no slope.
      if (odd && isFfmpeg) continue;
      const own = each.pid === this.#live.mainPid ? 'main' : (worker?.name ?? typeOf(each.pid) ?? 'other');
      const kind = isFfmpeg ? 'ffmpeg' : odd ? `${own} (${worker?.sourceId})` : own;
      kinds.set(kind, [...(kinds.get(kind) ?? []), ownBytesOf(each.pid) - (spare[kind] ?? 0)]);
    }
    const atMs = performance.now() - this.#fromMs;
    for (const [kind, bytes] of kinds) {
      const entry = this.#memory.get(kind) ?? { processes: 0, peakBytes: 0, samples: [] };
      const value = bytes.reduce((sum, n) => sum + n, 0) / bytes.length;
      entry.processes = bytes.length;
      entry.peakBytes = Math.max(entry.peakBytes, value);
      if (collect || !COLLECTED.has(kind)) entry.samples.push({ atMs, value });
      this.#memory.set(kind, entry);
    }
  }

  get memory(): MemoryOfKind[] {
    return [...this.#memory].map(([kind, { processes, peakBytes, samples }]) => ({
      kind,
      processes,
      peakBytes,
      meanBytes: samples.at(-1)?.value ?? 0,
      slope: slopeOf(samples),
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
    return {
      ledger: (await this.#live.source(sourceId)).progress?.ledger ?? null,
      statesBefore: (await this.#live.story(sourceId)).states.length,
      capturePid,
      cpuSeconds: family.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0),
    };
  }
}
