import { uptime } from 'node:os';
import { join } from 'node:path';
import { app, powerMonitor, session } from 'electron';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { AppState } from '#shared/domain/app-state.ts';
import { publishSettingsOf } from '#shared/domain/settings.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { auditRowOf } from '../commands/audited-commands.ts';
import { CommandDesk } from '../commands/command-desk.ts';
import { operatorName } from '../evidence/operator.ts';
import { FolderDesk } from '../folders/folder-desk.ts';
import { SeenFiles } from '../folders/seen-files.ts';
import { Caretaker } from '../health/caretaker.ts';
import { schedule } from '../links/electron-ports.ts';
import { joinByPort } from '../links/port-broker.ts';
import { UiLink } from '../links/ui-link.ts';
import type { LogBook } from '../logging/log-sink.ts';
import { noteInLog } from '../logging/main-note.ts';
import { secrets } from '../logging/secret-mask.ts';
import { LookModels } from '../models/look-models.ts';
import { ModelChoice } from '../models/model-choice.ts';
import { findModel } from '../models/model-manifest.ts';
import { ModelQuarantine } from '../models/model-quarantine.ts';
import { AliveStamp } from '../power/alive-stamp.ts';
import { SleepWatch } from '../power/sleep-watch.ts';
import { RecordingBook } from '../recording/recording-book.ts';
import { RecordingDesk } from '../recording/recording-desk.ts';
import { RecountDesk } from '../recount/recount-desk.ts';
import { Engine } from '../runs/engine.ts';
import { type Kept, SourceBook } from '../runs/source-book.ts';
import { SourceDesk } from '../runs/source-desk.ts';
import { LoginBook } from '../secrets/login-book.ts';
import { desktopVault } from '../secrets/vault.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import { type DrainNote, drain } from '../shutdown/drain.ts';
import { DRAIN_MS, drainSteps } from '../shutdown/drain-table.ts';
import { watchWorkerMemory } from '../supervisor/worker-memory.ts';
import { APP_ORIGIN, serveApp } from './app-protocol.ts';
import { appState, liveIds } from './app-state.ts';
import { lockDownPages, refusePermissions, setMenu } from './lock-down.ts';
import { openMainWindow } from './main-window.ts';
import type { StartGuard } from './start-guard.ts';
import { windowActions } from './window-actions.ts';
import type { WindowArguments } from './window-arguments.ts';

export interface WindowAppOptions {
  readonly args: WindowArguments;
  readonly workerFolder: string;
  readonly modelFolder: string;
  readonly pageFolder: string;
  readonly preloadPath: string;
  readonly log: LogBook;
  /** Null where nothing can be written: then there is no marker of this start. */
  readonly guard: StartGuard | null;
  readonly clock: { monoMs(): number; wallMs(): number };
}

const STATE_EVERY_MS = 150;

