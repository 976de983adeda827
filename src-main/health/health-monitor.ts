import type { Clock } from '#shared/clock.ts';
import {
  type HealthReport,
  type HealthSummary,
  type HistoryPoint,
  type MachineFigures,
  type ProcessHealth,
  SEVERITIES,
  type SystemAlarm,
} from '#shared/domain/health.ts';
import type { RecordingView } from '#shared/domain/recording.ts';
import type { AppSettings, SettingsProblem } from '#shared/domain/settings.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { rejects } from '../links/reject-tally.ts';
import type { LogSink } from '../logging/log-sink.ts';
import { noteInLog } from '../logging/main-note.ts';
import type { Engine } from '../runs/engine.ts';
import { alarmConditions } from './alarm-conditions.ts';
import { assess, overallOf } from './assess.ts';
import { ChildGauge } from './child-gauge.ts';
import type { HealthFacts, UnreadableFile, WorkerFacts } from './facts.ts';
import { HealthBoard, type HealthChange } from './health-board.ts';
import { HealthHistory } from './health-history.ts';
import { MachineGauge } from './machine-gauge.ts';
import { ProcessGauge, type ProcessMetric } from './process-gauge.ts';
import { SourceWatch } from './source-watch.ts';
import { stageStrip } from './stage-strip.ts';
import { SystemAlarms } from './system-alarms.ts';

export interface HealthMonitorOptions {
  readonly engine: Engine;
  readonly views: () => readonly SourceView[];
  readonly clock: Clock;
  readonly log: LogSink;
  /** The folder with the database. */
  readonly folder: string;
  readonly recording: () => RecordingView;
  readonly settings: () => { values: AppSettings; problem: SettingsProblem | null; path: string };
  readonly interfaces: () => HealthReport['interfaces'];
  readonly unreadable: readonly UnreadableFile[];
  readonly processMetrics: () => readonly ProcessMetric[];
  /** Of the window's page. */
  readonly page: () => Pick<ProcessHealth, 'restarts' | 'lastError'>;
}

const TICK_MS = 1000;
const LATE_KEPT_MS = 60_000;
const RATE_MS = 5000;
const FAILURES_MS = 60_000;

