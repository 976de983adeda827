import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type ModelSpec, modelManifestSchema } from '#shared/domain/model.ts';
import { root } from '../../drivers/electron-binary.ts';

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const bundledModels = join(root, 'models');

/** The model that comes with ivis. */
export function bundledModel(): { readonly spec: ModelSpec; readonly bytes: Buffer } {
  const manifest = modelManifestSchema.parse(
    JSON.parse(readFileSync(join(bundledModels, 'manifest.json'), 'utf8')),
  );
  const spec = manifest.models.find(({ id }) => id === manifest.default);
  if (spec === undefined) throw new Error('the manifest has no default model');
  return { spec, bytes: readFileSync(join(bundledModels, spec.file)) };
}

/** An app folder whose models are those of the manifest after `change`; the program itself is this one. */
export function appWithModels(folder: string, change: (models: readonly ModelSpec[]) => ModelSpec[]): string {
  mkdirSync(join(folder, 'models'), { recursive: true });
  for (const part of ['out', 'node_modules', 'native']) symlinkSync(join(root, part), join(folder, part));
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  const manifest = modelManifestSchema.parse(
    JSON.parse(readFileSync(join(bundledModels, 'manifest.json'), 'utf8')),
  );
  const text = JSON.stringify({ ...manifest, models: change(manifest.models) });
  writeFileSync(join(folder, 'models', 'manifest.json'), text);
  return folder;
}

/** An app folder to which no ffmpeg came; all else is this one. */
export function appWithoutFfmpeg(folder: string): string {
  const scope = '@ffmpeg-installer';
  const broken = join(folder, 'node_modules', scope, 'ffmpeg');
  mkdirSync(broken, { recursive: true });
  writeFileSync(join(broken, 'package.json'), JSON.stringify({ name: `${scope}/ffmpeg`, main: 'index.cjs' }));
  writeFileSync(join(broken, 'index.cjs'), `exports.path = ${JSON.stringify(join(broken, 'none'))};`);
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== scope) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  for (const part of ['models', 'native']) symlinkSync(join(root, part), join(folder, part));
  // Not a link: a program looks for what it needs from where it really lies.
  cpSync(join(root, 'out'), join(folder, 'out'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  return folder;
}

/** Where a model of that app lies. */
export const modelPath = (folder: string, file: string): string => join(folder, 'models', file);
