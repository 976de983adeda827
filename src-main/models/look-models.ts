import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import { lookFileSchema } from '#shared/domain/look.ts';
import type { Fallback } from './model-choice.ts';

/** Re-identification models that an operator installed, every .onnx file in `looks` beside the manifest, and which of them cannot be used. */
export class LookModels {
  readonly folder: string;
  /** Names of the files there were at the start, in order; none where there is no folder. */
  readonly files: readonly string[];
  readonly #problems = new Map<string, WireError>();

  constructor(modelFolder: string) {
    this.folder = join(modelFolder, 'looks');
    this.files = filesIn(this.folder);
  }

  /** Throws NamedError 'model-missing' when no such file is installed. */
  require(file: string): void {
    const { files, folder } = this;
    if (files.includes(file)) return;
    const known = files.length === 0 ? 'there is none' : `there are: ${files.join(', ')}`;
    throw new NamedError('model-missing', `no look model "${file}" in ${folder}; ${known}`);
  }

  /** Detection cannot use one, or (null) can, or nobody wants it any more. */
  told(file: string, problem: WireError | null): void {
    if (problem === null) this.#problems.delete(file);
    else this.#problems.set(file, problem);
  }

  /** What is not known any more: its process is gone. */
  forget(): void {
    this.#problems.clear();
  }

  get fallbacks(): Fallback[] {
    return [...this.#problems].map(([file, { kind, message }]) => ({
      kind: 'no-looks',
      cause: `objects are followed by their boxes alone, as ${file} cannot be used: ${kind}: ${message}`,
      whatToDo: `Put another look model into ${this.folder} and choose it in the settings of the source, or choose none.`,
    }));
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => lookFileSchema.safeParse(name).success)
      .sort();
  } catch {
    return [];
  }
}
