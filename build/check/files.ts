// Applies source-rules.ts to every source file of the project.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findComplaints } from './source-rules.ts';

const root = resolve(import.meta.dirname, '..', '..');
const folders = ['src-main', 'src-renderer', 'src-shared', 'src-worker', 'native', 'build', 'test'];
const generated = /^(native\/(prebuilds|\.build)|test\/bench\/results)\//;
const source = /\.(ts|tsx|mjs|cjs|js|css|html|h|hpp|cc|cpp|sh)$/;

const paths = folders
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name.replaceAll('\\', '/')}`,
    ),
  )
  .filter((path) => source.test(path) && !generated.test(path))
  .sort();

const complaints = paths.flatMap((path) => findComplaints(path, readFileSync(join(root, path), 'utf8')));
for (const { path, line, what } of complaints) {
  console.error(`${path}${line === null ? '' : `:${line}`}: ${what}`);
}
console.log(`${paths.length} source files, ${complaints.length} complaints`);
process.exitCode = complaints.length > 0 || paths.length === 0 ? 1 : 0;
