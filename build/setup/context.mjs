import { join } from 'node:path';

/**
 * What the steps and the commands share during one run of the set-up.
 * @typedef {object} Context
 * @property {string} root the project's folder
 * @property {readonly string[]} args what the person wrote after the command
 * @property {string} startFolder where the person stood; relative paths in `args` are meant from there
 * @property {NodeJS.ProcessEnv} env environment of everything that is started
 * @property {string} node Node 24 for the tools; set by the node step
 * @property {string} nodeVersion
 * @property {string} electron Electron's binary; set by the electron step
 * @property {readonly string[]} electronFlags
 * @property {{ must: readonly string[], wish: readonly string[] }} system groups of system-libraries.mjs
 * @property {(text: string) => void} say prints one line of the set-up on stderr
 */

/**
 * @param {string} root
 * @param {readonly string[]} args
 * @param {{ must: readonly string[], wish: readonly string[] }} system
 * @param {NodeJS.ProcessEnv} processEnv
 * @returns {Context}
 */
export function createContext(root, args, system, processEnv) {
  const env = { ...processEnv };
  // Left over from another Electron's child it turns every Electron started here into a plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  const startedByNpm = env.npm_package_json === join(root, 'package.json') && env.INIT_CWD !== undefined;
  return {
    root,
    args,
    startFolder: (startedByNpm ? env.INIT_CWD : undefined) ?? process.cwd(),
    env,
    node: process.execPath,
    nodeVersion: process.versions.node,
    electron: '',
    electronFlags: [],
    system,
    say: (text) => process.stderr.write(`set-up: ${text}\n`),
  };
}
