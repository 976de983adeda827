import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type ModelSpec, modelManifestSchema } from '#shared/domain/model.ts';

export interface InstalledModel {
  readonly spec: ModelSpec;
  /** Where its file should be; whether it is there and right is found out on loading. */
  readonly path: string;
}

/**
 * The model named `id` in models/manifest.json, or the manifest's default when `id` is null.
 * Throws NamedError 'model-missing' when the manifest has no such model or cannot be read.
 */
export function findModel(modelFolder: string, id: string | null): InstalledModel {
  const manifestPath = join(modelFolder, 'manifest.json');
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(manifestPath, 'utf8'));
  } catch (thrown) {
    throw new NamedError('model-missing', `${manifestPath} cannot be read: ${String(thrown)}`);
  }
  const manifest = modelManifestSchema.safeParse(raw);
  if (!manifest.success) {
    throw new NamedError(
      'model-missing',
      `${manifestPath} is not a model manifest: ${manifest.error.message}`,
    );
  }
  const wanted = id ?? manifest.data.default;
  const spec = manifest.data.models.find((model) => model.id === wanted);
  if (spec === undefined) {
    const known = manifest.data.models.map((model) => model.id).join(', ');
    throw new NamedError('model-missing', `no model "${wanted}" in the manifest; there are: ${known}`);
  }
  return { spec, path: join(modelFolder, spec.file) };
}
