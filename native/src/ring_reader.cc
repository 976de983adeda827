#include <algorithm>
#include <cstring>

#include "ivis/host.h"
#include "ivis/pixels.h"
#include "ivis/ring.h"

namespace ivis {
namespace {

Failure checkSegment(const Mapping& mapping, const std::string& name) {
  const auto bad = [&](const char* why) { return Failure{Fault::BadLayout, name + ": " + why, 0}; };
  if (mapping.size() < sizeof(SegmentHeader)) return bad("shorter than a ring header");
  const auto& h = *reinterpret_cast<const SegmentHeader*>(mapping.data());
  if (h.magic.load(std::memory_order_acquire) != kMagic) return bad("not a ring, or not yet finished");
  if (h.byteOrder != kByteOrder) return bad("written with another byte order");
  if (h.layoutVersion != kLayoutVersion) return bad("another layout version");
  if (h.slotCount < kMinSlots || h.slotCount > kMaxSlots) return bad("slot count out of range");
  if (h.width < 1 || h.width > kMaxSide || h.height < 1 || h.height > kMaxSide) return bad("size out of range");
  const uint64_t slotBytes = roundUp(i420Bytes(h.width, h.height), kPageBytes);
  const uint64_t pixels = roundUp(sizeof(SegmentHeader) + h.slotCount * sizeof(SlotHeader), kPageBytes);
  if (h.slotBytes != slotBytes || h.pixelsOffset != pixels || h.slotTableOffset != sizeof(SegmentHeader)) {
    return bad("offsets do not fit the size");
  }
  if (h.segmentBytes != pixels + h.slotCount * slotBytes || mapping.size() < h.segmentBytes) {
    return bad("shorter than its header says");
  }
  return {};
}

/** Takes a free entry, or that of a reader that no longer runs. */
ReaderEntry* claimEntry(SegmentHeader& header) {
  for (ReaderEntry& entry : header.readers) {
    uint32_t state = entry.state.load(std::memory_order_acquire);
    if (state != kReaderFree && (state == kReaderClaiming ||
                                 processRuns(entry.pid.load(std::memory_order_relaxed),
                                             entry.startTime.load(std::memory_order_relaxed)))) {
      continue;
    }
    if (!entry.state.compare_exchange_strong(state, kReaderClaiming)) continue;
    entry.pid.store(ownPid(), std::memory_order_relaxed);
    entry.startTime.store(processStartTime(ownPid()), std::memory_order_relaxed);
    entry.cursor.store(header.head.load(std::memory_order_acquire), std::memory_order_relaxed);
    entry.state.store(kReaderActive, std::memory_order_seq_cst);
    // Frames published while the entry was being made were not protected: begin after them.
    entry.cursor.store(header.head.load(std::memory_order_seq_cst), std::memory_order_release);
    return &entry;
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<RingReader> RingReader::open(const std::string& name, bool registered, Failure& failure) {
  std::unique_ptr<RingReader> reader(new RingReader());
  reader->mapping_ = Mapping::open(name, registered, failure);
  if (!reader->mapping_) return nullptr;
  failure = checkSegment(*reader->mapping_, name);
  if (failure) return nullptr;
  uint8_t* base = reader->mapping_->data();
  reader->header_ = reinterpret_cast<SegmentHeader*>(base);
  const SegmentHeader& h = *reader->header_;
  // Copied once: what is checked above cannot change under the reader afterwards.
  reader->slots_ = reinterpret_cast<SlotHeader*>(base + sizeof(SegmentHeader));
  reader->epoch_ = h.epoch;
  reader->slotCount_ = h.slotCount;
  reader->width_ = h.width;
  reader->height_ = h.height;
  reader->slotBytes_ = roundUp(i420Bytes(h.width, h.height), kPageBytes);
  reader->pixels_ = base + roundUp(sizeof(SegmentHeader) + h.slotCount * sizeof(SlotHeader), kPageBytes);
  if (registered) {
    reader->entry_ = claimEntry(*reader->header_);
    if (reader->entry_ == nullptr) {
      failure = {Fault::ReaderTableFull, name + ": all " + std::to_string(kMaxReaders) + " reader entries are taken", 0};
      return nullptr;
    }
  }
  return reader;
}

RingReader::~RingReader() { close(); }

void RingReader::close() {
  if (entry_ != nullptr) {
    entry_->state.store(kReaderFree, std::memory_order_seq_cst);
    header_->releaseWord.fetch_add(1, std::memory_order_seq_cst);
    wakeWord(header_->releaseWord);
  }
  entry_ = nullptr;
  header_ = nullptr;
  slots_ = nullptr;
  pixels_ = nullptr;
  mapping_.reset();
}

ReadResult RingReader::enter(const FrameKey& key, PixelView& view) const {
  if (header_ == nullptr) return ReadResult::Closed;
  if (key.epoch != epoch_) return ReadResult::WrongEpoch;
  if (key.slot >= slotCount_) return ReadResult::Corrupt;
  const SlotHeader& s = slots_[key.slot];
  const uint64_t sequence = s.sequence.load(std::memory_order_acquire);
  if (sequence != key.generation || (sequence & 1) != 0) return ReadResult::Overwritten;
  constexpr auto relaxed = std::memory_order_relaxed;
  view.width = s.width.load(relaxed);
  view.height = s.height.load(relaxed);
  view.strideY = s.strideY.load(relaxed);
  view.strideC = s.strideC.load(relaxed);
  view.bytes = s.bytes.load(relaxed);
  view.flags = s.flags.load(relaxed);
  view.crc = s.crc.load(relaxed);
  const bool sound = view.width == width_ && view.height == height_ && view.strideY == width_ &&
                     view.strideC == (width_ + 1) / 2 && view.bytes == frameBytes() &&
                     s.pixelFormat.load(relaxed) == kPixelFormatI420;
  if (!sound) return leave(key) == ReadResult::Ok ? ReadResult::Corrupt : ReadResult::Overwritten;
  const uint64_t chroma = static_cast<uint64_t>(view.strideC) * ((height_ + 1) / 2);
  view.y = pixels_ + key.slot * slotBytes_;
  view.u = view.y + static_cast<uint64_t>(view.strideY) * height_;
  view.v = view.u + chroma;
  return ReadResult::Ok;
}

ReadResult RingReader::leave(const FrameKey& key) const {
  // The acquire fence keeps every pixel load before this second look at the sequence word.
  std::atomic_thread_fence(std::memory_order_acquire);
  const uint64_t after = slots_[key.slot].sequence.load(std::memory_order_relaxed);
  return after == key.generation ? ReadResult::Ok : ReadResult::Overwritten;
}

ReadResult RingReader::copyInto(const FrameKey& key, uint8_t* target, FrameInfo* info) const {
  uint32_t flags = 0;
  uint32_t crc = 0;
  const ReadResult result = read(key, [&](const PixelView& view) {
    flags = view.flags;
    crc = view.crc;
    copyPixels(target, view.y, view.bytes);
    if (info == nullptr) return;
    const SlotHeader& s = slots_[key.slot];
    constexpr auto relaxed = std::memory_order_relaxed;
    info->slot = static_cast<uint32_t>(key.slot);
    info->generation = key.generation;
    info->seq = s.seq.load(relaxed);
    info->hasPts = (view.flags & kFlagPtsMissing) == 0;
    info->ptsMs = info->hasPts ? s.ptsMs.load(relaxed) : 0;
    info->wallMs = s.wallMs.load(relaxed);
    info->monoMs = s.monoMs.load(relaxed);
    info->width = view.width;
    info->height = view.height;
    info->key = (view.flags & kFlagKey) != 0;
  });
  if (result != ReadResult::Ok) return result;
  if ((flags & kFlagCrc) != 0 && crc32c(target, frameBytes()) != crc) return ReadResult::Corrupt;
  return ReadResult::Ok;
}

bool RingReader::newest(FrameKey& key, FrameInfo& info) const {
  if (header_ == nullptr) return false;
  const uint64_t head = header_->head.load(std::memory_order_acquire);
  if (head == 0) return false;
  key.slot = (head - 1) % slotCount_;
  key.epoch = epoch_;
  const SlotHeader& s = slots_[key.slot];
  key.generation = s.sequence.load(std::memory_order_acquire);
  info.seq = s.seq.load(std::memory_order_relaxed);
  return key.generation != 0 && (key.generation & 1) == 0;
}

void RingReader::release(uint64_t nextSeq) {
  if (entry_ == nullptr) return;
  if (nextSeq <= entry_->cursor.load(std::memory_order_relaxed)) return;
  entry_->cursor.store(nextSeq, std::memory_order_seq_cst);
  header_->releaseWord.fetch_add(1, std::memory_order_seq_cst);
  if (header_->writerWaiting.load(std::memory_order_seq_cst) != 0) wakeWord(header_->releaseWord);
}

bool RingReader::dropped() const {
  return entry_ != nullptr && entry_->state.load(std::memory_order_acquire) == kReaderDropped;
}
bool RingReader::writerClosed() const {
  return header_ != nullptr && header_->closed.load(std::memory_order_acquire) != 0;
}
bool RingReader::writerRuns() const {
  return header_ != nullptr && processRuns(header_->writerPid, header_->writerStartTime);
}

}  // namespace ivis
