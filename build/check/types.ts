// Runs tsc for every runtime's tsconfig: a DOM type in a worker, or a Node type in the page, is an error here.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const folder = join('build', 'tsconfig');
const configs = readdirSync(join(root, folder)).filter(
  (name) => name.endsWith('.json') && name !== 'base.json',
);

function check(config: string): Promise<boolean> {
  return new Promise((done) => {
    const args = [
      join('node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      join(folder, config),
      '--pretty',
      'false',
      // What did not change since the last check is not checked again.
      '--incremental',
      '--tsBuildInfoFile',
      join('.toolchain', 'types', `${config}.tsbuildinfo`),
    ];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('close', (code) => {
      process.stdout.write(`types of ${config}: ${code === 0 ? 'right' : `wrong\n${output}`}\n`);
      done(code === 0);
    });
  });
}

const results: boolean[] = [];
const queue = [...configs];
async function work(): Promise<void> {
  for (let config = queue.shift(); config !== undefined; config = queue.shift()) {
    results.push(await check(config));
  }
}
await Promise.all([work(), work()]);
process.exitCode = results.length > 0 && results.every(Boolean) ? 0 : 1;
