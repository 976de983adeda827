import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { LinkSpec } from '#shared/contracts/contract.ts';
import { ENVELOPE_VERSION } from '#shared/contracts/envelope.ts';
import { links } from '#shared/contracts/links.ts';
import { LinkEnd } from '#shared/link/link-end.ts';
import { ANYTHING, arbitraryOf } from './arbitrary-of.ts';
import { manualSchedule, pipe, settle } from './pipe.ts';

type Path = readonly (string | number)[];

/** Every body there is on a link, by its name. */
const bodiesOf = ({ commands, queries, notices, events }: LinkSpec): [string, z.ZodType][] => [
  ...Object.entries({ ...commands, ...queries }).flatMap(([name, { body, reply }]): [string, z.ZodType][] => [
    [`${name} body`, body],
    [`${name} reply`, reply],
  ]),
  ...Object.entries({ ...notices, ...events }),
];
const all = links.flatMap((link) =>
  bodiesOf(link).map(([name, schema]): [string, z.ZodType] => [`${link.name}: ${name}`, schema]),
);

/** Paths to every leaf that is looked at, and to the whole. */
function leavesIn(value: unknown, path: Path = []): Path[] {
  if (value === ANYTHING || value === undefined) return [];
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, each]) => leavesIn(each, [...path, key]))];
}

function replaced(value: unknown, [head, ...rest]: Path, by: unknown): unknown {
  if (head === undefined) return by;
  if (Array.isArray(value)) return value.map((each, n) => (n === head ? replaced(each, rest, by) : each));
  const fields = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(
    fields.map(([key, each]) => [key, key === head ? replaced(each, rest, by) : each]),
  );
}

const never = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);

describe('every schema of every link', () => {
  it('is looked at', () => {
    expect(all.length).toBeGreaterThan(150);
    expect(new Set(links.map(({ name }) => name)).size).toBe(links.length);
  });

  it.each(all)('%s takes what it is for, and no number that is none in any place of it', (_name, schema) => {
    const good = arbitraryOf(schema);
    fc.assert(
      fc.property(good, fc.nat(), never, (value, pick, bad) => {
        expect(schema.safeParse(value).error).toBeUndefined();
        const leaves = leavesIn(value);
        const path = leaves[pick % Math.max(1, leaves.length)];
        if (path === undefined) return;
        const planted = replaced(value, path, bad);
        expect(schema.safeParse(planted).success, JSON.stringify(path)).toBe(false);
      }),
      { numRuns: 15 },
    );
  });

  it.each(all)('%s never throws, whatever stands in its place', (_name, schema) => {
    fc.assert(
      fc.property(arbitraryOf(schema), fc.nat(), fc.anything(), (value, pick, rubbish) => {
        const leaves = leavesIn(value);
        const path = leaves[pick % Math.max(1, leaves.length)];
        schema.safeParse(path === undefined ? rubbish : replaced(value, path, rubbish));
      }),
      { numRuns: 10 },
    );
  });
});

/** What the end `side` of a link hears, with a handler that must not be called for what is bad. */
function heardBy(link: LinkSpec, side: 'from' | 'to') {
  const requests = side === 'to' ? { ...link.commands, ...link.queries } : {};
  const messages = side === 'to' ? link.notices : link.events;
  return { requests, messages };
}

const sides = links.flatMap((link) =>
  (['to', 'from'] as const).map((side) => [`${link.name}, ${side}`, link, side] as const),
);

describe('an end of every link', () => {
  it.each(sides)(
    '%s counts exactly the bad messages it was sent, and acts on none',
    async (_name, link, side) => {
      const { b, raw } = pipe();
      const { requests, messages } = heardBy(link, side);
      const acted: string[] = [];
      const handler = (name: string) => [name, () => void acted.push(name)] as const;
      const handlers = {
        requests: Object.fromEntries(Object.keys(requests).map(handler)),
        messages: Object.fromEntries(Object.keys(messages).map(handler)),
      };
      let told = 0;
      const { schedule } = manualSchedule();
      const end = new LinkEnd(link, side, b, handlers as never, { schedule, onRejected: () => (told += 1) });
      const names = [
        ...Object.keys(requests).map((name) => ({ kind: 'request', name })),
        ...Object.keys(messages).map((name) => ({ kind: 'message', name })),
      ];
      const envelopes = names.flatMap(({ kind, name }, n) =>
        [Number.NaN, 'rubbish', [[]]].map((body, m) => {
          const seq = kind === 'request' ? { seq: n * 3 + m } : {};
          return { v: ENVELOPE_VERSION, link: link.name, kind, name, body, ...seq };
        }),
      );
      for (const envelope of envelopes) raw.toB(envelope);
      raw.toB({ v: ENVELOPE_VERSION, link: link.name, kind: 'message', name: 'nobody.knows', body: {} });
      raw.toB('no envelope');
      await settle();
      expect(acted).toEqual([]);
      expect(told).toBe(envelopes.length + 2);
      expect(end.rejected).toEqual({
        ...(envelopes.length > 0 ? { 'invalid-body': envelopes.length } : {}),
        'unknown-name': 1,
        'not-an-envelope': 1,
      });
    },
  );
});
