import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, BrowserWindow, powerMonitor } from 'electron';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import { logLevelSchema } from '#shared/contracts/worker-lifecycle.contract.ts';
import { analyze, type CommandContext } from './cli/analyze.ts';
import { analyzeUsage } from './cli/analyze-arguments.ts';
import { audit, auditUsage } from './cli/audit.ts';
import { tooFewDescriptors } from './cli/descriptor-limit.ts';
import { ipc, ipcUsage } from './cli/ipc.ts';
import { say, tell } from './cli/terminal.ts';
import { ringClockMs } from './frame-ring/ring-owner.ts';
import { sayLastWords } from './last-words.ts';
import { type LogBook, type LogSink, openLogSink } from './logging/log-sink.ts';
import { noteInLog } from './logging/main-note.ts';
import { onEndAsked } from './shutdown/end-asked.ts';
import { forceEnd } from './shutdown/force-end.ts';
import { declareAppScheme } from './windows/app-protocol.ts';
import { sandboxRefusal } from './windows/sandbox.ts';
import { StartGuard } from './windows/start-guard.ts';
import { startWindowApp } from './windows/window-app.ts';
import { parseWindowArguments } from './windows/window-arguments.ts';

/** For a start that was asked to end meanwhile; it is not waited for any longer. */
const START_MS = 10_000;
const clock = { monoMs: ringClockMs, wallMs: () => Date.now() };
const workerFolder = import.meta.dirname;
const modelFolder = join(app.isPackaged ? process.resourcesPath : app.getAppPath(), 'models');

/** The words meant for ivis: after the program when packaged, after the app folder otherwise. */
function ownWords(): string[] {
  const words = process.argv.slice(1);
  if (app.isPackaged) return words;
  const appFolder = words.findIndex((word) => !word.startsWith('-'));
  return appFolder < 0 ? [] : words.slice(appFolder + 1);
}

function openLog(folder: string | null): LogBook {
  const level = logLevelSchema.catch('info').parse(process.env.IVIS_LOG_LEVEL);
  return openLogSink(folder, level);
}

type Command = (words: readonly string[], context: CommandContext) => Promise<number>;

/** What ivis does without a window, by its first word. */
const commands: ReadonlyMap<string, Command> = new Map([
  ['analyze', analyze],
  ['ipc', ipc],
  ['audit', audit],
]);

/** `ivis analyze ...` and its like: the same program without a window. */
async function runCommand(command: Command, words: readonly string[]): Promise<void> {
  // Chromium insists on a profile; a command leaves none behind.
  const profile = mkdtempSync(join(tmpdir(), 'ivis-profile-'));
  app.setPath('userData', profile);
  app.on('window-all-closed', () => {});
  await app.whenReady();
  const logFolder = process.env.IVIS_LOG_DIR;
  const quiet = process.env.IVIS_LOG_LEVEL === undefined && logFolder === undefined;
  const log: LogSink = quiet ? { write: () => {}, close: () => {} } : openLog(logFolder ?? null);
  sayLastWords({ log });
  const { promise: interrupted, resolve } = Promise.withResolvers<void>();
  // Not before: Electron takes these signals for itself while it starts.
  onEndAsked({ first: () => resolve(), again: (signal) => forceEnd(log, `asked again by ${signal}`) });
  const code = await command(words, { workerFolder, modelFolder, log, clock, interrupted });
  log.close();
  rmSync(profile, { recursive: true, force: true });
  app.exit(code);
}

function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function runWindow(words: readonly string[]): Promise<void> {
  const refusal = sandboxRefusal(app.isPackaged, (name) => app.commandLine.hasSwitch(name));
  if (refusal !== null) throw new NamedError('bad-argument', refusal);
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  const data = process.env.IVIS_DATA_DIR;
  if (data !== undefined && data !== '') app.setPath('userData', data);
  declareAppScheme();
  const dataFolder = app.getPath('userData');
  const writable = isWritable(dataFolder);
  if (!writable) {
    // Chromium keeps its profile and its lock there, and would take a lock that cannot be written for another ivis.
    tell(`the data folder ${dataFolder} cannot be written: nothing new is kept`);
    const profile = mkdtempSync(join(tmpdir(), 'ivis-profile-'));
    app.setPath('sessionData', profile);
    process.on('exit', () => rmSync(profile, { recursive: true, force: true }));
  } else if (!app.requestSingleInstanceLock()) {
    tell('ivis is open already: its window comes to the front');
    return app.exit(0);
  }
  const args = parseWindowArguments(words);
  const guard = writable ? new StartGuard(join(dataFolder, 'start.json')) : null;
  await app.whenReady();
  const log = openLog(writable ? join(dataFolder, 'logs') : null);
  sayLastWords({ log, again: () => guard?.crashed() });
  const note = (message: string): void => noteInLog({ log, clock }, 'info', message);
  const started = Promise.withResolvers<() => Promise<unknown>>();
  let ending = false;
  // Before anything is started: who asks for the end meanwhile is heard, and who asks twice need not wait.
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (ending) return;
    ending = true;
    note('shutting down');
    const hurry = setTimeout(() => forceEnd(log, 'it was asked to end before it had started'), START_MS);
    void started.promise
      .then((end) => {
        clearTimeout(hurry);
        return end();
      })
      .finally(() => {
        log.close();
        app.exit(0);
      });
  });
  app.on('window-all-closed', () => app.quit());
  // The person logs off or the computer is shut down: the system waits a little.
  powerMonitor.on('shutdown', (event?: Electron.Event) => {
    event?.preventDefault();
    note('asked to end by the system');
    app.quit();
  });
  onEndAsked({
    first: (signal) => {
      note(`asked to end by ${signal}`);
      app.quit();
    },
    again: (signal) => forceEnd(log, `asked again by ${signal}`),
  });
  const end = await startWindowApp({
    args,
    workerFolder,
    modelFolder,
    pageFolder: join(import.meta.dirname, '../renderer'),
    preloadPath: join(import.meta.dirname, '../preload/preload.cjs'),
    log,
    guard,
    clock,
  });
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  started.resolve(end);
}

function fatal(thrown: unknown): void {
  const { kind, message } = toWireError(thrown);
  tell(`error ${kind}: ${message}`);
  app.exit(1);
}

const words = ownWords();
const headless = app.commandLine.getSwitchValue('ozone-platform') === 'headless';
const help = words.includes('--help') || words[0] === 'help';
const command = commands.get(words[0] ?? '');
const tooFew = tooFewDescriptors();
if (tooFew !== null) {
  tell(`error internal: ${tooFew}`);
  app.exit(1);
} else if (help || (headless && command === undefined)) {
  say(`${analyzeUsage}\n${ipcUsage}\n${auditUsage}`);
  // Not before Chromium has started: ending it half way can crash it, and the exit code is then not ours.
  app.whenReady().then(() => app.exit(help ? 0 : 2), fatal);
} else if (command !== undefined) runCommand(command, words.slice(1)).catch(fatal);
else runWindow(words).catch(fatal);
