import type { z } from 'zod';
import type { Clock } from '#shared/clock.ts';
import type { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import { defaultPublishSettings, type PublishSettings } from '#shared/domain/perception.ts';
import type { ProcessView } from '#shared/domain/process-state.ts';
import type { RunProgress } from '#shared/domain/run.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import type { RingOwner } from '../frame-ring/ring-owner.ts';
import type { LogSink } from '../logging/log-sink.ts';
import { noteInLog } from '../logging/main-note.ts';
import { secrets } from '../logging/secret-mask.ts';
import type { WantedSetting } from '../settings/settings-file.ts';
import { CommandServer } from './command-server.ts';
import { type CommandTarget, runCommand } from './commands.ts';
import { PublisherHome } from './publisher-home.ts';
import { RegionWatch } from './region-watch.ts';
import { type PublisherView, type RegionView, statsReport, statusReport } from './reports.ts';

type DetectionLink = LinkEnd<typeof mainDetection, 'from'>;
type Events = (typeof mainDetection)['events'];

const WRITE_MS = 1000;
const COMMAND_MS = 1000;
/** What detection may take; still less than a command may. */
const APPLY_MS = 900;

export interface PerceptionDeskOptions {
  /** Where other programs find what is published; null: in a folder of its own beside other publishers. */
  readonly folder: string | null;
  readonly rings: RingOwner;
  readonly log: LogSink;
  readonly clock: Clock;
  readonly processes: () => readonly ProcessView[];
  /** How often and how far ahead; the defaults when left out. */
  readonly settings?: PublishSettings;
  /** Changes settings of ivis for another program; where it is left out only what is published can be changed. */
  readonly change?: (changes: readonly WantedSetting[]) => Promise<void>;
}

/** How publishing is, for who judges it. */
export interface PerceptionFacts {
  /** Detection is there and was told to publish. */
  readonly publishing: boolean;
  /** Why the files or the commands do not work at the moment; null: they do. */
  readonly filesProblem: string | null;
  readonly commandsProblem: string | null;
  /** Programs that went away in the middle of a command. */
  readonly brokenClients: number;
  /** Segments of dead programs that were taken away at the start. */
  readonly swept: number;
  readonly regions: readonly RegionView[];
}

/** What ivis publishes for other local programs: the folder, its files, the commands; detection writes the regions. */
export class PerceptionDesk implements CommandTarget {
  readonly #options: PerceptionDeskOptions;
  readonly #home: PublisherHome;
  readonly #server: CommandServer;
  readonly #watch = new RegionWatch();
  readonly #runs = new Map<string, { runId: number; progress: RunProgress }>();
  readonly #startedMs: number;
  #timer: NodeJS.Timeout | null = null;
  #settings: PublishSettings;
  #link: DetectionLink | null = null;
  #prefix = '';
  #filesProblem: string | null = null;
  #commandsProblem: string | null = null;
  #opening = false;
  #swept = 0;
  #stopped = false;

  /** Opens the folder. Throws NamedError 'output-unwritable'. */
  constructor(options: PerceptionDeskOptions) {
    this.#options = options;
    this.#settings = options.settings ?? defaultPublishSettings;
    this.#home = new PublisherHome(options.folder);
    this.#startedMs = options.clock.wallMs();
    const { address, token } = this.#home;
    this.#server = new CommandServer({
      address,
      token,
      limitMs: COMMAND_MS,
      run: (type, data) => runCommand(type, data, this),
      warn: (message) => this.#note('warn', message),
      secrets,
      wallMs: options.clock.wallMs,
    });
  }

  /** Writes the files each second and takes commands from now on. `swept`: segments of dead programs taken away. */
  start(swept = 0): void {
    this.#swept = swept;
    this.#write();
    this.#timer = setInterval(() => {
      this.#write();
      if (!this.#server.reachable) void this.#serve();
    }, WRITE_MS);
    void this.#serve();
    this.#note('info', `publishing for other programs in ${this.#home.folder}`);
  }

  /** How it is, for the health of ivis. */
  get facts(): PerceptionFacts {
    return {
      publishing: this.#link !== null,
      filesProblem: this.#filesProblem,
      commandsProblem: this.#commandsProblem,
      brokenClients: this.#server.counts.broken,
      swept: this.#swept,
      regions: this.#watch.look(this.#options.clock.monoMs()),
    };
  }

  get folder(): string {
    return this.#home.folder;
  }

  get settings(): PublishSettings {
    return this.#settings;
  }

  /** A detection process that is ready to publish; never rejects. */
  async attach(link: DetectionLink): Promise<void> {
    // A new name for each: what a dead process left under the old one cannot be in the way.
    this.#prefix = `${this.#options.rings.name()}p`;
    this.#link = link;
    try {
      await this.#apply(link, this.#settings);
    } catch (thrown) {
      // ivis works on without it.
      this.#note('warn', `detection does not publish: ${String(thrown)}`);
    }
  }

  regionOpened({ region, sourceId, runId, zones }: z.output<Events['region.opened']>): void {
    this.#watch.opened(region, sourceId, runId, zones, this.#options.clock.monoMs());
    this.#write();
  }

  regionClosed({ region }: z.output<Events['region.closed']>): void {
    this.#watch.closed(region);
    this.#write();
  }

  progressed(sourceId: string, runId: number, progress: RunProgress): void {
    this.#runs.set(sourceId, { runId, progress });
  }

  runEnded(sourceId: string): void {
    this.#runs.delete(sourceId);
  }

  /** The detection process is gone: its regions are taken away, so that no reader takes them for the present. */
  detectionEnded(): void {
    this.#link = null;
    this.#runs.clear();
    for (const region of this.#watch.clear()) this.#options.rings.remove(region);
    if (!this.#stopped) this.#write();
  }

  get change(): CommandTarget['change'] {
    return this.#options.change ?? null;
  }

  /** Holds from now on; rejects when detection did not say in time that it took them. */
  async configure(settings: PublishSettings): Promise<void> {
    this.#settings = settings;
    if (this.#link !== null) await this.#apply(this.#link, settings);
  }

  async refresh(sourceId: string | null): Promise<number> {
    if (this.#link === null) return 0;
    const { regions } = await this.#link.request('perception.refresh', { sourceId }, { timeoutMs: APPLY_MS });
    return regions;
  }

  /** Takes everything away. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    const body = { prefix: null, settings: this.#settings };
    await this.#link?.request('perception.configure', body, { timeoutMs: APPLY_MS }).catch(() => {
      // Gone, or busy: its regions are taken away below.
    });
    this.detectionEnded();
    await this.#server.stop();
    this.#home.close();
  }

  /** Takes commands, again where it could not or no longer can. */
  async #serve(): Promise<void> {
    if (this.#opening || this.#stopped) return;
    this.#opening = true;
    const before = this.#commandsProblem;
    try {
      await this.#server.stop();
      this.#home.clearSocket();
      await this.#server.start();
      if (this.#stopped) return await this.#server.stop();
      this.#home.announce();
      this.#commandsProblem = null;
      if (before !== null) this.#note('info', 'commands are taken again');
    } catch (thrown) {
      this.#commandsProblem = thrown instanceof Error ? thrown.message : String(thrown);
      if (before === null) this.#note('error', `commands cannot be taken: ${this.#commandsProblem}`);
    } finally {
      this.#opening = false;
    }
  }

  async #apply(link: DetectionLink, settings: PublishSettings): Promise<void> {
    await link.request('perception.configure', { prefix: this.#prefix, settings }, { timeoutMs: APPLY_MS });
  }

  #view(): PublisherView {
    const { clock, processes } = this.#options;
    return {
      wallMs: clock.wallMs(),
      startedMs: this.#startedMs,
      pid: process.pid,
      settings: this.#settings,
      regions: this.#watch.look(clock.monoMs()),
      runs: this.#runs,
      processes: processes(),
      commands: this.#server.counts,
    };
  }

  #write(): void {
    try {
      const view = this.#view();
      this.#home.write('status', statusReport(view));
      this.#home.write('stats', statsReport(view));
      this.#filesProblem = null;
    } catch (thrown) {
      const before = this.#filesProblem;
      this.#filesProblem = thrown instanceof Error ? thrown.message : String(thrown);
      // A full disk must not end what it tells of; said once.
      if (before === null) this.#note('warn', `status files cannot be written: ${this.#filesProblem}`);
    }
  }

  #note(level: 'info' | 'warn' | 'error', message: string): void {
    noteInLog(this.#options, level, message);
  }
}
