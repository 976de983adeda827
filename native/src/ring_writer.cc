#include <algorithm>
#include <cstring>
#include <limits>

#include "ivis/host.h"
#include "ivis/ring.h"

namespace ivis {
namespace {

Failure checkOptions(const RingOptions& o) {
  const auto bad = [](const char* message) { return Failure{Fault::BadArgument, message, 0}; };
  if (o.name.size() < 2 || o.name.size() > 31 || o.name[0] != '/' || o.name.find('/', 1) != std::string::npos) {
    return bad("a ring name begins with its only slash and has 2 to 31 characters");
  }
  if (o.width < 1 || o.width > kMaxSide || o.height < 1 || o.height > kMaxSide) {
    return bad("width and height must be 1 to 16384");
  }
  if (o.slots < kMinSlots || o.slots > kMaxSlots) return bad("slots must be 2 to 256");
  if (!(o.readerDeadlineMs > 0)) return bad("readerDeadlineMs must be positive");
  return {};
}

}  // namespace

std::unique_ptr<RingWriter> RingWriter::create(const RingOptions& options, Failure& failure) {
  failure = checkOptions(options);
  if (failure) return nullptr;
  const uint64_t slotBytes = roundUp(i420Bytes(options.width, options.height), kPageBytes);
  const uint64_t pixelsOffset = roundUp(sizeof(SegmentHeader) + options.slots * sizeof(SlotHeader), kPageBytes);
  const uint64_t total = pixelsOffset + options.slots * slotBytes;

  std::unique_ptr<RingWriter> ring(new RingWriter());
  ring->mapping_ = Mapping::create(options.name, total, failure);
  if (!ring->mapping_) return nullptr;
  ring->name_ = options.name;
  ring->readerDeadlineMs_ = options.readerDeadlineMs;
  ring->nextSeq_ = options.firstSeq;
  ring->header_ = reinterpret_cast<SegmentHeader*>(ring->mapping_->data());
  ring->slots_ = reinterpret_cast<SlotHeader*>(ring->mapping_->data() + sizeof(SegmentHeader));

  SegmentHeader& h = *ring->header_;
  h.layoutVersion = kLayoutVersion;
  h.byteOrder = kByteOrder;
  h.epoch = randomNonZero();
  h.slotCount = options.slots;
  h.slotBytes = slotBytes;
  h.segmentBytes = total;
  h.slotTableOffset = sizeof(SegmentHeader);
  h.pixelsOffset = pixelsOffset;
  h.width = options.width;
  h.height = options.height;
  h.writerPid = ownPid();
  h.mode = static_cast<uint32_t>(options.mode);
  h.writerStartTime = processStartTime(h.writerPid);
  h.checksum = options.checksum ? 1 : 0;
  h.head.store(options.firstSeq, std::memory_order_relaxed);
  ring->beat();
  h.magic.store(kMagic, std::memory_order_release);
  return ring;
}

RingWriter::~RingWriter() {
  if (header_ != nullptr) close();
}

void RingWriter::beat() {
  header_->heartbeatUs.store(static_cast<uint64_t>(monoMs() * 1e3), std::memory_order_relaxed);
}

void RingWriter::close() {
  header_->closed.store(1, std::memory_order_release);
  header_->releaseWord.fetch_add(1, std::memory_order_acq_rel);
  wakeWord(header_->releaseWord);
}

uint32_t RingWriter::activeReaders() const {
  uint32_t count = 0;
  for (const ReaderEntry& entry : header_->readers) {
    if (entry.state.load(std::memory_order_acquire) == kReaderActive) count++;
  }
  return count;
}

bool RingWriter::roomFor(uint64_t seq, ReaderEntry** slowest) {
  if (header_->mode != static_cast<uint32_t>(Mode::Lossless)) return true;
  // Each cursor is looked at once: a reader that goes on between two looks would hide one that stands still.
  ReaderEntry* last = nullptr;
  uint64_t lowest = 0;
  for (ReaderEntry& entry : header_->readers) {
    if (entry.state.load(std::memory_order_seq_cst) != kReaderActive) continue;
    const uint64_t cursor = entry.cursor.load(std::memory_order_acquire);
    if (last == nullptr || cursor < lowest) {
      last = &entry;
      lowest = cursor;
    }
  }
  if (slowest != nullptr) *slowest = last;
  return last == nullptr || lowest + header_->slotCount > seq;
}

bool RingWriter::hasRoom() { return roomFor(nextSeq_, nullptr); }

void RingWriter::drop(ReaderEntry& entry, const std::function<void(uint32_t)>& dropped) {
  uint32_t expected = kReaderActive;
  const uint32_t pid = entry.pid.load(std::memory_order_relaxed);
  const bool runs = processRuns(pid, entry.startTime.load(std::memory_order_relaxed));
  // The entry of a dead reader is free again; a live one keeps it, marked, until it closes and can see why.
  if (entry.state.compare_exchange_strong(expected, runs ? kReaderDropped : kReaderFree) && dropped) dropped(pid);
}

Acquire RingWriter::begin(WriteSlot& slot, bool wait, const std::function<bool()>& stopped,
                          const std::function<void(uint32_t)>& dropped) {
  const double began = monoMs();
  double since = began;
  double checked = 0;
  const ReaderEntry* watched = nullptr;
  uint64_t watchedCursor = 0;
  bool waited = false;
  for (;;) {
    if (closed()) return Acquire::Closed;
    const uint32_t word = header_->releaseWord.load(std::memory_order_acquire);
    ReaderEntry* slowest = nullptr;
    if (roomFor(nextSeq_, &slowest)) break;
    if (!wait) return Acquire::Full;
    if (stopped && stopped()) return Acquire::Stopped;
    waited = true;
    const double now = monoMs();
    const uint64_t cursor = slowest->cursor.load(std::memory_order_acquire);
    if (slowest != watched || cursor != watchedCursor) {
      watched = slowest;
      watchedCursor = cursor;
      since = now;
    }
    if (now - checked >= 50) {
      checked = now;
      beat();
      if (!processRuns(slowest->pid.load(std::memory_order_relaxed),
                       slowest->startTime.load(std::memory_order_relaxed))) {
        drop(*slowest, dropped);
        continue;
      }
    }
    if (now - since >= readerDeadlineMs_) {
      drop(*slowest, dropped);
      continue;
    }
    // Say that we wait, then look once more: a release between the first look and the sleep changes the word.
    header_->writerWaiting.store(1, std::memory_order_seq_cst);
    if (!roomFor(nextSeq_, nullptr)) waitOnWord(header_->releaseWord, word, 20);
    header_->writerWaiting.store(0, std::memory_order_seq_cst);
  }
  if (waited) waitedMs_.store(waitedMs_.load(std::memory_order_relaxed) + monoMs() - began, std::memory_order_relaxed);

  current_ = static_cast<uint32_t>(nextSeq_ % header_->slotCount);
  SlotHeader& s = slotAt(current_);
  // Odd: the writer is inside. The release fence keeps every pixel store after this store.
  s.sequence.store(s.sequence.load(std::memory_order_relaxed) | 1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  inside_ = true;
  slot.slot = current_;
  slot.pixels = mapping_->data() + header_->pixelsOffset + current_ * header_->slotBytes;
  slot.bytes = i420Bytes(header_->width, header_->height);
  return Acquire::Ok;
}

FrameInfo RingWriter::publish(bool hasPts, double ptsMs, bool key, bool discontinuity) {
  SegmentHeader& h = *header_;
  SlotHeader& s = slotAt(current_);
  const uint8_t* pixels = mapping_->data() + h.pixelsOffset + current_ * h.slotBytes;
  const uint64_t bytes = i420Bytes(h.width, h.height);
  FrameInfo info;
  info.slot = current_;
  info.seq = nextSeq_;
  info.hasPts = hasPts;
  info.ptsMs = ptsMs;
  info.wallMs = wallMs();
  info.monoMs = monoMs();
  info.width = h.width;
  info.height = h.height;
  info.key = key;
  constexpr auto relaxed = std::memory_order_relaxed;
  s.seq.store(nextSeq_, relaxed);
  s.ptsMs.store(hasPts ? ptsMs : std::numeric_limits<double>::quiet_NaN(), relaxed);
  s.wallMs.store(info.wallMs, relaxed);
  s.monoMs.store(info.monoMs, relaxed);
  s.width.store(h.width, relaxed);
  s.height.store(h.height, relaxed);
  s.strideY.store(h.width, relaxed);
  s.strideC.store((h.width + 1) / 2, relaxed);
  s.pixelFormat.store(kPixelFormatI420, relaxed);
  s.flags.store((key ? kFlagKey : 0U) | (discontinuity ? kFlagDiscontinuity : 0U) | (hasPts ? 0U : kFlagPtsMissing) |
                    (h.checksum != 0 ? kFlagCrc : 0U),
                relaxed);
  s.bytes.store(bytes, relaxed);
  s.crc.store(h.checksum != 0 ? crc32c(pixels, bytes) : 0, relaxed);
  const uint64_t generation = s.sequence.load(relaxed) + 1;
  s.sequence.store(generation, std::memory_order_release);
  inside_ = false;
  nextSeq_++;
  h.head.store(nextSeq_, std::memory_order_release);
  h.heartbeatUs.store(static_cast<uint64_t>(info.monoMs * 1e3), relaxed);
  written_.fetch_add(1, relaxed);
  info.generation = generation;
  return info;
}

void RingWriter::abandon() {
  if (!inside_) return;
  // Left odd: what the slot held before is gone and nothing whole has replaced it. The next begin keeps it odd and
  // the next publish makes it even with a value no descriptor has yet.
  inside_ = false;
}

}  // namespace ivis
