import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeCore, type Variant } from './native-program.ts';

/** Arguments keep the sanitized runs short; the shipped build reads more than 10^5 frames against a flat-out writer. */
const PROGRAMS: Record<Variant, [name: string, ...args: string[]][]> = {
  shipped: [
    ['ring_test'],
    ['torn_test', '200000'],
    ['nut_test', '20000'],
    ['pixels_test'],
    ['luma_test'],
    ['stream_test'],
    ['process_test'],
    ['perception_test'],
    ['perception_torn_test', '200000'],
  ],
  'address+undefined': [
    ['ring_test'],
    ['torn_test', '20000'],
    ['nut_test', '20000'],
    ['pixels_test'],
    ['luma_test'],
    ['stream_test'],
    ['process_test'],
    ['perception_test'],
    ['perception_torn_test', '20000'],
  ],
  thread: [['ring_test'], ['torn_test', '5000'], ['stream_test'], ['perception_torn_test', '5000']],
};

describe
  .skipIf(process.platform === 'win32')
  .each(Object.entries(PROGRAMS).map(([variant, programs]) => ({ variant: variant as Variant, programs })))(
  'the native ring built as $variant',
  ({ variant, programs }) => {
    let core: NativeCore;
    beforeAll(() => {
      core = new NativeCore(variant);
    });
    afterAll(() => core.remove());

    it.each(programs)('passes %s', (name, ...args) => {
      const output = core.run(name, ...args);
      expect(output).toContain(`${name}: all passed`);
    });
  },
);
