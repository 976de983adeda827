import type { WireError } from '#shared/contracts/wire-error.ts';
import type { ComponentKind, MachineFigures, Severity } from '#shared/domain/health.ts';
import type { ProcessState } from '#shared/domain/process-state.ts';
import type { RecordingView } from '#shared/domain/recording.ts';
import type { RunProgress } from '#shared/domain/run.ts';
import type { AppSettings, SettingsProblem } from '#shared/domain/settings.ts';
import type { Fault } from '#shared/domain/source.ts';
import type { Fallback } from '../models/model-choice.ts';
import type { PerceptionFacts } from '../perception/perception-desk.ts';
import type { TracingFacts } from '../tracing/trace-desk.ts';

/** What is known of one worker. Times are monotonic milliseconds. */
export interface WorkerFacts {
  readonly name: string;
  readonly sourceId: string | null;
  readonly pid: number | null;
  readonly state: ProcessState;
  /** When it came to this state. */
  readonly sinceMs: number;
  readonly restarts: number;
  readonly lastError: string | null;
  readonly lastBeatMs: number;
  readonly nextStartMs: number | null;
  readonly memoryBytes: number | null;
  readonly cpuShare: number | null;
  readonly loopDelayMs: number | null;
  readonly queues: Readonly<Record<string, number>>;
}

/** What is known of one source. */
export interface SourceFacts {
  readonly sourceId: string;
  readonly title: string;
  /** As the window shows it; the list of states may grow. */
  readonly state: string;
  readonly live: boolean;
  /** Frames should be coming: begun, and neither paused, disabled, stopped nor finished. */
  readonly expecting: boolean;
  readonly fault: Fault | null;
  readonly runId: number | null;
  readonly progress: RunProgress | null;
  /** When frames began to be expected, and when the last one was processed; null while none is. */
  readonly expectingSinceMs: number | null;
  readonly lastProcessedMs: number | null;
}

/** Everything the health of ivis is judged by, at one moment. */
export interface UnreadableFile {
  readonly name: 'sources.json';
  /** There was no good copy of it either. */
  readonly lost: boolean;
}

export interface HealthFacts {
  readonly monoMs: number;
  readonly wallMs: number;
  /** How late main's own clock ticked at worst in the last minute. */
  readonly mainLateMs: number;
  readonly workers: readonly WorkerFacts[];
  readonly sources: readonly SourceFacts[];
  readonly model: {
    readonly state: 'loading' | 'ready' | 'failed';
    readonly error: WireError | null;
    readonly words: string;
    /** What was changed because detection kept ending. */
    readonly fallbacks: readonly Fallback[];
  };
  /** `loading`: its process is not there, or has the database not open yet. */
  readonly store: { readonly state: 'loading' | 'ready' | 'failed'; readonly error: WireError | null };
  readonly machine: MachineFigures | null;
  readonly recording: RecordingView;
  /** When a file was analysed last: that is meant to take all there is. Null: never. */
  readonly fileWorkMs: number | null;
  /** Batches of rows the database refused, per second, within the last minute. */
  readonly sinkFailuresPerSecond: number;
  readonly limits: AppSettings['limits'];
  readonly settingsProblem: SettingsProblem | null;
  /** Files of the data folder that could not be read when ivis started. */
  readonly unreadable: readonly UnreadableFile[];
  readonly interfacesProblem: string | null;
  /** Messages that were not understood or came too late, by the process that got them. */
  readonly rejected: ReadonlyMap<string, number>;
  /** What is published for other programs; null when it is not wanted. */
  readonly perception: PerceptionFacts | null;
  /** Spans of sampled frames; null when none are wanted. */
  readonly tracing: TracingFacts | null;
}

/** What a component is found to be; since when is the board's to know. */
export interface Finding {
  readonly id: string;
  readonly kind: ComponentKind;
  readonly title: string;
  readonly vital: boolean;
  readonly severity: Severity;
  readonly cause: string;
  readonly whatToDo: string;
  readonly sourceId: string | null;
}
