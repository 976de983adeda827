// The byte map of one ring segment. LAYOUT.md explains it in words; native/lib/layout.ts mirrors it for tests.
// Every process that maps a segment was built for the same machine, so native byte order and alignment are used and
// a byte-order word is checked when the segment is opened.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ivis {

constexpr uint64_t kMagic = 0x32474E5253495649ULL;  // "IVISRNG2" read as little-endian bytes
constexpr uint32_t kLayoutVersion = 2;
constexpr uint32_t kByteOrder = 0x01020304;
constexpr uint32_t kMaxReaders = 8;
constexpr uint32_t kMinSlots = 2;
constexpr uint32_t kMaxSlots = 256;
constexpr uint32_t kMaxSide = 16384;
// 16 KiB is the largest page of the systems we run on (macOS on ARM), so pixels are page aligned on all of them.
constexpr uint64_t kPageBytes = 16384;
constexpr uint32_t kPixelFormatI420 = 1;

enum FrameFlag : uint32_t { kFlagKey = 1, kFlagDiscontinuity = 2, kFlagPtsMissing = 4, kFlagCrc = 8 };
enum class Mode : uint32_t { Newest = 0, Lossless = 1 };
enum ReaderState : uint32_t { kReaderFree = 0, kReaderClaiming = 1, kReaderActive = 2, kReaderDropped = 3 };

struct alignas(64) ReaderEntry {
  std::atomic<uint32_t> state;
  std::atomic<uint32_t> pid;
  std::atomic<uint64_t> startTime;
  std::atomic<uint64_t> cursor;  // next sequence number wanted: everything below may be overwritten
  uint8_t reserved[40];
};

struct alignas(64) SegmentHeader {
  std::atomic<uint64_t> magic;  // stored last, with release: a reader never sees a half-made segment
  uint32_t layoutVersion;
  uint32_t byteOrder;
  uint32_t epoch;  // random and not 0, one per writer instance
  uint32_t slotCount;
  uint64_t slotBytes;  // distance between the pixels of two neighbouring slots
  uint64_t segmentBytes;
  uint64_t slotTableOffset;
  uint64_t pixelsOffset;
  uint32_t width;
  uint32_t height;
  // Writer identity and options: never change after creation.
  alignas(64) uint32_t writerPid;
  uint32_t mode;
  uint64_t writerStartTime;
  uint32_t checksum;
  uint8_t reserved1[44];
  // Written for every frame.
  alignas(64) std::atomic<uint64_t> head;  // sequence number of the next frame: head - 1 is the newest
  std::atomic<uint64_t> heartbeatUs;       // monotonic clock, microseconds
  std::atomic<uint32_t> closed;
  uint8_t reserved2[44];
  // The word on which a lossless writer sleeps: raised by readers when they release.
  alignas(64) std::atomic<uint32_t> releaseWord;
  std::atomic<uint32_t> writerWaiting;
  uint8_t reserved3[56];
  ReaderEntry readers[kMaxReaders];
};

struct alignas(64) SlotHeader {
  std::atomic<uint64_t> sequence;  // odd while the writer is inside; the even value after it is the generation
  std::atomic<uint64_t> seq;
  std::atomic<double> ptsMs;  // NaN and kFlagPtsMissing when the stream had none; only the flag is ever tested
  std::atomic<double> wallMs;
  std::atomic<double> monoMs;
  std::atomic<uint32_t> width;
  std::atomic<uint32_t> height;
  std::atomic<uint32_t> strideY;
  std::atomic<uint32_t> strideC;
  std::atomic<uint32_t> pixelFormat;
  std::atomic<uint32_t> flags;
  std::atomic<uint64_t> bytes;
  std::atomic<uint32_t> crc;  // CRC-32C of the pixels, valid with kFlagCrc
  uint8_t reserved[52];
};

// The offsets of one field, named for the test that compares them with the TypeScript mirror.
#define IVIS_LAYOUT(X)                     \
  X(SegmentHeader, magic, 0)               \
  X(SegmentHeader, layoutVersion, 8)       \
  X(SegmentHeader, byteOrder, 12)          \
  X(SegmentHeader, epoch, 16)              \
  X(SegmentHeader, slotCount, 20)          \
  X(SegmentHeader, slotBytes, 24)          \
  X(SegmentHeader, segmentBytes, 32)       \
  X(SegmentHeader, slotTableOffset, 40)    \
  X(SegmentHeader, pixelsOffset, 48)       \
  X(SegmentHeader, width, 56)              \
  X(SegmentHeader, height, 60)             \
  X(SegmentHeader, writerPid, 64)          \
  X(SegmentHeader, mode, 68)               \
  X(SegmentHeader, writerStartTime, 72)    \
  X(SegmentHeader, checksum, 80)           \
  X(SegmentHeader, head, 128)              \
  X(SegmentHeader, heartbeatUs, 136)       \
  X(SegmentHeader, closed, 144)            \
  X(SegmentHeader, releaseWord, 192)       \
  X(SegmentHeader, writerWaiting, 196)     \
  X(SegmentHeader, readers, 256)           \
  X(ReaderEntry, state, 0)                 \
  X(ReaderEntry, pid, 4)                   \
  X(ReaderEntry, startTime, 8)             \
  X(ReaderEntry, cursor, 16)               \
  X(SlotHeader, sequence, 0)               \
  X(SlotHeader, seq, 8)                    \
  X(SlotHeader, ptsMs, 16)                 \
  X(SlotHeader, wallMs, 24)                \
  X(SlotHeader, monoMs, 32)                \
  X(SlotHeader, width, 40)                 \
  X(SlotHeader, height, 44)                \
  X(SlotHeader, strideY, 48)               \
  X(SlotHeader, strideC, 52)               \
  X(SlotHeader, pixelFormat, 56)           \
  X(SlotHeader, flags, 60)                 \
  X(SlotHeader, bytes, 64)                 \
  X(SlotHeader, crc, 72)

#define IVIS_PIN(type, field, offset) \
  static_assert(offsetof(type, field) == (offset), #type "." #field " moved: raise kLayoutVersion");
IVIS_LAYOUT(IVIS_PIN)
#undef IVIS_PIN

static_assert(sizeof(ReaderEntry) == 64, "one reader per cache line");
static_assert(sizeof(SegmentHeader) == 256 + 64 * kMaxReaders, "segment header size");
static_assert(sizeof(SlotHeader) == 128, "slot header size");
static_assert(std::atomic<uint64_t>::is_always_lock_free, "64-bit atomics must work across processes");
static_assert(std::atomic<uint32_t>::is_always_lock_free, "32-bit atomics must work across processes");
static_assert(std::atomic<double>::is_always_lock_free, "atomic doubles must work across processes");

constexpr uint64_t roundUp(uint64_t value, uint64_t step) { return (value + step - 1) / step * step; }

/** Bytes of one packed I420 picture; odd sides round the chroma planes up. */
constexpr uint64_t i420Bytes(uint64_t width, uint64_t height) {
  return width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2);
}

}  // namespace ivis
