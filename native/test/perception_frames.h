// What the tests of perception regions share: writers, readers, and frames of which every word is known.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "check.h"
#include "ivis/host.h"
#include "ivis/perception.h"

using namespace ivis;

constexpr int kKinds = IVIS_PERCEPTION_SECTIONS;

inline std::unique_ptr<PerceptionWriter> make(const std::string& name) {
  Failure failure;
  auto writer = PerceptionWriter::create(name, "camera-1", 7, failure);
  if (!writer) std::fprintf(stderr, "%s\n", failure.message.c_str());
  CHECK(writer != nullptr);
  return writer;
}

inline std::unique_ptr<PerceptionReader> attach(const std::string& name) {
  Failure failure;
  auto reader = PerceptionReader::open(name, failure);
  if (!reader) std::fprintf(stderr, "%s\n", failure.message.c_str());
  CHECK(reader != nullptr);
  return reader;
}

/** A frame of which every word follows from `n`, so that a mixture of two is seen without its checksum. */
inline std::vector<uint8_t> frameOf(int kind, uint64_t n) {
  std::vector<uint8_t> bytes(ivis_frame_bytes(kind));
  for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    // Even words hold n, counts inside timelines (at byte 4 of each) stay small.
    const uint64_t word = kind == IVIS_TIMELINES ? n & 0xFFFFFFFFU : n * 2654435761U + at;
    std::memcpy(bytes.data() + at, &word, 8);
  }
  ivis_frame_head head = {};
  head.frame_id = n;
  head.timestamp_ms = n * 40;
  head.count = static_cast<uint32_t>(n % (kind == IVIS_TIMELINES ? 6 : 51));
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}

/** True when everything in the frame but what the writer fills in belongs to `n`. */
inline bool isWhole(int kind, const std::vector<uint8_t>& frame, uint64_t n) {
  std::vector<uint8_t> expected = frameOf(kind, n);
  std::memcpy(expected.data(), frame.data(), 8);
  std::memcpy(expected.data() + expected.size() - 4, frame.data() + frame.size() - 4, 4);
  return expected == frame;
}

inline uint64_t numberIn(const std::vector<uint8_t>& frame) {
  ivis_frame_head head;
  std::memcpy(&head, frame.data(), sizeof head);
  return head.frame_id;
}
