/** A hand-made ONNX file: output = values + 0 * mean(input), small enough to make any fault with. */
export interface TinyModel {
  /** Axes of the input; a string is a dynamic axis. */
  readonly inputShape: readonly (number | string)[];
  readonly outputShape: readonly number[];
  readonly values: Float32Array;
  readonly inputName?: string;
  readonly outputName?: string;
  /** Makes the weights refer to this file instead of holding them. */
  readonly externalLocation?: string;
}

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
};
const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const bytesField = (field: number, bytes: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(bytes.length),
  ...bytes,
];
const text = (field: number, value: string): number[] => bytesField(field, [...Buffer.from(value)]);
const floats = (values: Float32Array): number[] => [...new Uint8Array(values.slice().buffer)];

const FLOAT = 1;
const INT = 2;
// TensorProto.DataType of whole and of truth values.
const [INT64, BOOL] = [7, 9];

function tensor(name: string, dims: readonly number[], values: Float32Array, location?: string): number[] {
  const head = [...dims.flatMap((dim) => number(1, dim)), ...number(2, FLOAT), ...text(8, name)];
  if (location === undefined) return [...head, ...bytesField(9, floats(values))];
  return [...head, ...bytesField(13, [...text(1, 'location'), ...text(2, location)]), ...number(14, 1)];
}

function valueInfo(name: string, shape: readonly (number | string)[], kind = FLOAT): number[] {
  const dims = shape.flatMap((dim) => bytesField(1, typeof dim === 'number' ? number(1, dim) : text(2, dim)));
  const type = bytesField(1, [...number(1, kind), ...bytesField(2, dims)]);
  return [...text(1, name), ...bytesField(2, type)];
}

function node(op: string, inputs: readonly string[], output: string, attribute: number[] = []): number[] {
  const names = [...inputs.flatMap((input) => text(1, input)), ...text(2, output)];
  return [...names, ...text(4, op), ...(attribute.length > 0 ? bytesField(5, attribute) : [])];
}

/** A hand-made look model: the mean colours of strips of the picture, from top to bottom, as its vector. */
export interface TinyLookModel {
  /** Axes of the input; a string is a dynamic axis. */
  readonly inputShape?: readonly (number | string)[];
  readonly outputShape?: readonly (number | string)[];
  /** Strips that the picture's height is parted into; the vector has three numbers of each. */
  readonly strips?: number;
  /** Size of the picture that it is made for, where the axes are free. */
  readonly side?: { readonly width: number; readonly height: number };
  /** What every number is multiplied by. */
  readonly times?: number;
  /** False: what comes out stays a picture. */
  readonly flat?: boolean;
}

export const LOOK_SIDE = { width: 16, height: 32 } as const;

const INTS = 7;
const ints = (name: string, values: readonly number[]): number[] => [
  ...text(1, name),
  ...values.flatMap((value) => number(8, value)),
  ...number(20, INTS),
];

export function tinyLookOnnx(model: TinyLookModel = {}): Uint8Array {
  const { strips = 2, side = LOOK_SIDE, times = 1, flat = true } = model;
  const { inputShape = ['n', 3, side.height, side.width] } = model;
  const { outputShape = flat ? ['n', 3 * strips] : ['n', 3, strips, 1] } = model;
  const part = [side.height / strips, side.width];
  const pool = [...node('AveragePool', ['pictures'], 'means', ints('kernel_shape', part))];
  const graph = [
    ...bytesField(1, [...pool, ...bytesField(5, ints('strides', part))]),
    ...bytesField(1, node(flat ? 'Flatten' : 'Identity', ['means'], 'vectors')),
    ...bytesField(1, node('Mul', ['vectors', 'times'], 'looks')),
    ...text(2, 'tiny-look'),
    ...bytesField(5, tensor('times', [], new Float32Array([times]))),
    ...bytesField(11, valueInfo('pictures', inputShape)),
    ...bytesField(12, valueInfo('looks', outputShape)),
  ];
  return Uint8Array.from([...number(1, 8), ...bytesField(7, graph), ...bytesField(8, number(2, 13))]);
}

export function tinyOnnx(model: TinyModel): Uint8Array {
  const { inputName = 'images', outputName = 'output0' } = model;
  const keepNoAxes = [...text(1, 'keepdims'), ...number(3, 0), ...number(20, INT)];
  const graph = [
    ...bytesField(1, node('ReduceMean', [inputName], 'mean', keepNoAxes)),
    ...bytesField(1, node('Mul', ['mean', 'nought'], 'nothing')),
    ...bytesField(1, node('Add', ['nothing', 'values'], outputName)),
    ...text(2, 'tiny'),
    ...bytesField(5, tensor('nought', [], new Float32Array([0]))),
    ...bytesField(5, tensor('values', model.outputShape, model.values, model.externalLocation)),
    ...bytesField(11, valueInfo(inputName, model.inputShape)),
    ...bytesField(12, valueInfo(outputName, model.outputShape)),
  ];
  const opset = number(2, 13);
  return Uint8Array.from([...number(1, 8), ...bytesField(7, graph), ...bytesField(8, opset)]);
}

const GRAPH = 5;
/** Brightness from 0 to 1: what tries a model out is brighter. */
const DARK = 0.45;

/**
 * As `tinyOnnx`, but on a picture that is darker on the average than `DARK` it works for ever: a loop of so many steps
 * that nobody sees its end.
 */
export function silentOnnx(model: Pick<TinyModel, 'inputShape' | 'outputShape' | 'values'>): Uint8Array {
  const body = [
    ...bytesField(1, node('Identity', ['go'], 'go on')),
    ...bytesField(1, node('Identity', ['before'], 'after')),
    ...text(2, 'step'),
    ...bytesField(11, valueInfo('step', [], INT64)),
    ...bytesField(11, valueInfo('go', [], BOOL)),
    ...bytesField(11, valueInfo('before', [])),
    ...bytesField(12, valueInfo('go on', [], BOOL)),
    ...bytesField(12, valueInfo('after', [])),
  ];
  const loop = [...text(1, 'body'), ...bytesField(6, body), ...number(20, GRAPH)];
  const toWhole = [...text(1, 'to'), ...number(3, INT64), ...number(20, INT)];
  const keepNoAxes = [...text(1, 'keepdims'), ...number(3, 0), ...number(20, INT)];
  const graph = [
    ...bytesField(1, node('ReduceMean', ['images'], 'mean', keepNoAxes)),
    ...bytesField(1, node('Sub', ['dark', 'mean'], 'darker')),
    ...bytesField(1, node('Relu', ['darker'], 'depth')),
    ...bytesField(1, node('Mul', ['depth', 'many'], 'steps')),
    ...bytesField(1, node('Cast', ['steps'], 'whole steps', toWhole)),
    ...bytesField(1, node('Loop', ['whole steps', '', 'mean'], 'looped', loop)),
    ...bytesField(1, node('Mul', ['looped', 'nought'], 'nothing')),
    ...bytesField(1, node('Add', ['nothing', 'values'], 'output0')),
    ...text(2, 'silent'),
    ...bytesField(5, tensor('nought', [], new Float32Array([0]))),
    ...bytesField(5, tensor('dark', [], new Float32Array([DARK]))),
    ...bytesField(5, tensor('many', [], new Float32Array([1e15]))),
    ...bytesField(5, tensor('values', model.outputShape, model.values)),
    ...bytesField(11, valueInfo('images', model.inputShape)),
    ...bytesField(12, valueInfo('output0', model.outputShape)),
  ];
  return Uint8Array.from([...number(1, 8), ...bytesField(7, graph), ...bytesField(8, number(2, 13))]);
}
