// Everything a change must pass: what .ci/run and `npm test` run. A part that fails does not hide the ones after it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { countTests, readReport, type TestCount } from './test-count.ts';

const root = resolve(import.meta.dirname, '..', '..');
const modules = join(root, 'node_modules');

const layerRoots = ['src-main', 'src-renderer', 'src-shared', 'src-worker', 'native/lib'];
const parts: ReadonlyArray<readonly [name: string, args: readonly string[]]> = [
  [
    'lint',
    [
      join(modules, '@biomejs', 'biome', 'bin', 'biome'),
      'ci',
      '.',
      ...(process.stdout.isTTY ? [] : ['--colors=off']),
    ],
  ],
  ['types', [join('build', 'check', 'types.ts')]],
  [
    'layers',
    [
      join(modules, 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
      '--config',
      join('build', 'dependency-cruiser.cjs'),
      ...layerRoots.filter((folder) => existsSync(join(root, folder))),
    ],
  ],
  ['arch', [join('build', 'check', 'arch.ts'), '--check']],
  ['files', [join('build', 'check', 'files.ts')]],
];

/** Quick ones first; the windows last. */
const projects = ['unit', 'contract', 'native', 'process', 'e2e'];

function say(text: string): void {
  process.stdout.write(`\n== ${text}\n`);
}

/** Runs to the end on this terminal; the exit code, or 1 when it could not be started or was killed. */
function run(file: string, args: readonly string[]): number {
  return spawnSync(file, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

function hasTests(project: string): boolean {
  const folder = join(root, 'test', project);
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) => /\.test\.tsx?$/.test(name))
  );
}

function runProject(project: string, reportFolder: string): TestCount {
  const report = join(reportFolder, `${project}.json`);
  const args = [join(modules, 'vitest', 'vitest.mjs'), 'run', '--project', project];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const needsScreen =
    project === 'e2e' && process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  const command = [process.execPath, ...args, ...reporters];
  const screen = needsScreen ? ['xvfb-run', '-a', '-s', '-screen 0 1920x1080x24'] : [];
  const [file = '', ...rest] = [...screen, ...command];
  const code = run(file, rest);
  return countTests(readReport(report), code);
}

const failedParts = (process.env.IVIS_SETUP_FAILED ?? '')
  .split(',')
  .filter((name) => name !== '')
  .map((name) => `set-up of ${name}`);
for (const [name, args] of parts) {
  say(name);
  if (run(process.execPath, args) !== 0) failedParts.push(name);
}

const counts = new Map<string, TestCount>();
const reportFolder = mkdtempSync(join(tmpdir(), 'ivis-check-'));
try {
  for (const project of projects.filter(hasTests)) {
    say(`tests: ${project}`);
    counts.set(project, runProject(project, reportFolder));
  }
} finally {
  rmSync(reportFolder, { recursive: true, force: true });
}

say('result');
for (const [project, { passed, failed, skipped }] of counts) {
  console.log(`tests ${project}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
}
if (failedParts.length > 0) console.log(`failed parts: ${failedParts.join(', ')}`);
const all = [...counts.values()];
const passed = all.reduce((sum, count) => sum + count.passed, 0);
// A failed part counts as one failed, so that the last line never looks clean when the run is not.
const failed = all.reduce((sum, count) => sum + count.failed, failedParts.length);
if (passed + failed === 0) console.log('no test ran: that is a failure');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
