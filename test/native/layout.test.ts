import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as layout from '../../native/lib/layout.ts';
import { NativeCore } from './native-program.ts';

describe.skipIf(process.platform === 'win32')('the layout of the ring', () => {
  let core: NativeCore;
  beforeAll(() => {
    core = new NativeCore('shipped');
  });
  afterAll(() => core.remove());

  it('is the same in TypeScript as in C++, field by field', () => {
    const mirror = new Map<string, string>();
    for (const [type, fields] of Object.entries(layout.OFFSETS)) {
      for (const [field, offset] of Object.entries(fields)) mirror.set(`${type}.${field}`, String(offset));
    }
    mirror.set('sizeof.SegmentHeader', String(layout.SEGMENT_HEADER_BYTES));
    mirror.set('sizeof.SlotHeader', String(layout.SLOT_HEADER_BYTES));
    mirror.set('sizeof.ReaderEntry', String(layout.READER_ENTRY_BYTES));
    mirror.set('constant.LAYOUT_VERSION', String(layout.LAYOUT_VERSION));
    mirror.set('constant.MAX_READERS', String(layout.MAX_READERS));
    mirror.set('constant.PAGE_BYTES', String(layout.PAGE_BYTES));
    mirror.set('constant.MAGIC', String(layout.MAGIC));
    const native = new Map<string, string>();
    for (const line of core.runAlone('layout_test').trim().split('\n')) {
      const [name = '', value = ''] = line.split(' ');
      native.set(name, value);
    }
    expect(Object.fromEntries(mirror)).toEqual(Object.fromEntries(native));
  });
});
