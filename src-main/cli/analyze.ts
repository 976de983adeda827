import { basename, dirname, extname, join, resolve } from 'node:path';
import { app } from 'electron';
import type { ExportKind } from '#shared/contracts/main-store.contract.ts';
import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import { faultTexts } from '#shared/domain/fault-text.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import { defaultSettings } from '#shared/domain/settings.ts';
import { renderAnnotation } from '../exports/annotation.ts';
import { writeResult } from '../exports/result-file.ts';
import { EXPORT_MS, exportCsv, exportedOf, type WrittenFile } from '../exports/run-export.ts';
import type { LogSink } from '../logging/log-sink.ts';
import { LookModels } from '../models/look-models.ts';
import { ModelChoice } from '../models/model-choice.ts';
import { findModel } from '../models/model-manifest.ts';
import { Engine } from '../runs/engine.ts';
import { FileRun, type RunOutcome } from '../runs/file-run.ts';
import { watchWorkerMemory } from '../supervisor/worker-memory.ts';
import type { TracingFacts } from '../tracing/trace-desk.ts';
import { type AnalyzeArguments, parseAnalyzeArguments } from './analyze-arguments.ts';
import { exitCodeOf } from './exit-code.ts';
import { prepareFolder } from './output-folder.ts';
import { annotationText, progressText, summaryText } from './report.ts';
import { type Summary, summarise } from './summary.ts';
import { ProgressLine, say, tell } from './terminal.ts';

export interface CommandContext {
  readonly workerFolder: string;
  readonly modelFolder: string;
  readonly log: LogSink;
  readonly clock: { monoMs(): number; wallMs(): number };
  /** Resolves when the person asks the program to end. */
  readonly interrupted: Promise<void>;
}

/** Of the one video of a command. */
const SOURCE_ID = 'file-1';

/** `ivis analyze`: resolves with the exit code; everything said goes to the terminal. */
export async function analyze(words: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await analyzeVideo(parseAnalyzeArguments(words), context);
  } catch (thrown) {
    return explain(toWireError(thrown));
  }
}

