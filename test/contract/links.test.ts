import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { LinkSpec } from '#shared/contracts/contract.ts';
import { links } from '#shared/contracts/links.ts';

const schemasOf = (link: LinkSpec): [string, z.ZodType][] => [
  ...Object.entries({ ...link.commands, ...link.queries }).flatMap(([name, spec]): [string, z.ZodType][] => [
    [`${name} body`, spec.body],
    [`${name} reply`, spec.reply],
  ]),
  ...Object.entries({ ...link.notices, ...link.events }).map(([name, schema]): [string, z.ZodType] => [
    name,
    schema,
  ]),
];

const pastOrReady = /\.(\w+ed|told|begun|began|lost|made|ready|hello|beat|written|shown|sent)$/;

describe('the links', () => {
  it('have names of their own', () => {
    expect(new Set(links.map((link) => link.name)).size).toBe(links.length);
  });

  it.each(links.map((link) => [link.name, link] as const))(
    '%s names its messages subject.verb',
    (_name, link) => {
      for (const name of Object.keys({
        ...link.commands,
        ...link.queries,
        ...link.notices,
        ...link.events,
      })) {
        expect(name).toMatch(/^[a-z]+\.[a-z]+$/);
      }
      for (const name of Object.keys(link.queries)) expect(name).toMatch(/\.(get|list)$/);
      for (const name of Object.keys({ ...link.notices, ...link.events })) expect(name).toMatch(pastOrReady);
    },
  );

  it.each(links.map((link) => [link.name, link] as const))('%s never throws on rubbish', (_name, link) => {
    for (const [, schema] of schemasOf(link)) {
      fc.assert(
        fc.property(fc.anything(), (value) => {
          schema.safeParse(value);
        }),
        { numRuns: 50 },
      );
    }
  });

  it.each(links.map((link) => [link.name, link] as const))(
    '%s lets no NaN or infinity through',
    (_name, link) => {
      for (const [name, schema] of schemasOf(link)) {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          // Every number anywhere in a body of otherwise right shape is one that zod checks as finite.
          expect(schema.safeParse(bad).success, `${name} with ${bad}`).toBe(false);
        }
      }
    },
  );
});
