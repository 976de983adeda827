import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StepError } from './step-error.mjs';
import { buildStep } from './steps/build.mjs';
import { canFetchDemoClip, demoClip, demoClipStep } from './steps/demo-clip.mjs';
import { dependenciesStep } from './steps/dependencies.mjs';
import { electronStep } from './steps/electron.mjs';
import { modelsStep } from './steps/models.mjs';
import { nativeStep } from './steps/native.mjs';
import { nodeStep } from './steps/node.mjs';
import { systemLibrariesStep } from './steps/system-libraries.mjs';

/**
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {object} Step
 * @property {string} name
 * @property {string} says what it is about to do
 * @property {(context: Context) => boolean | Promise<boolean>} isDone
 * @property {(context: Context) => unknown} run
 * @property {(context: Context) => void} [apply] done or not, tells the context what later steps and the command need
 *
 * @typedef {object} Start what a command starts
 * @property {string} file
 * @property {readonly string[]} args
 * @property {string} cwd
 *
 * @typedef {object} Command
 * @property {readonly Step[]} steps in their order
 * @property {readonly Step[]} [mayFail] steps whose failure is reported and does not stop the command
 * @property {{ must: readonly string[], wish: readonly string[] }} system
 * @property {((context: Context) => Start) | null} start null: set-up only
 */

/** @type {readonly Step[]} */
const tools = [nodeStep, dependenciesStep];
/** @type {readonly Step[]} */
const app = [...tools, electronStep, systemLibrariesStep, nativeStep, modelsStep, buildStep];
/** @type {readonly Step[]} */
const whole = [...app, demoClipStep];
const afterTools = whole.filter((step) => !tools.includes(step));

const noSystem = { must: [], wish: [] };
const appSystem = { must: ['electron', 'compiler'], wish: [] };
const testSystem = { must: ['electron', 'compiler'], wish: ['display', 'cross', 'rtsp', 'faults'] };

/** @param {Context} context */
function hasDisplay(context) {
  if (process.platform !== 'linux') return true;
  return Boolean(context.env.DISPLAY || context.env.WAYLAND_DISPLAY);
}

/**
 * @param {Context} context
 * @param {readonly string[]} args
 * @returns {Start}
 */
function startNode(context, args) {
  return { file: context.node, args, cwd: context.root };
}

/**
 * As startNode, on a virtual display where there is no real one.
 * @param {Context} context
 * @param {readonly string[]} args
 * @returns {Start}
 */
function startNodeWithDisplay(context, args) {
  if (hasDisplay(context)) return startNode(context, args);
  const screen = ['-a', '-s', '-screen 0 1920x1080x24'];
  return { file: 'xvfb-run', args: [...screen, context.node, ...args], cwd: context.root };
}

/**
 * @param {Context} context
 * @param {readonly string[]} args
 * @returns {Start}
 */
function startWindow(context, args) {
  if (!hasDisplay(context)) {
    throw new StepError(
      'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)',
      'Use the command line instead: `npm run ivis -- analyze VIDEO`.',
    );
  }
  return {
    file: context.electron,
    args: [...context.electronFlags, context.root, ...args],
    cwd: context.startFolder,
  };
}

/**
 * ivis without a window: neither a display nor a GPU is needed.
 * @param {Context} context
 * @param {readonly string[]} args
 * @returns {Start}
 */
function startHeadless(context, args) {
  // Level 3 keeps Chromium's own complaints (no D-Bus in a container) out of the program's words.
  const flags = [...context.electronFlags, '--ozone-platform=headless', '--disable-gpu', '--log-level=3'];
  return { file: context.electron, args: [...flags, context.root, ...args], cwd: context.startFolder };
}

/**
 * The clip and what is counted in it: the demo's own, or a video of the person's with the options they give.
 * @param {Context} context
 */
export function demoArguments(context) {
  const [video, ...options] = context.args;
  if (video !== undefined) return { clip: resolve(context.startFolder, video), line: options, classes: [] };
  return {
    clip: join(context.root, demoClip.file),
    line: ['--line', demoClip.line],
    classes: ['--classes', demoClip.classes],
  };
}

/** @param {Context} context */
function startDemo(context) {
  const { clip, line, classes } = demoArguments(context);
  if (hasDisplay(context)) return startWindow(context, ['--open', clip, ...line]);
  const out = resolve(context.startFolder, 'ivis-demo');
  const output = ['--out', out, '--annotate', join(out, 'annotated.mp4')];
  context.say(`no display: analysing without a window; the results come to ${out}`);
  return startHeadless(context, ['analyze', clip, ...line, ...classes, ...output]);
}

/** @param {readonly string[]} projects */
function vitestArguments(...projects) {
  return [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...projects.flatMap((project) => ['--project', project]),
  ];
}

/**
 * @param {string} project folder under test/
 * @returns {Command}
 */
function vitestCommand(project) {
  const start = project === 'e2e' ? startNodeWithDisplay : startNode;
  return {
    steps: project === 'unit' || project === 'contract' ? tools : app,
    system: project === 'e2e' ? { must: [...testSystem.must, 'display'], wish: [] } : testSystem,
    start: (context) => start(context, [...vitestArguments(project), ...context.args]),
  };
}