async function analyzeVideo(args: AnalyzeArguments, context: CommandContext): Promise<number> {
  const video = resolve(args.video);
  const folder = resolve(args.out ?? `${basename(video, extname(video))}-ivis`);
  const model = findModel(context.modelFolder, args.model);
  for (const label of args.classes) {
    if (!model.spec.labels.includes(label)) {
      throw new NamedError('bad-argument', `--classes: the model ${model.spec.id} has no class "${label}"`);
    }
  }
  for (const { label } of args.tuning?.classRules ?? []) {
    if (label !== null && !model.spec.labels.includes(label)) {
      throw new NamedError('bad-argument', `--rule: the model ${model.spec.id} has no class "${label}"`);
    }
  }
  for (const label of args.tuning?.looks?.classes ?? []) {
    if (!model.spec.labels.includes(label)) {
      throw new NamedError('bad-argument', `--looks: the model ${model.spec.id} has no class "${label}"`);
    }
  }
  const looks = new LookModels(context.modelFolder);
  if (args.tuning?.looks) looks.require(args.tuning.looks.model);
  prepareFolder(folder);
  for (const file of [args.mot, args.motDet, args.annotate])
    if (file !== null) prepareFolder(dirname(resolve(file)));
  const engine = new Engine({
    workerFolder: context.workerFolder,
    databasePath: join(folder, 'ivis.db'),
    version: app.getVersion(),
    // A model that a person asked for is not replaced behind their back.
    choice: new ModelChoice({
      model,
      bundled: findModel(context.modelFolder, null),
      provider: args.provider,
      quarantine: null,
      wallMs: context.clock.wallMs,
    }),
    looks,
    log: context.log,
    clock: context.clock,
    perception: args.publish && { enabled: true, ...args.publish },
  });
  tellOfLooks(engine, looks);
  await engine.tracing.want(args.trace);
  engine.start();
  const memory = watchWorkerMemory({
    workers: () => engine.workers,
    limits: () => defaultSettings.limits.processMemoryMb,
  });
  if (engine.perception !== null) tell(`other programs find what is seen in ${engine.perception.folder}`);
  try {
    const startMs = context.clock.monoMs();
    const outcome = await runFile(engine, video, args, context);
    const wallMs = context.clock.monoMs() - startMs;
    // The folder is somebody else's: nothing of ours goes into it.
    if (outcome.error?.kind === 'store-in-use') return explain(outcome.error);
    const files = await writeFiles(engine, outcome, args, video, folder, context);
    const summary = summarise(video, outcome, wallMs, files);
    writeResult(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    const { status } = outcome;
    if (status === 'complete' || status === 'incomplete') engine.journals.remove(SOURCE_ID);
    else if (engine.journals.has(SOURCE_ID)) tell('the same command goes on where this one ended');
    return conclude(summary, folder, args.json);
  } finally {
    const traced = await engine.tracing.stop();
    if (traced !== null) tell(tracedText(traced));
    memory.stop();
    await engine.stop();
  }
}

/** Says once of each look model that it cannot be used: the run goes on without. */
function tellOfLooks(engine: Engine, looks: LookModels): void {
  const told = new Set<string>();
  engine.watch(() => {
    for (const { cause } of looks.fallbacks) if (!told.has(cause)) tell(cause);
    for (const { cause } of looks.fallbacks) told.add(cause);
  });
}

function tracedText({ frames, sent, leftOut, problem }: TracingFacts): string {
  const why = problem === null ? '' : `: ${problem}`;
  return `${frames} frames traced, ${sent} spans sent, ${leftOut} left out${why}`;
}

async function runFile(
  engine: Engine,
  video: string,
  args: AnalyzeArguments,
  context: CommandContext,
): Promise<RunOutcome> {
  const line = new ProgressLine();
  let media: MediaInfo | null = null;
  const run = new FileRun(
    engine,
    {
      sourceId: SOURCE_ID,
      path: video,
      settings: {
        mode: 'analyse',
        lines: [...args.lines],
        zones: [...args.zones],
        classes: [...args.classes],
        confidence: args.confidence,
        every: args.every,
        fps: args.fps,
        keepRawDetections: args.motDet !== null,
        ...(args.gates.length > 0 ? { gates: [...args.gates] } : {}),
        ...(args.tuning && { tuning: args.tuning }),
        ...(args.calibration === null ? {} : { calibration: args.calibration }),
        evidence: args.evidence ? 'crop-and-frame' : 'off',
      },
    },
    {
      captureStarted: () => {},
      began: (_runId, attempt) => {
        if (attempt > 1) tell(`a process ended in mid-run: going on where it was, attempt ${attempt}`);
      },
      opened: (info) => {
        media = info;
      },
      progressed: (progress) => line.show(progressText(progress, media), context.clock.monoMs()),
    },
  );
  void context.interrupted.then(() => run.stop());
  const outcome = await run.run();
  line.end();
  return outcome;
}

async function writeFiles(
  engine: Engine,
  outcome: RunOutcome,
  args: AnalyzeArguments,
  video: string,
  folder: string,
  context: CommandContext,
): Promise<Summary['files']> {
  const { runId } = outcome;
  // A file that could not even be opened has no rows; empty tables would look like "nothing was there".
  if (runId === null || outcome.media === null) return {};
  const files: Record<string, WrittenFile> = await exportCsv(engine, runId, folder, exportedOf(args));
  const asked: [ExportKind, string | null][] = [
    ['mot', args.mot],
    ['mot-det', args.motDet],
  ];
  for (const [kind, path] of asked) {
    if (path === null) continue;
    const outPath = resolve(path);
    const { rows } = await engine.askStore('export.write', { runId, kind, outPath }, EXPORT_MS);
    files[kind] = { path: outPath, rows };
  }
  if (args.annotate !== null) {
    const line = new ProgressLine();
    files.annotate = await renderAnnotation(
      engine,
      { runId, videoPath: video },
      resolve(args.annotate),
      folder,
      (frames) => line.show(`drawing the annotated video: frame ${frames}`, context.clock.monoMs()),
    );
    line.end();
    const short = annotationText(files.annotate.rows, outcome.finished?.ledger.decoded ?? 0);
    if (short !== null) tell(short);
  }
  return files;
}

function conclude(summary: Summary, folder: string, json: boolean): number {
  if (json) say(JSON.stringify(summary));
  else {
    say(summaryText(summary));
    say(`  all in     ${folder}`);
  }
  if (summary.complete) return 0;
  return explain(summary.error ?? { kind: 'stopped', message: 'stopped before the end of the file' });
}

function explain({ kind, message }: WireError): number {
  tell(`error ${kind}: ${message}`);
  if (kind !== 'bad-argument') tell(`${faultTexts[kind].title}. ${faultTexts[kind].whatToDo}`);
  return exitCodeOf(kind);
}