/** Looks at everything each second, judges it, and tells what changed. */
export class HealthMonitor {
  readonly sources = new SourceWatch();
  readonly #options: HealthMonitorOptions;
  readonly #board = new HealthBoard();
  readonly #alarms = new SystemAlarms();
  readonly #history = new HealthHistory();
  readonly #processes = new ProcessGauge();
  readonly #children = new ChildGauge();
  readonly #gauge: MachineGauge;
  readonly #timer: NodeJS.Timeout;
  #machine: MachineFigures | null = null;
  #lates: { monoMs: number; lateMs: number }[] = [];
  #tickedMs: number;
  /** When a look came to its end last. */
  #judgedMs: number;
  #stopped = false;
  #failing = false;

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
    this.#gauge = new MachineGauge(options.folder);
    this.#tickedMs = options.clock.monoMs();
    this.#judgedMs = this.#tickedMs;
    this.#timer = setInterval(() => this.tick(), TICK_MS);
    this.tick();
    // A process may die and be back within a second: that is news all the same.
    options.engine.watch(() => {
      if (!this.#stopped) this.#judge(options.clock.monoMs());
    });
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  /** Monotonic time of the last look that came to its end. */
  get judgedMs(): number {
    return this.#judgedMs;
  }

  get summary(): HealthSummary {
    const { components } = this.#board;
    const worst = [...components].sort(
      (a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity),
    )[0];
    const [alarm] = this.#alarms.raised;
    const ill = worst !== undefined && worst.severity !== 'ok' && worst.severity !== 'info';
    const words = alarm?.title ?? (ill ? `${worst.title}: ${worst.cause}` : '');
    return {
      severity: overallOf(components, this.#alarms.raised),
      words,
      alarms: this.#alarms.raised.length,
    };
  }

  history(sinceWallMs: number): HistoryPoint[] {
    return this.#history.since(sinceWallMs);
  }

  tick(): void {
    const { clock } = this.#options;
    const monoMs = clock.monoMs();
    this.#lates.push({ monoMs, lateMs: Math.max(0, monoMs - this.#tickedMs - TICK_MS) });
    this.#lates = this.#lates.filter((late) => monoMs - late.monoMs < LATE_KEPT_MS);
    this.#tickedMs = monoMs;
    try {
      this.#look(monoMs);
      this.#judgedMs = monoMs;
      this.#failing = false;
    } catch (thrown) {
      // Who reads the report sees by its age that nobody looks any more.
      if (!this.#failing) this.#note('error', `health cannot be judged: ${String(thrown)}`, null, {});
      this.#failing = true;
    }
  }

  #look(monoMs: number): void {
    this.#machine = this.#gauge.measure(monoMs);
    this.#processes.take(this.#options.processMetrics(), monoMs);
    const captures = this.#options.engine.workers.filter(({ spec }) => spec.name === 'capture');
    this.#children.take(
      captures.flatMap(({ view: { pid } }) => pid ?? []),
      monoMs,
    );
    this.sources.look(this.#options.views(), monoMs);
    this.#sample(this.#judge(monoMs));
  }

  /** Judges what is known now and tells what changed. */
  #judge(monoMs: number): HealthFacts {
    const facts = this.#facts(monoMs);
    const changes = this.#board.take(assess(facts), facts.wallMs);
    const conditions = alarmConditions(facts, (id) => this.sources.tallyOf(id)?.slowShare ?? null);
    const { raised, cleared } = this.#alarms.step(conditions, monoMs, facts.wallMs);
    for (const change of changes) this.#announce(change);
    for (const alarm of raised) this.#announceAlarm(alarm, 'raised');
    for (const alarm of cleared) this.#announceAlarm(alarm, 'cleared');
    return facts;
  }

  report(): HealthReport {
    const { clock, engine } = this.#options;
    const monoMs = clock.monoMs();
    const settings = this.#options.settings();
    const captures = new Map(
      engine.workers.flatMap(({ sourceId, life }) => (sourceId === null ? [] : [[sourceId, life.lastError]])),
    );
    return {
      atWallMs: clock.wallMs(),
      judgedAgoMs: Math.max(0, monoMs - this.#judgedMs),
      overall: overallOf(this.#board.components, this.#alarms.raised),
      components: this.#board.components,
      alarms: this.#alarms.raised,
      strips: this.#options.views().flatMap((source) => {
        const tally = this.sources.tallyOf(source.sourceId);
        if (tally === null || source.runId === null) return [];
        const active = this.sources.isExpecting(source.sourceId);
        const grabPerSecond = source.live?.status.fps ?? null;
        const captureError = captures.get(source.sourceId) ?? null;
        const stages = stageStrip({ source, tally, active, grabPerSecond, captureError });
        return [{ sourceId: source.sourceId, title: source.title, active, stages }];
      }),
      processes: [
        ...this.#processes.others(this.#options.page()),
        ...engine.workers.flatMap((worker): ProcessHealth[] => {
          const { view, life, beat } = worker;
          const own = {
            ...view,
            cpuShare: this.#processes.cpuShare(view.pid),
            loopDelayMs: beat?.loopDelayMs ?? null,
            silentMs: life.state === 'running' ? Math.max(0, monoMs - life.lastBeatMs) : null,
            nextStartMs: life.nextStartMs === null ? null : Math.max(0, life.nextStartMs - monoMs),
          };
          return [own, ...this.#children.of(view.pid, view.sourceId)];
        }),
      ],
      machine: this.#machine,
      interfaces: this.#options.interfaces(),
      settings: {
        path: settings.path,
        problem: settings.problem,
        logLevel: settings.values.logging.level,
      },
    };
  }

  #facts(monoMs: number): HealthFacts {
    const { engine, clock } = this.#options;
    const settings = this.#options.settings();
    const model = engine.modelService;
    return {
      monoMs,
      wallMs: clock.wallMs(),
      mainLateMs: Math.max(0, ...this.#lates.map(({ lateMs }) => lateMs)),
      workers: engine.workers.map((worker): WorkerFacts => {
        const { view, life, beat } = worker;
        return {
          ...view,
          sinceMs: life.sinceMs,
          lastBeatMs: life.lastBeatMs,
          nextStartMs: life.nextStartMs,
          cpuShare: this.#processes.cpuShare(view.pid),
          loopDelayMs: beat?.loopDelayMs ?? null,
          queues: beat?.queues ?? {},
        };
      }),
      sources: this.sources.facts,
      model: {
        state: model.state,
        error: model.state === 'failed' ? model.error : null,
        words: model.state === 'ready' ? `${model.value.id} on ${model.value.provider}` : '',
        fallbacks: engine.fallbacks,
      },
      store: { state: engine.storeState, error: engine.storeFault },
      machine: this.#machine,
      recording: this.#options.recording(),
      fileWorkMs: this.sources.fileWorkMs,
      sinkFailuresPerSecond: this.sources.perSecond('failures', FAILURES_MS),
      limits: settings.values.limits,
      settingsProblem: settings.problem,
      unreadable: this.#options.unreadable,
      interfacesProblem: this.#options.interfaces().problem,
      rejected: rejects.counts,
      perception: engine.perception?.facts ?? null,
      tracing: engine.tracing.facts,
    };
  }

  #sample({ sources, machine, monoMs, wallMs }: HealthFacts): void {
    const active = sources.flatMap(({ expecting, progress }) =>
      expecting && progress !== null ? [progress] : [],
    );
    // Before its first frame a source has measured nothing.
    const looking = active.filter(({ inferMs }) => inferMs.p95 > 0);
    const most = (values: number[]): number | null => (values.length === 0 ? null : Math.max(...values));
    const memory = machine?.memory;
    const own = [...this.#processes.others(this.#options.page()), ...this.#options.engine.processes];
    this.#history.add(
      {
        processedPerSecond: this.sources.perSecond('out', RATE_MS),
        droppedPerSecond: this.sources.perSecond('dropped', RATE_MS),
        inferP50Ms: most(looking.map(({ inferMs }) => inferMs.p50)),
        inferP95Ms: most(looking.map(({ inferMs }) => inferMs.p95)),
        totalP95Ms: most(looking.flatMap(({ stages }) => (stages === undefined ? [] : [stages.total.p95]))),
        cpuShare: machine?.cpuShare ?? null,
        memoryShare: memory === undefined ? null : 1 - memory.availableBytes / memory.totalBytes,
        ownMemoryBytes: own.reduce(
          (sum, { memoryBytes }) => sum + (memoryBytes ?? 0),
          this.#children.memoryBytes,
        ),
        waitingFrames: active.reduce((sum, { stages }) => sum + (stages?.waiting.frames ?? 0), 0),
        waitingBatches: active.reduce((sum, { stages }) => sum + (stages?.waiting.batches ?? 0), 0),
      },
      monoMs,
      wallMs,
    );
  }

  #announce({ component, before, now }: HealthChange): void {
    const { id, cause, sourceId } = component;
    const grave = now === 'critical' ? 'error' : now === 'warn' || now === 'stale' ? 'warn' : 'info';
    this.#note(grave, `health: ${component.title}: ${now === null ? 'gone' : cause}`, sourceId, {
      component: id,
      before: before ?? 'none',
      now: now ?? 'gone',
    });
  }

  #announceAlarm({ id, severity, title, cause, sourceId }: SystemAlarm, what: 'raised' | 'cleared'): void {
    const level = what === 'cleared' ? 'info' : severity === 'critical' ? 'error' : 'warn';
    this.#note(level, `alarm ${what}: ${title}: ${cause}`, sourceId, { alarm: id, severity });
  }

  #note(
    level: 'info' | 'warn' | 'error',
    message: string,
    sourceId: string | null,
    fields: Record<string, string>,
  ): void {
    noteInLog(this.#options, level, message, { sourceId, fields });
  }
}
