import { app, type BrowserWindow, dialog } from 'electron';
import type { RequestName } from '#shared/contracts/contract.ts';
import type { ActionReply, uiMain } from '#shared/contracts/ui-main.contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import type { HealthSummary, ProcessHealth } from '#shared/domain/health.ts';
import type { RecordingView } from '#shared/domain/recording.ts';
import {
  type ChangedBy,
  describeProblem,
  publishSettingsOf,
  type SettingChange,
  type SettingValue,
} from '#shared/domain/settings.ts';
import type { SourceView } from '#shared/domain/source.ts';
import type { LinkHandlers } from '#shared/link/link-end.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { diagnosticsZip } from '../diagnostics/bundle.ts';
import { operatorName } from '../evidence/operator.ts';
import { rejects } from '../links/reject-tally.ts';
import type { LogBook } from '../logging/log-sink.ts';
import { noteInLog } from '../logging/main-note.ts';
import { secrets } from '../logging/secret-mask.ts';
import { metricsText } from '../metrics/metrics-text.ts';
import { OutsideInterfaces } from '../metrics/outside-interfaces.ts';
import { type OutsideFacts, outsidePages } from '../metrics/outside-pages.ts';
import type { Engine } from '../runs/engine.ts';
import { settingRows } from '../settings/settings-audit.ts';
import type { SettingsFile, WantedSetting } from '../settings/settings-file.ts';
import { finalCounters } from '../shutdown/final-counters.ts';
import { replaceFile } from '../whole-file.ts';
import { answer, cancelled, done } from '../windows/action-reply.ts';
import type { UnreadableFile } from './facts.ts';
import { HealthMonitor } from './health-monitor.ts';

export interface CaretakerOptions {
  readonly engine: Engine;
  readonly views: () => readonly SourceView[];
  readonly log: LogBook;
  readonly settings: SettingsFile;
  readonly audit: AuditTrail;
  /** Holds the database. */
  readonly folder: string;
  readonly recording: () => RecordingView;
  /** Settings changed: what reads them itself is to look again. */
  readonly changed: () => void;
  readonly window: () => BrowserWindow;
  /** Asked for with the start of ivis: whatever the settings say, it publishes. */
  readonly published: boolean;
  readonly page: () => Pick<ProcessHealth, 'restarts' | 'lastError'>;
  /** Of the data folder, when ivis started. */
  readonly unreadable: readonly UnreadableFile[];
}

type Answers = LinkHandlers<typeof uiMain, 'to'>['requests'];
export type CareRequests = Pick<
  Answers,
  Extract<
    RequestName<typeof uiMain>,
    'health.get' | 'history.list' | 'log.list' | 'settings.get' | 'settings.change' | 'diagnostics.save'
  >
>;

const RESULTS_MS = 1000;
const HOUR_MS = 3_600_000;

/** Settings, health, pages for other programs and diagnostics of a running ivis, put together. */
export class Caretaker {
  readonly #options: CaretakerOptions;
  readonly #settings: SettingsFile;
  readonly #monitor: HealthMonitor;
  readonly #interfaces: OutsideInterfaces;
  /** Settles when the settings in force hold everywhere. */
  #applied: Promise<unknown> = Promise.resolve();

