import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runChild } from '../../../build/setup/child.mjs';

const project = resolve(import.meta.dirname, '..', '..', '..');
const cruiser = join(project, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
const packages = [
  'zod',
  'electron',
  'better-sqlite3',
  'onnxruntime-node',
  'left-pad',
  '@ffmpeg-installer/ffmpeg',
];

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ivis-layers-'));
  const dependencies = Object.fromEntries(packages.map((name) => [name, '1.0.0']));
  const imports = { '#shared/*': './src-shared/*', '#native': './native/lib/index.ts' };
  write('package.json', JSON.stringify({ name: 'planted', type: 'module', imports, dependencies }));
  write('tsconfig.json', '{"compilerOptions": {"module": "ESNext", "moduleResolution": "bundler"}}');
  for (const name of packages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  write('native/lib/index.ts', 'export const ring = 1;');
  write('src-shared/domain/box.ts', 'export const box = 1;');
  write('src-worker/_runtime/boot.ts', 'export const boot = 1;');
  write('src-worker/store/database.ts', "import 'better-sqlite3';\nexport const database = 1;");
  write('src-renderer/app.tsx', 'export const app = 1;');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Names of the broken rules, sorted; empty when the cruiser is content. */
async function brokenRules(): Promise<string[]> {
  const config = join(project, 'build', 'dependency-cruiser.cjs');
  const folders = ['src-shared', 'src-worker', 'src-renderer', 'src-main', 'native/lib'];
  write('src-main/main.ts', "import '#shared/domain/box.ts';\n");
  const { stdout, output } = await runChild(
    process.execPath,
    [cruiser, '--config', config, '--output-type', 'json', ...folders],
    { cwd: root },
  );
  const report: { summary: { violations: { rule: { name: string; severity: string } }[] } } = JSON.parse(
    stdout || `"${output}"`,
  );
  const rules = report.summary.violations.map(({ rule }) => rule);
  expect(rules.every((rule) => rule.severity === 'error')).toBe(true);
  return [...new Set(rules.map((rule) => rule.name))].sort();
}

test('a tree that keeps the rules passes', async () => {
  write(
    'src-worker/store/store-worker.ts',
    "import '../_runtime/boot.ts';\nimport '#shared/domain/box.ts';\n",
  );
  write('src-worker/detection/tracking/tracker.ts', "import type { box } from '#shared/domain/box.ts';\n");
  expect(await brokenRules()).toEqual([]);
});

test('every planted trespass is an error, type imports included', async () => {
  write('src-shared/domain/line.ts', "import 'node:fs';\n");
  write('src-main/windows.ts', "import '../src-worker/store/database.ts';\nimport '#native';\n");
  write('src-main/preload/preload.ts', "import 'node:os';\n");
  write(
    'src-worker/detection/frame-intake.ts',
    "import '../_runtime/boot.ts';\nimport '../store/database.ts';\n",
  );
  write(
    'src-worker/detection/tracking/tracker.ts',
    "import type { boot } from 'onnxruntime-node';\nimport 'node:fs';\n",
  );
  write('src-worker/detection/session.ts', "import 'better-sqlite3';\nimport 'electron';\n");
  write('src-worker/store/left.ts', "import 'left-pad';\nimport './absent.ts';\n");
  write('src-renderer/page.ts', "import 'node:path';\nimport '../src-main/main.ts';\n");
  write('src-renderer/stores/track-store.ts', "import '../app.tsx';\n");
  write('src-worker/capture/a.ts', "import './b.ts';\n");
  write('src-worker/capture/b.ts', "import './a.ts';\n");
  expect(await brokenRules()).toEqual([
    'home-of-better-sqlite3',
    'home-of-electron',
    'main-imports',
    'main-owns-rings-only',
    'no-circle',
    'no-unknown-module',
    'package-without-a-home',
    'page-imports',
    'page-uses-no-node',
    'preload-is-thin',
    'pure-parts-are-pure',
    'pure-parts-use-no-node',
    'runtime-only-at-the-door',
    'shared-stands-alone',
    'stores-draw-nothing',
    'workers-are-strangers',
  ]);
});
