// Writes NUT streams for the tests, field by field as the specification has them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ivis/layout.h"
#include "ivis/nut.h"

namespace nut {

using Bytes = std::vector<uint8_t>;

struct Out {
  Bytes bytes;
  Out& u8(uint8_t value) {
    bytes.push_back(value);
    return *this;
  }
  Out& u32(uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) u8(static_cast<uint8_t>(value >> shift));
    return *this;
  }
  Out& v(uint64_t value) {
    int groups = 1;
    while (groups < 10 && value >> (7 * groups) != 0) groups++;
    for (int i = groups - 1; i >= 0; i--) u8(static_cast<uint8_t>((value >> (7 * i) & 127) | (i > 0 ? 128 : 0)));
    return *this;
  }
  Out& s(int64_t value) { return v(value > 0 ? static_cast<uint64_t>(value) * 2 - 1 : static_cast<uint64_t>(-value) * 2); }
  Out& raw(const Bytes& data) {
    bytes.insert(bytes.end(), data.begin(), data.end());
    return *this;
  }
  Out& vb(const Bytes& data) {
    v(data.size());
    return raw(data);
  }
  Out& text(const std::string& data) { return vb(Bytes(data.begin(), data.end())); }
};

constexpr uint64_t kMain = 0x4E4D7A561F5F04ADULL, kStream = 0x4E5311405BF2F9DBULL, kSync = 0x4E4BE4ADEECA4569ULL,
                   kIndex = 0x4E58DD672F23E64EULL, kInfo = 0x4E49AB68B596BA78ULL;

inline Bytes packet(uint64_t startcode, const Bytes& body) {
  Out out;
  out.u32(static_cast<uint32_t>(startcode >> 32)).u32(static_cast<uint32_t>(startcode)).v(body.size() + 4);
  if (body.size() + 4 > 4096) out.u32(ivis::nutCrc(0, out.bytes.data(), out.bytes.size()));
  out.raw(body).u32(ivis::nutCrc(0, body.data(), body.size()));
  return out.bytes;
}

inline Bytes id() {
  const std::string text("nut/multimedia container\0", 25);
  return Bytes(text.begin(), text.end());
}

struct Options {
  uint32_t version = 3;
  uint32_t width = 8;
  uint32_t height = 6;
  uint32_t num = 1;
  uint32_t den = 1000;
  std::string fourcc = "I420";
  Bytes elision;
  int64_t delta = 1;
};

constexpr uint32_t kKey = 1, kEor = 2, kCodedPts = 8, kSizeMsb = 32, kChecksum = 64, kReserved = 128, kSideData = 256,
                   kHeaderIdx = 1024, kCoded = 4096;

/** Frame code 1 carries everything coded; 2 is a frame of 72 bytes `delta` ticks later; 3 has the elision header 1. */
inline Bytes mainHeader(const Options& o) {
  Out out;
  out.v(o.version);
  if (o.version > 3) out.v(0);
  out.v(1).v(65536).v(1).v(o.num).v(o.den);
  const auto entry = [&](uint32_t flags, int64_t pts, uint64_t mul, uint64_t size, uint64_t count, uint64_t idx) {
    out.v(flags).v(8).s(pts).v(mul).v(0).v(size).v(0).v(count).s(0).v(idx);
  };
  entry(8192, 0, 1, 0, 1, 0);
  entry(kCoded, 0, 1, 0, 1, 0);
  entry(kKey, o.delta, 1, 72, 1, 0);
  entry(kKey, 1, 1, 72, 1, o.elision.empty() ? 0 : 1);
  entry(8192, 0, 1, 0, 251, 0);
  out.v(o.elision.empty() ? 0 : 1);
  if (!o.elision.empty()) out.vb(o.elision);
  out.v(0);
  return packet(kMain, out.bytes);
}

inline Bytes streamHeader(const Options& o) {
  Out out;
  out.v(0).v(0).text(o.fourcc).v(0).v(8).v(1000).v(0).v(0).v(0).v(o.width).v(o.height).v(1).v(1).v(0);
  return packet(kStream, out.bytes);
}

inline Bytes headers(const Options& o) { return Out().raw(mainHeader(o)).raw(streamHeader(o)).bytes; }

inline Bytes syncpoint(uint64_t pts) { return packet(kSync, Out().v(pts).v(0).bytes); }
inline Bytes index() { return packet(kIndex, Out().v(0).v(0).u32(0).u32(20).bytes); }

/** A frame whose every field is coded, checksummed. `pts` counts ticks. */
inline Bytes frame(uint64_t pts, const Bytes& payload, uint32_t extraFlags = 0, const Bytes& reserved = {}) {
  Out head;
  head.u8(1).v(kKey | kCodedPts | kSizeMsb | kChecksum | extraFlags | kCoded).v(pts + 256).v(payload.size());
  if ((extraFlags & kReserved) != 0) head.v(reserved.size()).raw(reserved);
  head.u32(ivis::nutCrc(0, head.bytes.data(), head.bytes.size()));
  return head.raw(payload).bytes;
}

inline Bytes picture(const Options& o, uint8_t value) { return Bytes(ivis::i420Bytes(o.width, o.height), value); }

}  // namespace nut
