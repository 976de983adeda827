import type { ModelSpec } from '#shared/domain/model.ts';
import type { Decoder } from './decoder.ts';
import { yolo11Decoder } from './yolo11-decoder.ts';
import { yoloxDecoder } from './yolox-decoder.ts';

const decoders: Readonly<Record<ModelSpec['output']['decoder'], Decoder>> = {
  yolo11: yolo11Decoder,
  yolox: yoloxDecoder,
};

/** The decoder a model names. */
export function decoderOf(spec: ModelSpec): Decoder {
  return decoders[spec.output.decoder];
}
