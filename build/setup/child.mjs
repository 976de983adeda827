import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { StepError } from './step-error.mjs';

const keptOutputChars = 200_000;
const shownOutputLines = 30;

/**
 * Runs a program to its end without a shell and keeps the end of what it printed.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<{ code: number, output: string, stdout: string, timedOut: boolean }>} code 127 when it cannot be started
 */
export function runChild(file, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let stdout = '';
    let timedOut = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, options.timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output = (output + text).slice(-keptOutputChars);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-keptOutputChars);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, output: error.message, stdout: '', timedOut });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        code: code ?? 128,
        output: signal ? `${output}\nended by ${signal}` : output,
        stdout,
        timedOut,
      });
    });
  });
}

/**
 * As runChild, but anything except exit code 0 is a StepError that shows the end of the output.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, what: string, remedy: string }} options
 * @returns {Promise<string>} standard output
 */
export async function mustRun(file, args, options) {
  const result = await runChild(file, args, options);
  if (result.code === 0) return result.stdout;
  const output = process.stderr.isTTY ? result.output : stripVTControlCharacters(result.output);
  const isStack = (/** @type {string} */ line) => /^\s+at \S+.*[:(]/.test(line);
  const lines = output.trimEnd().split('\n');
  const tail = lines
    .filter((line) => !isStack(line))
    .slice(-shownOutputLines)
    .join('\n');
  const how = result.timedOut ? 'ran past its time limit' : `ended with code ${result.code}`;
  throw new StepError(`${options.what} ${how}:\n${tail}`, options.remedy);
}
