// The writing and reading side of a perception region. perception_layout.h is its byte map, perception_reader.h reads it.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "ivis/mapping.h"
#include "ivis/perception_reader.h"

namespace ivis {

/** Publishes one run of one source. One per region; used from one thread. */
class PerceptionWriter {
 public:
  /** Makes the region. `sourceId`: at most 63 bytes. */
  static std::unique_ptr<PerceptionWriter> create(const std::string& name, const std::string& sourceId,
                                                  uint64_t runId, Failure& failure);
  ~PerceptionWriter();
  const std::string& name() const { return name_; }
  /**
   * Fills the buffer that is not read and makes it the newest. `frame` has ivis_frame_bytes(section) bytes; its
   * magic, version and checksum are written here. IVIS_READ_BAD_COUNT and nothing published when a count is too large.
   */
  int publish(int section, const uint8_t* frame);
  /** Says that the writer lives; a region without a beat for 2 s is stale. */
  void beat();
  /** No more frames will come. */
  void close();

 private:
  PerceptionWriter() = default;
  std::string name_;
  std::unique_ptr<Mapping> mapping_;
  ivis_region_header* header_ = nullptr;
  ivis_crc_tables crc_ = {};
  std::array<uint64_t, IVIS_PERCEPTION_SECTIONS> sequence_ = {};
  // The largest frame, in words.
  std::array<uint64_t, sizeof(ivis_timelines_frame) / 8> scratch_ = {};
};

/** Reads a region of any process of this user. */
class PerceptionReader {
 public:
  static std::unique_ptr<PerceptionReader> open(const std::string& name, Failure& failure);
  const ivis_perception& region() const { return region_; }
  const ivis_region_header& header() const {
    return *reinterpret_cast<const ivis_region_header*>(mapping_->data());
  }
  /** True while the very process that made the region runs. */
  bool writerRuns() const;

 private:
  PerceptionReader() = default;
  std::unique_ptr<Mapping> mapping_;
  ivis_perception region_ = {};
};

}  // namespace ivis