/**
 * `test:faults 2` runs the row of that number in the table of faults, `test:faults` all of them. A file may hold
 * several rows: row-12-13-NAME.test.ts.
 * @type {Command}
 */
const faults = {
  steps: app,
  system: testSystem,
  start: (context) => {
    const folder = join('test', 'process', 'faults');
    const all = readdirSync(join(context.root, folder)).filter((name) => name.endsWith('.test.ts'));
    const [row, ...more] = context.args;
    if (row === undefined || !/^\d+$/.test(row)) {
      return startNode(context, [...vitestArguments('process', 'long'), folder, ...context.args]);
    }
    const isRow = (/** @type {string} */ name) =>
      (/^row((?:-\d+)+)-/.exec(name)?.[1] ?? '')
        .split('-')
        .some((number) => Number(number) === Number(row) && number !== '');
    const files = all.filter(isRow);
    if (files.length === 0)
      throw new StepError(`there is no test of row ${row}`, `There are: ${all.join(', ')}.`);
    return startNode(context, [
      ...vitestArguments('process', 'long'),
      ...files.map((name) => join(folder, name)),
      ...more,
    ]);
  },
};

/**
 * `bench:NAME` and `eval:NAME` are test/bench/NAME.bench.ts and test/eval/NAME.eval.ts.
 * @param {string} kind
 * @param {string} subject
 * @returns {Command}
 */
function measureCommand(kind, subject) {
  return {
    steps: app,
    system: appSystem,
    start: (context) => {
      const folder = join('test', kind);
      const ending = `.${kind}.ts`;
      const file = join(folder, `${subject}${ending}`);
      if (existsSync(join(context.root, file))) return startNode(context, [file, ...context.args]);
      const names = readdirSync(join(context.root, folder))
        .filter((name) => name.endsWith(ending))
        .map((name) => name.slice(0, -ending.length));
      throw new StepError(`there is no ${kind} "${subject}"`, `There are: ${names.join(', ')}.`);
    },
  };
}

/** @type {Command} */
const check = {
  steps: app,
  // The checks that need no app must still run when it does not build.
  mayFail: afterTools,
  system: testSystem,
  start: (context) => startNode(context, [join('build', 'check', 'check.ts'), ...context.args]),
};

/**
 * @param {readonly string[]} args of node
 * @returns {Command}
 */
function toolCommand(args) {
  return {
    steps: tools,
    system: noSystem,
    start: (context) => startNode(context, [...args, ...context.args]),
  };
}

/**
 * A script that runs the whole app.
 * @param {string} file
 * @returns {Command}
 */
function scriptCommand(file) {
  return { steps: app, system: testSystem, start: (context) => startNode(context, [file, ...context.args]) };
}

const biome = join('node_modules', '@biomejs', 'biome', 'bin', 'biome');

/** @type {Readonly<Record<string, Command>>} */
const table = {
  setup: {
    steps: canFetchDemoClip() ? whole : app,
    mayFail: afterTools,
    system: testSystem,
    start: null,
  },
  start: { steps: app, system: appSystem, start: (context) => startWindow(context, context.args) },
  ivis: { steps: app, system: appSystem, start: (context) => startHeadless(context, context.args) },
  dev: {
    steps: app.filter((step) => step !== buildStep),
    system: appSystem,
    start: (context) =>
      startNode(context, [
        join('node_modules', 'electron-vite', 'bin', 'electron-vite.js'),
        'dev',
        ...context.args,
      ]),
  },
  build: { steps: app, system: appSystem, start: null },
  test: check,
  check,
  lint: toolCommand([biome, 'ci', '.']),
  format: toolCommand([biome, 'check', '--write', '.']),
  types: toolCommand([join('build', 'check', 'types.ts')]),
  layers: toolCommand([
    join('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
    '--config',
    join('build', 'dependency-cruiser.cjs'),
    'src-main',
    'src-renderer',
    'src-shared',
    'src-worker',
    join('native', 'lib'),
  ]),
  arch: toolCommand([join('build', 'check', 'arch.ts'), '--write']),
  'test:chaos': scriptCommand(join('test', 'chaos', 'run.ts')),
  soak: scriptCommand(join('test', 'soak', 'run.ts')),
};

/**
 * The command of that name, with the steps it needs for these arguments.
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Command | null}
 */
export function findCommand(name, args) {
  if (name === 'demo') return { steps: args.length > 0 ? app : whole, system: appSystem, start: startDemo };
  if (name === 'test:faults') return faults;
  if (Object.hasOwn(table, name)) return table[name] ?? null;
  const [kind = '', subject = ''] = name.split(':');
  if (kind === 'test' && subject !== '') return vitestCommand(subject);
  if ((kind === 'bench' || kind === 'eval') && /^[a-z-]+$/.test(subject))
    return measureCommand(kind, subject);
  return null;
}

export const commandNames = [
  'demo',
  ...Object.keys(table),
  ...['unit', 'contract', 'process', 'faults', 'long', 'native', 'e2e'].map((project) => `test:${project}`),
  'bench:NAME',
  'eval:NAME',
];
