/** Mirror of native/include/ivis/layout.h; a test compares every offset. Nothing in the program reads a segment with it. */
export const LAYOUT_VERSION = 2;
export const MAX_READERS = 8;
export const PAGE_BYTES = 16384;
export const MAGIC = 0x32474e5253495649n;

export const SEGMENT_HEADER_BYTES = 768;
export const SLOT_HEADER_BYTES = 128;
export const READER_ENTRY_BYTES = 64;

export const OFFSETS = {
  SegmentHeader: {
    magic: 0,
    layoutVersion: 8,
    byteOrder: 12,
    epoch: 16,
    slotCount: 20,
    slotBytes: 24,
    segmentBytes: 32,
    slotTableOffset: 40,
    pixelsOffset: 48,
    width: 56,
    height: 60,
    writerPid: 64,
    mode: 68,
    writerStartTime: 72,
    checksum: 80,
    head: 128,
    heartbeatUs: 136,
    closed: 144,
    releaseWord: 192,
    writerWaiting: 196,
    readers: 256,
  },
  ReaderEntry: { state: 0, pid: 4, startTime: 8, cursor: 16 },
  SlotHeader: {
    sequence: 0,
    seq: 8,
    ptsMs: 16,
    wallMs: 24,
    monoMs: 32,
    width: 40,
    height: 44,
    strideY: 48,
    strideC: 52,
    pixelFormat: 56,
    flags: 60,
    bytes: 64,
    crc: 72,
  },
} as const;
