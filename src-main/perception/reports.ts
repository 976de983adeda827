import { FRAME_BYTES, type FrameRead, REGION_BYTES, SECTION_NAMES, type SectionName } from '#native';
import type { PublishSettings } from '#shared/domain/perception.ts';
import type { ProcessView } from '#shared/domain/process-state.ts';
import type { RunProgress } from '#shared/domain/run.ts';

type PerSection = Readonly<Record<SectionName, number>>;

/** Reads that found a frame and had to refuse it; one that was torn is simply read again. */
export type BadRead = Exclude<FrameRead, 'ok' | 'no-data' | 'torn'>;

/** One region as main sees it; `state` 'missing' when it was announced and cannot be opened. */
export interface RegionView {
  readonly region: string;
  readonly sourceId: string;
  readonly runId: number;
  readonly zones: readonly string[];
  readonly state: 'live' | 'stale' | 'closed' | 'missing';
  readonly silenceMs: number | null;
  readonly published: PerSection;
  /** Publications per second since the last look. */
  readonly hz: PerSection;
  /** Frames that could not be taken when main looked, by reason, and the last of them. */
  readonly errors: Readonly<Partial<Record<BadRead, number>>>;
  readonly bad: { readonly result: BadRead; readonly agoMs: number } | null;
}

/** Everything status.json and stats.json are made of. */
export interface PublisherView {
  readonly wallMs: number;
  readonly startedMs: number;
  readonly pid: number;
  readonly settings: PublishSettings;
  readonly regions: readonly RegionView[];
  readonly runs: ReadonlyMap<string, { readonly runId: number; readonly progress: RunProgress }>;
  readonly processes: readonly ProcessView[];
  readonly commands: { readonly received: number; readonly refused: number; readonly late: number };
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** status.json: what there is, and whether it lives. */
export function statusReport(view: PublisherView): object {
  const { settings } = view;
  return {
    timestamp: Math.round(view.wallMs),
    product: 'ivis',
    pid: view.pid,
    started_ms: Math.round(view.startedMs),
    layout_version: 1,
    publish: {
      frames_every_ms: settings.framesEveryMs,
      timelines_every_ms: settings.timelinesEveryMs,
      horizons_ms: settings.horizonsMs,
    },
    regions: view.regions.map((each) => ({
      region: each.region,
      source_id: each.sourceId,
      run_id: each.runId,
      zones: each.zones,
      state: each.state,
      read_errors: each.errors,
      heartbeat_age_ms: each.silenceMs === null ? null : Math.round(each.silenceMs),
      published: each.published,
    })),
    workers: view.processes.map((each) => ({
      name: each.name,
      source_id: each.sourceId,
      pid: each.pid,
      state: each.state,
      restarts: each.restarts,
      last_error: each.lastError,
    })),
  };
}

/** stats.json: how fast it goes; rates are of the last second. There are no other devices, so no `swarm`. */
export function statsReport(view: PublisherView): object {
  const sources = [...view.runs].map(([sourceId, { runId, progress }]) => [
    sourceId,
    {
      run_id: runId,
      fps: round(progress.fps),
      infer_ms: { p50: round(progress.inferMs.p50), p95: round(progress.inferMs.p95) },
      pts_ms: round(progress.ptsMs),
      frames: {
        decoded: progress.ledger.decoded,
        processed: progress.ledger.processed,
        dropped: progress.ledger.dropped,
        in_flight: progress.ledger.inFlight,
      },
      tracks_total: progress.counts.tracks.total,
    },
  ]);
  const live = view.regions.filter(({ state }) => state === 'live');
  const bytesPerS = (hz: PerSection): number =>
    Math.round(SECTION_NAMES.reduce((sum, name) => sum + hz[name] * FRAME_BYTES[name], 0));
  return {
    timestamp: Math.round(view.wallMs),
    uptime_ms: Math.round(view.wallMs - view.startedMs),
    perception: {
      fps: round([...view.runs.values()].reduce((sum, { progress }) => sum + progress.fps, 0)),
      sources: Object.fromEntries(sources),
    },
    timeline: {
      active_timelines: live.length === 0 ? 0 : view.settings.horizonsMs.length,
      every_ms: view.settings.timelinesEveryMs,
    },
    ipc: {
      memory_bytes: view.regions.length * REGION_BYTES,
      regions: view.regions.map(({ region, sourceId, hz }) => ({
        region,
        source_id: sourceId,
        hz: Object.fromEntries(SECTION_NAMES.map((name) => [name, round(hz[name])])),
        bytes_per_s: bytesPerS(hz),
      })),
      commands: view.commands,
    },
    workers: view.processes.map(({ name, sourceId, memoryBytes }) => ({
      name,
      source_id: sourceId,
      memory_bytes: memoryBytes,
    })),
  };
}
