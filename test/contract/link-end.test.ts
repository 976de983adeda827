import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineLink } from '#shared/contracts/contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { LinkEnd } from '#shared/link/link-end.ts';
import { manualSchedule, pipe, settle } from './pipe.ts';

const sample = defineLink({
  name: 'sample',
  from: 'main',
  to: 'store',
  purpose: 'for this test',
  commands: {
    'sum.make': { body: z.object({ a: z.number(), b: z.number() }), reply: z.object({ sum: z.number() }) },
  },
  queries: { 'sum.get': { body: z.object({}), reply: z.object({ sum: z.number() }) } },
  notices: { 'note.told': z.object({ text: z.string() }) },
  events: { 'sum.made': z.object({ sum: z.number() }) },
});

function open(answer: (a: number, b: number) => unknown = (a, b) => ({ sum: a + b })) {
  const { a, b, raw } = pipe();
  const clock = manualSchedule();
  const heard: string[] = [];
  const from = new LinkEnd(
    sample,
    'from',
    a,
    { messages: { 'sum.made': ({ sum }) => heard.push(`sum ${sum}`) } },
    {
      ...clock,
      onRejected: (reason, detail) => {
        if (reason === 'late-reply') heard.push(`${reason}: ${detail}`);
      },
    },
  );
  const to = new LinkEnd(
    sample,
    'to',
    b,
    {
      requests: {
        'sum.make': ({ a: x, b: y }) => answer(x, y) as { sum: number },
        'sum.get': () => ({ sum: 0 }),
      },
      messages: { 'note.told': ({ text }) => heard.push(text) },
    },
    clock,
  );
  return { from, to, raw, clock, heard };
}

describe('a link', () => {
  it('answers a request with the parsed reply', async () => {
    const { from } = open();
    await expect(from.request('sum.make', { a: 1, b: 2 })).resolves.toEqual({ sum: 3 });
  });

  it('carries notices one way and events the other', async () => {
    const { from, to, heard } = open();
    from.send('note.told', { text: 'hello' });
    to.send('sum.made', { sum: 4 });
    await settle();
    expect(heard.sort()).toEqual(['hello', 'sum 4']);
  });

  it('answers a body that does not parse with invalid-message and counts it', async () => {
    const { from, to } = open();
    await expect(from.request('sum.make', { a: Number.NaN, b: 1 })).rejects.toMatchObject({
      kind: 'invalid-message',
    });
    expect(to.rejected).toEqual({ 'invalid-body': 1 });
  });

  it('does not let through a reply that does not parse', async () => {
    const { from } = open(() => ({ sum: 'many' }));
    await expect(from.request('sum.make', { a: 1, b: 2 })).rejects.toMatchObject({ kind: 'invalid-message' });
    expect(from.rejected).toEqual({ 'invalid-reply': 1 });
  });

  it('carries the kind of an error thrown by the other side', async () => {
    const { from } = open(() => {
      throw new NamedError('store-full', 'no space');
    });
    await expect(from.request('sum.make', { a: 1, b: 2 })).rejects.toMatchObject({
      kind: 'store-full',
      message: 'no space',
    });
  });

  it('gives up after the time limit and ignores the answer that comes late', async () => {
    let answer: (value: unknown) => void = () => {};
    const { from, clock, heard } = open(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const asked = from.request('sum.make', { a: 1, b: 2 }, { timeoutMs: 500 });
    await settle();
    clock.advance(501);
    await expect(asked).rejects.toMatchObject({ kind: 'timeout' });
    answer({ sum: 3 });
    await settle();
    expect(from.rejected).toEqual({ 'late-reply': 1 });
    expect(heard).toEqual(['late-reply: sum.make (request 0): done']);
  });

  it('fails what is pending when it is closed', async () => {
    const { from } = open(() => new Promise(() => {}));
    const asked = from.request('sum.make', { a: 1, b: 2 });
    from.close();
    await expect(asked).rejects.toMatchObject({ kind: 'closed' });
    await expect(from.request('sum.get', {})).rejects.toMatchObject({ kind: 'closed' });
  });

  it('counts every kind of rubbish, throws nothing, and goes on working', async () => {
    const odd = fc.oneof(
      fc.anything({
        withNullPrototype: true,
        withBigInt: true,
        withDate: true,
        withMap: true,
        withTypedArray: true,
      }),
      fc.double({ noDefaultInfinity: false }),
      fc.record({
        v: fc.oneof(fc.integer(), fc.constant(1)),
        link: fc.oneof(fc.string(), fc.constant('sample')),
        kind: fc.oneof(fc.constantFrom('request', 'reply', 'message'), fc.string()),
        seq: fc.oneof(
          fc.integer(),
          fc.double(),
          fc.constant(Number.NaN),
          fc.constant(Number.POSITIVE_INFINITY),
        ),
        name: fc.oneof(
          fc.constantFrom('sum.make', 'note.told', 'sum.made', '__proto__', 'constructor', 'toString'),
          fc.string(),
        ),
        ok: fc.boolean(),
        body: fc.anything(),
        error: fc.anything(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(odd, { maxLength: 20 }), async (messages) => {
        const { from, raw } = open();
        for (const message of messages) {
          raw.toA(message);
          raw.toB(message);
        }
        await settle();
        await expect(from.request('sum.make', { a: 2, b: 2 })).resolves.toEqual({ sum: 4 });
      }),
      { numRuns: 200 },
    );
  });

  it('rejects a huge array where a small one is allowed, without harm', async () => {
    const { to, raw, from } = open();
    raw.toB({
      v: 1,
      link: 'sample',
      kind: 'message',
      name: 'note.told',
      body: { text: new Array(10_000_000) },
    });
    await settle();
    expect(to.rejected).toEqual({ 'invalid-body': 1 });
    await expect(from.request('sum.get', {})).resolves.toEqual({ sum: 0 });
  });

  it('counts a message of another version as no envelope of ours', async () => {
    const { to, raw } = open();
    raw.toB({ v: 2, link: 'sample', kind: 'message', name: 'note.told', body: { text: 'x' } });
    await settle();
    expect(to.rejected).toEqual({ 'not-an-envelope': 1 });
  });
});
