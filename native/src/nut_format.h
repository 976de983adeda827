// Numbers of the NUT format, and the bounds we set where it has none.
#pragma once
#include <cstdint>

namespace ivis::nutformat {

constexpr uint64_t kMain = 0x4E4D7A561F5F04ADULL;
constexpr uint64_t kStream = 0x4E5311405BF2F9DBULL;
constexpr uint64_t kSyncpoint = 0x4E4BE4ADEECA4569ULL;
constexpr uint64_t kIndex = 0x4E58DD672F23E64EULL;

constexpr uint32_t kKey = 1, kEor = 2, kCodedPts = 8, kStreamId = 16, kSizeMsb = 32, kChecksum = 64, kReserved = 128,
                   kSideData = 256, kHeaderIdx = 1024, kMatchTime = 2048, kCoded = 4096, kInvalid = 8192;

// A header packet is a few hundred bytes; a frame at most one picture of the largest size a ring takes.
constexpr uint64_t kMaxHeaderBytes = 1 << 16;
constexpr uint64_t kMaxFrameBytes = 1ULL << 29;
constexpr int64_t kMaxPts = INT64_C(1) << 56;

inline uint32_t bigEndian32(const uint8_t* b) {
  return static_cast<uint32_t>(b[0]) << 24 | static_cast<uint32_t>(b[1]) << 16 | static_cast<uint32_t>(b[2]) << 8 | b[3];
}

}  // namespace ivis::nutformat
