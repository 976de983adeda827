import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../json-file.ts';

const entrySchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  id: z.string().min(1),
  sinceWallMs: z.number(),
  cause: z.string(),
});
export type QuarantinedModel = z.infer<typeof entrySchema>;

const fileSchema = z.object({ version: z.literal(1), models: z.array(entrySchema).max(1000) });

/** Models whose very bytes made detection end again and again: kept over a restart, known by their checksum. */
export class ModelQuarantine {
  readonly path: string;
  readonly #complain: (message: string) => void;
  #models: readonly QuarantinedModel[];

  /** A list that cannot be read or written is told and stops nothing. */
  constructor(path: string, complain: (message: string) => void) {
    this.path = path;
    this.#complain = complain;
    const { value, problem } = readJsonFile(path, fileSchema);
    if (problem !== null) complain(`list of models set aside: ${problem}`);
    this.#models = value?.models ?? [];
  }

  find(sha256: string): QuarantinedModel | null {
    return this.#models.find((model) => model.sha256 === sha256) ?? null;
  }

  add(model: QuarantinedModel): void {
    this.#models = [...this.#models.filter(({ sha256 }) => sha256 !== model.sha256), model];
    try {
      writeJsonFile(this.path, { version: 1, models: this.#models });
    } catch (thrown) {
      this.#complain(`the list of models set aside could not be written: ${String(thrown)}`);
    }
  }
}
