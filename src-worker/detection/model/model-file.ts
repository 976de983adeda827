import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ModelSpec } from '#shared/domain/model.ts';
import { inspectOnnxFile } from './external-data.ts';

/**
 * Reads a model file whole and proves that it is the one the manifest names, so that what runs is what was checked.
 * Throws NamedError `model-missing` (not there or not readable) or `model-corrupt` (other size or sha256, no ONNX
 * file, or one that refers to further files).
 */
export async function readModelFile(path: string, spec: ModelSpec): Promise<Uint8Array> {
  const bytes = await readWhole(path, spec.id, (size) =>
    size === spec.bytes ? null : `${path}: ${size} bytes, ${spec.id} has ${spec.bytes}`,
  );
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== spec.sha256) {
    throw new NamedError('model-corrupt', `${path}: sha256 ${sha256}, ${spec.id} has ${spec.sha256}`);
  }
  checkOnnx(bytes, path);
  return bytes;
}

/** The largest look model that is read. */
const MAX_LOOK_BYTES = 1 << 30;

/**
 * Reads the file of a look model, of which no manifest tells what it should be; its name and sha256 are its id. Throws
 * NamedError `model-missing` or `model-corrupt` (too large, no ONNX file, or one that refers to further files).
 */
export async function readLookFile(path: string): Promise<{ bytes: Uint8Array; modelId: string }> {
  const name = basename(path);
  const bytes = await readWhole(path, name, (size) =>
    size <= MAX_LOOK_BYTES ? null : `${path}: ${size} bytes are too many for a look model`,
  );
  checkOnnx(bytes, path);
  return { bytes, modelId: `${name}:${createHash('sha256').update(bytes).digest('hex')}` };
}

/** `wrongSize` is asked before reading: a wrong file may be of any size. */
async function readWhole(
  path: string,
  id: string,
  wrongSize: (size: number) => string | null,
): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const problem = wrongSize((await file.stat()).size);
      if (problem !== null) throw new NamedError('model-corrupt', problem);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof NamedError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new NamedError('model-missing', `${id}: ${reason}`);
  }
}

function checkOnnx(bytes: Uint8Array, path: string): void {
  const verdict = inspectOnnxFile(bytes);
  if (verdict === 'not-onnx') throw new NamedError('model-corrupt', `${path} is not an ONNX model`);
  if (verdict === 'external-data') {
    throw new NamedError('model-corrupt', `${path} takes its weights from other files, which is refused`);
  }
}