  constructor(options: CaretakerOptions) {
    this.#options = options;
    const { engine, log } = options;
    this.#settings = options.settings;
    this.#settings.listen({
      changed: (_settings, changes, by) => {
        this.#tell(changes, by);
        this.#apply();
      },
      troubled: (problem) => {
        if (problem === null) this.#note('info', 'the settings file is in order again');
        else this.#note('warn', `the settings file cannot be used: ${describeProblem(problem)}`);
      },
    });
    this.#interfaces = new OutsideInterfaces(
      outsidePages({
        facts: () => this.#outsideFacts(),
        perceptionEnabled: () => this.#settings.current.perception.enabled,
        results: async (horizonsMs) => {
          const link = await within(engine.detectionLink(), RESULTS_MS);
          return (await link.request('results.list', { horizonsMs }, { timeoutMs: RESULTS_MS })).results;
        },
      }),
      (problem) => this.#note('warn', `pages for other programs: ${problem}`),
    );
    this.#monitor = new HealthMonitor({
      engine,
      views: options.views,
      clock: engine.clock,
      log,
      folder: options.folder,
      recording: options.recording,
      settings: () => ({
        values: this.#settings.current,
        problem: this.#settings.problem,
        path: this.#settings.path,
      }),
      interfaces: () => this.#interfaces.view,
      processMetrics: () => app.getAppMetrics(),
      page: options.page,
      unreadable: options.unreadable,
    });
    const { problem } = this.#settings;
    if (problem !== null) this.#note('warn', `the settings file cannot be used: ${describeProblem(problem)}`);
    this.#apply();
    const { changedMeanwhile } = this.#settings;
    this.#tell(changedMeanwhile, 'file', true);
  }

  /**
   * Changes settings, all or none; resolves when they hold everywhere. Rejects with `bad-argument` when one is not
   * valid, and with what went wrong where one could not be applied.
   */
  async change(changes: readonly WantedSetting[], by: 'window' | 'program'): Promise<void> {
    this.#settings.change(changes, by);
    await this.#applied;
  }

  get summary(): HealthSummary {
    return this.#monitor.summary;
  }

  /** What the window may ask of it. */
  get requests(): CareRequests {
    return {
      'health.get': () => this.#monitor.report(),
      'history.list': ({ sinceWallMs }) => ({ points: this.#monitor.history(sinceWallMs) }),
      'log.list': (filter) => {
        const { recent } = this.#options.log;
        return { ...recent.find(filter), processes: recent.processes };
      },
      'settings.get': () => ({
        settings: this.#settings.current,
        path: this.#settings.path,
        problem: this.#settings.problem,
      }),
      'settings.change': ({ changes }) =>
        answer(async () => {
          await this.change(changes, 'window');
          return done('');
        }),
      'diagnostics.save': () => this.#saveDiagnostics(),
    };
  }

  /** Writes down what was counted, for the last time. */
  tellFinal(): void {
    const { engine, views } = this.#options;
    const { sources } = this.#monitor;
    sources.look(views(), engine.clock.monoMs());
    for (const { message, ...line } of finalCounters(sources.tallies))
      noteInLog(engine, 'info', message, line);
  }

  async stop(): Promise<void> {
    this.#settings.close();
    this.#monitor.stop();
    await this.#interfaces.close();
    await this.#options.audit.stop();
  }

  #tell(changes: readonly SettingChange[], by: ChangedBy, meanwhile = false): void {
    const plain = (value: SettingValue): string | number | boolean | null =>
      Array.isArray(value) ? value.join(', ') : value;
    for (const { field, before, after } of changes) {
      const when = meanwhile ? ' while ivis did not run' : '';
      this.#note('info', `setting ${field} changed by the ${by}${when}`, {
        before: plain(before),
        after: plain(after),
      });
    }
    const mask = (value: unknown): unknown => secrets.maskDeep(value);
    this.#options.audit.take(settingRows(changes, { by, meanwhile, operator: operatorName(), mask }));
  }

  #apply(): void {
    const { logging, interfaces, perception, tracing, video } = this.#settings.current;
    const { engine } = this.#options;
    // A level asked for at the start of the program goes before the one in the file.
    if (process.env.IVIS_LOG_LEVEL === undefined) this.#options.log.level = logging.level;
    // Inherited by capture processes: they look here for a decoder that is preferred to the one that comes with ivis.
    if (video.ffmpegPath === null) delete process.env.IVIS_FFMPEG;
    else process.env.IVIS_FFMPEG = video.ffmpegPath;
    this.#options.changed();
    this.#applied = Promise.all([
      this.#interfaces.want(interfaces),
      engine.tracing.want(tracing),
      engine.publishing?.want(perception.enabled || this.#options.published, publishSettingsOf(perception)),
    ]);
    this.#applied.catch((thrown: unknown) => this.#note('warn', `settings: ${toWireError(thrown).message}`));
  }

  #outsideFacts(): OutsideFacts {
    const { engine } = this.#options;
    const { sources } = this.#monitor;
    return {
      version: app.getVersion(),
      report: this.#monitor.report(),
      tallies: sources.tallies,
      rejected: rejects.counts,
      expecting: (sourceId) => sources.isExpecting(sourceId),
      silentMs: engine.clock.monoMs() - this.#monitor.judgedMs,
      ready: {
        model: engine.modelService.state === 'ready',
        store: engine.storeState === 'ready' && engine.storeFault === null,
      },
    };
  }

  async #saveDiagnostics(): Promise<ActionReply> {
    const { engine, log, window } = this.#options;
    const wallMs = engine.clock.wallMs();
    const stamp = new Date(wallMs).toISOString().replace(/[-:]/g, '').slice(0, 15);
    const chosen = await dialog.showSaveDialog(window(), {
      title: 'Save diagnostics',
      defaultPath: `ivis-diagnostics-${stamp}.zip`,
      filters: [{ name: 'Zip archive', extensions: ['zip'] }],
    });
    if (chosen.canceled || chosen.filePath === '') return cancelled;
    log.close();
    const model = engine.modelService;
    const content = await diagnosticsZip(
      {
        wallMs,
        appVersion: app.getVersion(),
        report: this.#monitor.report(),
        history: this.#monitor.history(wallMs - HOUR_MS),
        settings: this.#settings.current,
        model: model.state === 'ready' ? model.value : null,
        metrics: (await metricsText(this.#outsideFacts())).text,
        logPaths: log.paths,
      },
      secrets,
    );
    try {
      replaceFile(chosen.filePath, content);
    } catch (thrown) {
      throw new NamedError('output-unwritable', `${chosen.filePath}: ${toWireError(thrown).message}`);
    }
    return done(`${(content.length / 2 ** 20).toFixed(1)} MB written to ${chosen.filePath}`);
  }

  #note(
    level: 'info' | 'warn',
    message: string,
    fields: Record<string, string | number | boolean | null> = {},
  ): void {
    const { log, engine } = this.#options;
    noteInLog({ log, clock: engine.clock }, level, message, { fields });
  }
}

function within<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing within ${limitMs} ms`)), limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