/** ivis with its window; resolves when everything runs. The returned function ends it in order and never rejects. */
export async function startWindowApp(options: WindowAppOptions): Promise<() => Promise<unknown>> {
  const { args, clock } = options;
  const complain = (message: string): void => noteInLog(options, 'warn', message);
  const dataFolder = app.getPath('userData');
  const logins = new LoginBook({
    path: join(dataFolder, 'logins.json'),
    vault: desktopVault(),
    environment: process.env,
    // Every sink asks it: what the book of logins sees is hidden everywhere.
    secrets,
    complain,
  });
  const { log } = options;
  const settings = new SettingsFile(join(dataFolder, 'settings.yaml'));
  lockDownPages();
  setMenu(process.platform);
  refusePermissions(session.defaultSession);
  serveApp(options.pageFolder);
  const databasePath = join(dataFolder, 'ivis.db');
  const safe = options.guard?.plan.mode === 'safe';
  const alive = new AliveStamp(join(dataFolder, 'alive'), clock);
  const choice = new ModelChoice({
    model: findModel(options.modelFolder, args.model),
    bundled: findModel(options.modelFolder, null),
    provider: safe ? 'cpu' : null,
    quarantine: new ModelQuarantine(join(dataFolder, 'models-set-aside.json'), complain),
    wallMs: clock.wallMs,
  });
  const engine = new Engine({
    workerFolder: options.workerFolder,
    databasePath,
    backUp: true,
    choice,
    looks: new LookModels(options.modelFolder),
    version: app.getVersion(),
    log,
    clock,
    ranUntilWallMs: alive.ranUntilWallMs,
    perception: {
      enabled: args.publish !== null || settings.current.perception.enabled,
      folder: args.publish?.folder ?? null,
      settings: publishSettingsOf(settings.current.perception),
      change: async (changes) => {
        if (caretaker === null) throw new NamedError('not-ready', 'ivis is still starting');
        await caretaker.change(changes, 'program');
      },
    },
  });

  let link: UiLink | null = null;
  let caretaker: Caretaker | null = null;
  const state = (): AppState =>
    appState({
      version: app.getVersion(),
      databasePath,
      engine,
      desk,
      folders,
      recording,
      guard: options.guard,
      caretaker,
    });
  let due: NodeJS.Timeout | null = null;
  const changed = (): void => {
    if (due !== null) return;
    due = setTimeout(() => {
      due = null;
      link?.send('state.changed', state());
    }, STATE_EVERY_MS);
  };
  const joinWindow = (sourceId: string): void => {
    const capture = desk.captureOf(sourceId);
    if (capture === null || link === null) return;
    const ui = link;
    const refused = (thrown: unknown): void =>
      noteInLog(options, 'warn', `picture not joined to the window: ${String(thrown)}`, { sourceId });
    // Results first, so that boxes are there when the first picture comes.
    joinByPort('detection-ui', sourceId, engine.detectionWorker, ui).catch(refused);
    joinByPort('capture-ui', sourceId, capture, ui).catch(refused);
  };
  const book = new SourceBook(join(dataFolder, 'sources.json'), complain);
  const before = book.read();
  // In safe mode folders are not looked into; they are kept for the next start.
  const held = safe ? before.folders : [];
  const keep = (): Pick<Kept, 'sources' | 'folders'> => ({
    sources: desk.entries,
    folders: [...held, ...folders.entries],
  });
  const kept = (): void => book.write(keep);
  const recording = new RecordingDesk({
    engine,
    folder: join(dataFolder, 'recordings'),
    settings: () => settings.current.recording,
    book: new RecordingBook(join(dataFolder, 'recording.json'), complain),
    changed,
    deleted: ({ segment, reason }) => complain(`recording deleted (${reason}): ${segment.path}`),
    warned: ({ usedShare, folder }) => complain(`disk of ${folder} is ${Math.round(usedShare * 100)} % full`),
  });
  const desk = new SourceDesk(
    engine,
    logins,
    {
      changed,
      kept,
      captureStarted: (sourceId) => joinWindow(sourceId),
      recording: (sourceId) => recording.hook(sourceId),
    },
    { lines: args.lines, classes: args.classes, limits: () => settings.current.cameras },
  );
  const folders = new FolderDesk({
    seen: new SeenFiles(join(dataFolder, 'watched-files.json'), complain),
    monoMs: clock.monoMs,
    found: (path, folder) => void desk.add(path, true, folder),
    changed,
    kept,
  });
  const recounts = new RecountDesk(engine, desk);
  engine.watch(changed);
  engine.start();

  const opened = openMainWindow(options.preloadPath, { monoMs: clock.monoMs, note: complain });
  const { window: shown, page } = opened;
  const quit = (): void => app.quit();
  options.guard?.watch({ monoMs: clock.monoMs, note: complain, quit });
  const memory = watchWorkerMemory({
    workers: () => engine.workers,
    limits: () => settings.current.limits.processMemoryMb,
    page: () => {
      const pid = shown.isDestroyed() ? 0 : shown.webContents.getOSProcessId();
      return pid === 0 ? null : { kind: 'page', pid, restart: (cause) => page.restart(cause) };
    },
  });
  const audit = new AuditTrail({
    add: (body) => engine.askStore('audit.add', body),
    schedule,
    warn: complain,
  });
  const care = new Caretaker({
    engine,
    views: () => desk.views,
    log,
    settings,
    audit,
    folder: dataFolder,
    recording: () => recording.view(liveIds(desk.views)),
    changed: () => {
      void recording.apply();
      desk.heed({ type: 'limited' });
    },
    window: () => shown,
    published: args.publish !== null,
    page: () => page,
    unreadable: before.problem === null ? [] : [{ name: 'sources.json', lost: before.lost }],
  });
  caretaker = care;
  link = new UiLink(
    shown,
    APP_ORIGIN,
    log,
    windowActions({
      engine,
      desk,
      recounts,
      recording,
      folders,
      logins,
      window: () => shown,
      state,
      care: care.requests,
      join: joinWindow,
      beat: () => page.beat(),
      startNormally: () => options.guard?.startNormally(quit),
    }),
    new CommandDesk({
      log,
      clock,
      schedule,
      mask: (text) => secrets.mask(text),
      titleOf: (sourceId) => desk.views.find((view) => view.sourceId === sourceId)?.title ?? null,
      carriedOut: (command) => {
        const row = auditRowOf(command, operatorName(), (value) => secrets.maskDeep(value));
        if (row !== null) audit.take([row]);
      },
    }),
  );
  const sleep = new SleepWatch(clock, () => uptime() * 1000, {
    suspended: (fromWallMs, noticed) => {
      complain(noticed ? 'the computer slept, or ivis was stopped' : 'the computer goes to sleep');
      desk.heed({ type: 'suspended', fromWallMs, noticed });
    },
    resumed: () => desk.heed({ type: 'resumed' }),
  });
  sleep.follow(powerMonitor);
  // Memory, ages and elapsed times move without an event.
  const steady = setInterval(() => {
    sleep.look();
    alive.look();
    changed();
  }, 1000);
  if (before.problem !== null) complain(`list of sources: ${before.problem}`);
  desk.restore(before.sources, safe, alive.ranUntilWallMs);
  if (!safe) folders.restore(before.folders);
  await recording.start();
  for (const path of args.open) void desk.add(path, !safe);

  const steps = drainSteps({
    'stop looking around': () => {
      clearInterval(steady);
      memory.stop();
      link = null;
      folders.stopAll();
    },
    'let the keeper of recordings finish': () => recording.stop(),
    'break off a recount': () => recounts.breakOff(),
    'keep the list of sources': () => book.close(keep),
    'stop sources': () => desk.stopAll(),
    'close pages and settings': () => care.stop(),
    'stop capture': () => engine.stopCaptures(),
    'flush rows': () => engine.stopDetection(),
    'tell the final counters': () => care.tellFinal(),
    'close the database': () => engine.stopStore(),
    'stop publishing': () => engine.stopTelling(),
    'mark the end': (before) => {
      // Runs that could not be ended are found open by the next start, which must know until when this one ran.
      if (before.get('stop sources') === 'done') alive.ended();
      options.guard?.ended();
    },
  });
  const note = ({ level, message, fields }: DrainNote): void =>
    noteInLog({ log, clock }, level, message, { fields });
  return () => drain(steps, { limitMs: DRAIN_MS, monoMs: clock.monoMs, schedule, note });
}
