// One writer, many readers over one segment. Readers never block the writer: each slot is a seqlock.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ivis/layout.h"
#include "ivis/mapping.h"

namespace ivis {

struct RingOptions {
  std::string name;
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t slots = 0;
  Mode mode = Mode::Newest;
  double readerDeadlineMs = 15000;
  bool checksum = false;
  uint64_t firstSeq = 0;
};

struct FrameInfo {
  uint32_t slot = 0;
  uint64_t generation = 0;
  uint64_t seq = 0;
  bool hasPts = false;
  double ptsMs = 0;
  double wallMs = 0;
  double monoMs = 0;
  uint32_t width = 0;
  uint32_t height = 0;
  bool key = false;
};

/** Where the writer may put the pixels of the next frame. */
struct WriteSlot {
  uint32_t slot = 0;
  uint8_t* pixels = nullptr;
  uint64_t bytes = 0;
};

enum class Acquire { Ok, Full, Closed, Stopped };

class RingWriter {
 public:
  static std::unique_ptr<RingWriter> create(const RingOptions& options, Failure& failure);
  ~RingWriter();

  /** True when the next frame would overwrite nothing that a registered reader still wants. */
  bool hasRoom();
  /**
   * Takes the next slot, in lossless mode after waiting for the slowest registered reader. Called by one thread.
   * `stopped` ends the wait; `dropped` is told the pid of each reader that is given up. `wait` false returns Full.
   */
  Acquire begin(WriteSlot& slot, bool wait, const std::function<bool()>& stopped,
                const std::function<void(uint32_t)>& dropped);
  /** Publishes the slot taken by begin. */
  FrameInfo publish(bool hasPts, double ptsMs, bool key, bool discontinuity);
  /** Gives the slot taken by begin back unpublished; what was in it is lost. */
  void abandon();

  uint32_t activeReaders() const;
  void beat();
  void close();
  bool closed() const { return header_->closed.load(std::memory_order_acquire) != 0; }
  const std::string& name() const { return name_; }
  uint32_t epoch() const { return header_->epoch; }
  uint32_t width() const { return header_->width; }
  uint32_t height() const { return header_->height; }
  uint64_t written() const { return written_.load(std::memory_order_relaxed); }
  double waitedMs() const { return waitedMs_.load(std::memory_order_relaxed); }

 private:
  RingWriter() = default;
  SlotHeader& slotAt(uint64_t index) { return slots_[index]; }
  bool roomFor(uint64_t seq, ReaderEntry** slowest);
  void drop(ReaderEntry& entry, const std::function<void(uint32_t)>& dropped);

  std::unique_ptr<Mapping> mapping_;
  SegmentHeader* header_ = nullptr;
  SlotHeader* slots_ = nullptr;
  std::string name_;
  double readerDeadlineMs_ = 0;
  uint64_t nextSeq_ = 0;
  uint32_t current_ = 0;
  bool inside_ = false;
  std::atomic<uint64_t> written_{0};
  std::atomic<double> waitedMs_{0};
};

enum class ReadResult : uint32_t { Ok = 0, Overwritten = 1, WrongEpoch = 2, Closed = 3, Corrupt = 4 };

struct FrameKey {
  uint64_t slot = 0;
  uint64_t generation = 0;
  uint32_t epoch = 0;
};

/** The planes of one frame while it is being read: valid only if the read ends with Ok. */
struct PixelView {
  const uint8_t* y = nullptr;
  const uint8_t* u = nullptr;
  const uint8_t* v = nullptr;
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t strideY = 0;
  uint32_t strideC = 0;
  uint64_t bytes = 0;
  uint32_t flags = 0;
  uint32_t crc = 0;
};

class RingReader {
 public:
  static std::unique_ptr<RingReader> open(const std::string& name, bool registered, Failure& failure);
  ~RingReader();

  /** Runs `use` over the frame and tells afterwards whether what it saw was whole. `use` must survive any bytes. */
  template <class Use>
  ReadResult read(const FrameKey& key, Use&& use) const {
    PixelView view;
    const ReadResult begun = enter(key, view);
    if (begun != ReadResult::Ok) return begun;
    use(static_cast<const PixelView&>(view));
    return leave(key);
  }
  /** Copies the frame; `target` holds at least `frameBytes()`. With checksums on, the copy is verified. */
  ReadResult copyInto(const FrameKey& key, uint8_t* target, FrameInfo* info = nullptr) const;
  /** Tells what is newest without a descriptor (tests, late joiners). False when nothing was written. */
  bool newest(FrameKey& key, FrameInfo& info) const;

  void release(uint64_t nextSeq);
  bool dropped() const;
  bool registered() const { return entry_ != nullptr; }
  bool writerClosed() const;
  bool writerRuns() const;
  void close();
  uint32_t epoch() const { return epoch_; }
  uint32_t width() const { return width_; }
  uint32_t height() const { return height_; }
  uint64_t frameBytes() const { return i420Bytes(width_, height_); }

 private:
  RingReader() = default;
  ReadResult enter(const FrameKey& key, PixelView& view) const;
  ReadResult leave(const FrameKey& key) const;

  std::unique_ptr<Mapping> mapping_;
  SegmentHeader* header_ = nullptr;
  SlotHeader* slots_ = nullptr;
  const uint8_t* pixels_ = nullptr;
  ReaderEntry* entry_ = nullptr;
  uint32_t epoch_ = 0;
  uint32_t slotCount_ = 0;
  uint32_t width_ = 0;
  uint32_t height_ = 0;
  uint64_t slotBytes_ = 0;
};

/** Removes the name of every segment under `prefix` whose writer no longer runs; tells which. */
std::vector<std::string> sweepRings(const std::string& prefix);
/** CRC-32C (Castagnoli), table driven. */
uint32_t crc32c(const uint8_t* data, size_t bytes, uint32_t seed = 0);

}  // namespace ivis
