import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ModelSpec } from '#shared/domain/model.ts';
import { inspectOnnxFile } from './external-data.ts';

/**
 * Reads a model file whole and proves that it is the one the manifest names, so that what runs is what was checked.
 * Throws NamedError `model-missing` (not there or not readable) or `model-corrupt` (other size or sha256, no ONNX
 * file, or one that refers to further files).
 */
export async function readModelFile(path: string, spec: ModelSpec): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      // Before reading: a wrong file may be of any size.
      if (size !== spec.bytes) {
        throw new NamedError('model-corrupt', `${path}: ${size} bytes, ${spec.id} has ${spec.bytes}`);
      }
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof NamedError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new NamedError('model-missing', `${spec.id}: ${reason}`);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== spec.sha256) {
    throw new NamedError('model-corrupt', `${path}: sha256 ${sha256}, ${spec.id} has ${spec.sha256}`);
  }
  const verdict = inspectOnnxFile(bytes);
  if (verdict === 'not-onnx') throw new NamedError('model-corrupt', `${path} is not an ONNX model`);
  if (verdict === 'external-data') {
    throw new NamedError('model-corrupt', `${path} takes its weights from other files, which is refused`);
  }
  return bytes;
}
