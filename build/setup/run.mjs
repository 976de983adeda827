// node build/setup/run.mjs COMMAND [arguments]: does what the command still needs, then starts it.
// Runs before anything is installed: Node >= 20 and its built-in modules only.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandNames, findCommand } from './commands.mjs';
import { createContext } from './context.mjs';
import { withLock } from './lock.mjs';
import { StepError } from './step-error.mjs';

/**
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {import('./commands.mjs').Command} Command
 * @typedef {import('./commands.mjs').Step} Step
 */

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * @param {string} name
 * @param {unknown} error
 */
function report(name, error) {
  const known = error instanceof StepError;
  const message = known
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`set-up: ${name} failed: ${message}\n`);
  if (known) process.stderr.write(`  what to do: ${error.remedy}\n`);
}

/**
 * @param {Step} step
 * @param {Context} context
 * @returns {Promise<boolean>} whether there was something to do
 */
async function doStep(step, context) {
  let worked = false;
  if (!(await step.isDone(context))) {
    await withLock(root, context.say, async () => {
      if (await step.isDone(context)) return; // another set-up did it while this one waited
      worked = true;
      const startMs = performance.now();
      context.say(step.says);
      await step.run(context);
      if (!(await step.isDone(context))) {
        throw new StepError(
          'it ran to its end and its result is still not right',
          'Delete .toolchain and try again.',
        );
      }
      context.say(`${step.name} done in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
    });
  }
  step.apply?.(context);
  return worked;
}

/**
 * @param {Command} command
 * @param {Context} context
 * @returns {Promise<boolean>} false when a step failed that the command cannot do without
 */
async function doSteps(command, context) {
  const startMs = performance.now();
  const failed = [];
  let worked = false;
  for (const step of command.steps) {
    try {
      if (await doStep(step, context)) worked = true;
    } catch (error) {
      report(step.name, error);
      if (!command.mayFail?.includes(step)) return false;
      failed.push(step.name);
    }
  }
  context.env.IVIS_SETUP_FAILED = failed.join(',');
  const took = `set-up took ${((performance.now() - startMs) / 1000).toFixed(2)} s`;
  if (failed.length > 0) process.stderr.write(`${took}; failed: ${failed.join(', ')}\n`);
  else process.stderr.write(worked ? `${took}\n` : `${took}, nothing to do\n`);
  return true;
}

/**
 * Starts the command in this process's place: same terminal, same signals, same exit code.
 * @param {{ file: string, args: readonly string[], cwd: string }} start
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function takePlace(start, env) {
  return new Promise((done) => {
    const child = spawn(start.file, start.args, { cwd: start.cwd, env, stdio: 'inherit' });
    /** @type {NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) {
      process.on(signal, () => {
        // Ctrl-C reaches the child from the terminal itself; a second one would cut its clean end short.
        if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
      });
    }
    child.on('error', (error) => {
      process.stderr.write(`${start.file} could not be started: ${error.message}\n`);
      done(127);
    });
    child.on('exit', (code, signal) => done(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)));
  });
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
async function main(name, args) {
  const command = findCommand(name, args);
  if (!command) {
    process.stderr.write(
      `usage: node build/setup/run.mjs COMMAND [arguments]\ncommands: ${commandNames.join(' ')}\n`,
    );
    return 2;
  }
  const context = createContext(root, args, command.system, process.env);
  if (!(await doSteps(command, context))) return 1;
  if (!command.start) return context.env.IVIS_SETUP_FAILED ? 1 : 0;
  let start;
  try {
    start = command.start(context);
  } catch (error) {
    report(name, error);
    return 1;
  }
  return takePlace(start, context.env);
}

const [name = '', ...rest] = process.argv.slice(2);
// npm takes the "--" away itself; typed without npm it means the same.
process.exitCode = await main(name, rest[0] === '--' ? rest.slice(1) : rest);
