import fc from 'fast-check';
import type { z } from 'zod';

/** Stands where a schema takes anything: no place to plant something bad in. */
export const ANYTHING = 'anything at all';

interface Def {
  readonly type: string;
  readonly checks?: readonly unknown[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly catchall?: z.ZodType;
  readonly element?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly options?: readonly z.ZodType[];
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly values?: readonly unknown[];
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly getter?: () => z.ZodType;
}
const FEW = 5;

/** Texts that schemas check in words of their own: addresses, paths, names, sums, times. */
const KNOWN = [
  'rtsp://cam.local/1',
  'http://cam.local/1',
  'https://cam.local/1',
  '/films/a.mp4',
  '',
  'a',
  'a-1',
  'ivis.A_1',
  '/ivis-0-1-1',
  'ab'.repeat(32),
  'model-1.onnx',
  `AB${':01'.repeat(31)}`,
  'AAAA',
  'sha512-AAAA',
  '2026-01-01T00:00:00.000Z',
];

/** Every kind of number that a schema may ask for; which of them it takes is asked of the schema. */
const numbers = fc.oneof(
  fc.integer({ min: 1, max: 200 }),
  fc.constantFrom(0, 1, 2, 3, 5, 0.25, 0.5, 0.75, -1, 1e6, 1.8e12),
);

/** Of the lengths that the schema takes. */
function lists(schema: z.ZodType, element: z.ZodType | undefined): fc.Arbitrary<unknown> {
  const of = element === undefined ? fc.constant(ANYTHING) : arbitraryOf(element);
  const [one] = fc.sample(of, 1);
  const lengths = Array.from({ length: 60 }, (_, n) => n).filter(
    (n) => schema.safeParse(new Array(n).fill(one)).success,
  );
  if (lengths.length === 0) return fc.array(of, { maxLength: FEW });
  return fc.constantFrom(...lengths.slice(0, FEW)).chain((n) => fc.array(of, { minLength: n, maxLength: n }));
}

function base(schema: z.ZodType): fc.Arbitrary<unknown> {
  const def = schema.def as unknown as Def;
  const inner = (): fc.Arbitrary<unknown> => {
    if (def.innerType === undefined) throw new Error(`${def.type} without an inner type`);
    return arbitraryOf(def.innerType);
  };
  switch (def.type) {
    case 'string':
      return fc.oneof(fc.constantFrom(...KNOWN), fc.string({ maxLength: 20 }));
    case 'number':
    case 'int':
      return numbers;
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'undefined':
    case 'void':
      return fc.constant(undefined);
    case 'unknown':
    case 'any':
      return fc.constant(ANYTHING);
    case 'literal':
      return fc.constantFrom(...(def.values ?? []));
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries ?? {}));
    case 'array':
      return lists(schema, def.element);
    case 'tuple':
      return fc.tuple(...(def.items ?? []).map(arbitraryOf));
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(def.shape ?? {}).map(([key, of]) => [key, arbitraryOf(of)])),
      );
    case 'record': {
      const { keyType, valueType } = def;
      if (keyType === undefined || valueType === undefined) throw new Error('a record of nothing');
      const keys = arbitraryOf(keyType) as fc.Arbitrary<string>;
      const named = (keyType.def as unknown as Def).entries;
      // Keys of an enum are all there, unless the record is a partial one.
      if (named !== undefined)
        return fc.record(
          Object.fromEntries(Object.values(named).map((key) => [`${key}`, arbitraryOf(valueType)])),
        );
      return fc.dictionary(keys, arbitraryOf(valueType), { maxKeys: FEW });
    }
    case 'union':
      return fc.oneof(...(def.options ?? []).map(arbitraryOf));
    case 'nullable':
      return fc.oneof(inner(), fc.constant(null));
    case 'optional':
      return fc.oneof(inner(), fc.constant(undefined));
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
      return inner();
    case 'pipe':
      if (def.in === undefined) throw new Error('a pipe without a beginning');
      return arbitraryOf(def.in);
    case 'custom':
      return fc.constant(new Uint8Array([1, 2, 3]));
    case 'lazy':
      if (def.getter === undefined) throw new Error('lazy without a getter');
      return arbitraryOf(def.getter());
    default:
      throw new Error(`no values are made for ${def.type}: add it here`);
  }
}

const TRIES = 300;
/** For what only one in very many is: four points around a quadrilateral, say. */
const MOST_TRIES = 20_000;
/** Below so many good ones of all tries it takes too long to find more. */
const OFTEN = 30;

/**
 * Values that a schema takes, made from the schema itself. What it checks besides is asked of the schema; throws when no
 * good value is found.
 */
export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const def = schema.def as unknown as Def;
  const made = base(schema);
  if ((def.checks ?? []).length === 0) return made;
  const takes = (value: unknown): boolean => schema.safeParse(value).success;
  const found = fc.sample(made, { numRuns: TRIES, seed: 7 }).filter(takes);
  if (found.length >= OFTEN) return made.filter(takes);
  for (let n = 0; found.length === 0 && n < MOST_TRIES / TRIES; n++)
    found.push(...fc.sample(made, { numRuns: TRIES, seed: n }).filter(takes));
  if (found.length === 0) throw new Error(`no good ${def.type} was found: add one to the known texts`);
  return fc.constantFrom(...found);
}
