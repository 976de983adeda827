import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escalate } from '../../../../src-main/supervisor/escalation.ts';

const loop = { triedProvider: 'cuda', provider: null, bundled: false, mayReplaceModel: true };

describe('after a crash loop', () => {
  it.each([
    ['an accelerator is left out first', {}, 'use-cpu'],
    ['also one that was asked for by name', { provider: 'cuda' }, 'use-cpu'],
    ['also when the model comes with ivis', { bundled: true }, 'use-cpu'],
    ['on the processor a model of its own is set aside', { triedProvider: 'cpu' }, 'set-model-aside'],
    ['before any provider was tried too', { triedProvider: null }, 'set-model-aside'],
    ['the model that comes with ivis is kept', { triedProvider: 'cpu', bundled: true }, 'give-up'],
    ['a model that a command asked for is kept', { triedProvider: 'cpu', mayReplaceModel: false }, 'give-up'],
    ['the processor alone is not left out twice', { provider: 'cpu', bundled: true }, 'give-up'],
  ] as const)('%s', (_words, change, expected) => {
    expect(escalate({ ...loop, ...change })).toBe(expected);
  });

  it('what is changed is always something that can be changed', () => {
    const provider = fc.constantFrom(null, 'cpu', 'cuda', 'dml', 'coreml');
    fc.assert(
      fc.property(provider, provider, fc.boolean(), fc.boolean(), (triedProvider, only, bundled, may) => {
        const step = escalate({ triedProvider, provider: only, bundled, mayReplaceModel: may });
        if (step === 'use-cpu') return only !== 'cpu';
        return step === 'give-up' || (!bundled && may);
      }),
    );
  });
});
