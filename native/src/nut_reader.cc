// The outer loop of the NUT reader: packets by start code, frames by frame code.
#include <cstring>

#include "ivis/nut.h"
#include "nut_format.h"

namespace ivis {

using namespace nutformat;

namespace {
constexpr char kFileId[] = "nut/multimedia container";  // its closing zero belongs to it
}  // namespace

NutEvent NutReader::next() {
  if (!started_) {
    char id[sizeof kFileId];
    if (!take(reinterpret_cast<uint8_t*>(id), sizeof id)) return NutEvent::Truncated;
    if (std::memcmp(id, kFileId, sizeof id) != 0) {
      fail("not a NUT stream");
      return NutEvent::Corrupt;
    }
    started_ = true;
  }
  if (pending_ > 0 && !skipPayload()) return NutEvent::Truncated;
  for (;;) {
    partialBytes_ = 0;
    if (begin_ == end_ && !fill()) {
      // ffmpeg closes a stream with its index, or with a third copy of the headers when there was no frame.
      const bool finished = indexSeen_ || (frames_ == 0 && mainHeaders_ >= 3);
      if (!finished) fail("the stream stopped between two frames without its end mark");
      return finished ? NutEvent::End : NutEvent::Truncated;
    }
    headerCrc_ = 0;
    const uint64_t before = totalBytes_ - (end_ - begin_);
    uint8_t code = 0;
    byte(code);
    const Step step = code == 'N' ? packet() : frameHeader(code);
    if (step == Step::Short) {
      partialBytes_ = totalBytes_ - (end_ - begin_) - before;
      fail("the stream stopped inside a header");
      return NutEvent::Truncated;
    }
    if (step == Step::Bad) return NutEvent::Corrupt;
    if (step == Step::Emit) return code == 'N' ? NutEvent::Header : NutEvent::Frame;
  }
}

NutReader::Step NutReader::packet() {
  uint8_t raw[8] = {'N'};
  for (int i = 1; i < 8; i++) {
    if (!byte(raw[i])) return Step::Short;
  }
  const uint64_t startcode = static_cast<uint64_t>(bigEndian32(raw)) << 32 | bigEndian32(raw + 4);
  uint64_t forward = 0;
  Step step = v(forward, 10);
  if (step != Step::Go) return step;
  if (forward > 4096) {
    const uint32_t expected = headerCrc_;
    uint8_t sum[4];
    for (uint8_t& part : sum) {
      if (!byte(part)) return Step::Short;
    }
    if (bigEndian32(sum) != expected) return fail("a packet header fails its checksum");
  }
  if (forward < 4) return fail("a packet too short for its checksum");

  const bool wanted = startcode == kMain || startcode == kStream || startcode == kSyncpoint;
  if (!wanted) {
    // Info, index and packets of later versions are passed over; they may be long, so they are never held.
    uint32_t crc = 0;
    step = skip(forward - 4, &crc);
    if (step != Step::Go) return step;
    uint8_t sum[4];
    for (uint8_t& part : sum) {
      if (!byte(part)) return Step::Short;
    }
    if (bigEndian32(sum) != crc) return fail("a packet fails its checksum");
    if (startcode == kIndex) indexSeen_ = true;
    return Step::Go;
  }
  if (forward > kMaxHeaderBytes) return fail("a header packet of unlikely length");
  std::vector<uint8_t> bytes(static_cast<size_t>(forward));
  if (!take(bytes.data(), bytes.size())) return Step::Short;
  return body(startcode, bytes);
}

NutReader::Step NutReader::body(uint64_t startcode, std::vector<uint8_t>& bytes) {
  const size_t length = bytes.size() - 4;
  if (nutCrc(0, bytes.data(), length) != bigEndian32(bytes.data() + length)) return fail("a header fails its checksum");
  const Fields fields{bytes.data(), bytes.data() + length};
  if (startcode == kMain) return mainHeader(fields);
  if (!haveMain_) return fail("a packet comes before the main header");
  return startcode == kStream ? streamHeader(fields) : syncpoint(fields);
}

bool NutReader::readPayload(uint8_t* target) {
  if (prefix_ != nullptr) {
    std::memcpy(target, prefix_->data(), prefix_->size());
    target += prefix_->size();
    prefix_ = nullptr;
  }
  const uint64_t bytes = pending_;
  pending_ = 0;
  if (take(target, static_cast<size_t>(bytes))) return true;
  fail("the stream stopped inside a frame");
  return false;
}

bool NutReader::skipPayload() {
  const uint64_t bytes = pending_;
  pending_ = 0;
  prefix_ = nullptr;
  if (skip(bytes, nullptr) == Step::Go) return true;
  fail("the stream stopped inside a frame");
  return false;
}

}  // namespace ivis
