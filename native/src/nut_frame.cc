// The header of one frame of the NUT format.
#include "ivis/nut.h"
#include "nut_format.h"

namespace ivis {

using namespace nutformat;

NutReader::Step NutReader::frameHeader(uint8_t code) {
  if (!haveMain_) return fail("a frame comes before the main header");
  const FrameCode& table = codes_[code];
  uint64_t flags = table.flags;
  if ((flags & kInvalid) != 0) return fail("an invalid frame code");
  uint64_t number = 0;
  Step step = Step::Go;
  const auto need = [&](uint32_t flag) {
    if ((flags & flag) == 0) return false;
    step = v(number, 18);
    return step == Step::Go;
  };
  if (need(kCoded)) flags ^= number;
  if (step != Step::Go) return step;
  if ((flags & kInvalid) != 0) return fail("an invalid frame code");

  uint64_t id = table.stream;
  if (need(kStreamId)) id = number;
  if (step != Step::Go) return step;
  if (id >= streams_.size() || !streams_[static_cast<size_t>(id)].seen) return fail("a frame of an unknown stream");
  Stream& stream = streams_[static_cast<size_t>(id)];

  int64_t pts = 0;
  if (need(kCodedPts)) {
    const uint64_t one = UINT64_C(1) << stream.msbShift;
    if (number < one) {
      const int64_t mask = static_cast<int64_t>(one) - 1;
      const int64_t delta = stream.lastPts - mask / 2;
      pts = ((static_cast<int64_t>(number) - delta) & mask) + delta;
    } else {
      pts = static_cast<int64_t>(number - one);
    }
  } else {
    pts = stream.lastPts + table.ptsDelta;
  }
  if (step != Step::Go) return step;
  if (pts > kMaxPts || pts < -kMaxPts) return fail("a time out of range");

  uint64_t size = table.sizeLsb;
  if (need(kSizeMsb)) {
    if (number > kMaxFrameBytes) return fail("a frame of unlikely size");
    size += number * table.sizeMul;
  }
  if (step == Step::Go && (flags & kMatchTime) != 0) {
    int64_t ignored = 0;
    step = s(ignored);
  }
  uint64_t headerIdx = table.headerIdx;
  if (step == Step::Go && need(kHeaderIdx)) headerIdx = number;
  uint64_t reserved = table.reserved;
  if (step == Step::Go && need(kReserved)) reserved = number;
  if (step != Step::Go) return step;
  if (reserved > 256 || headerIdx >= elision_.size() || size > kMaxFrameBytes) return fail("a frame header out of range");
  for (uint64_t i = 0; i < reserved; i++) {
    step = v(number, 18);
    if (step != Step::Go) return step;
  }
  if ((flags & kChecksum) != 0) {
    const uint32_t expected = headerCrc_;
    uint8_t sum[4];
    for (uint8_t& part : sum) {
      if (!byte(part)) return Step::Short;
    }
    if (bigEndian32(sum) != expected) return fail("a frame header fails its checksum");
  } else if (size > 2 * maxDistance_) {
    return fail("a large frame without a header checksum");
  }
  stream.lastPts = pts;
  if ((flags & kEor) != 0) {
    if (size != 0) return fail("an end mark with content");
    return Step::Go;
  }

  prefix_ = nullptr;
  if (headerIdx > 0 && size <= 4096) {
    prefix_ = &elision_[static_cast<size_t>(headerIdx)];
    if (prefix_->size() > size) return fail("a frame shorter than its elided header");
    size -= prefix_->size();
  }
  if ((flags & kSideData) != 0) {
    if (version_ < 4) return fail("side data in NUT version 3");
    for (int part = 0; part < 2; part++) {
      step = sideData(size);
      if (step != Step::Go) return step;
    }
  }
  pending_ = size;
  if (id != picked_) return skipPayload() ? Step::Go : Step::Short;
  frames_++;
  frame_.bytes = size + (prefix_ != nullptr ? prefix_->size() : 0);
  const TimeBase base = timeBases_[stream.timeBase];
  frame_.ptsMs = static_cast<double>(pts) * 1000.0 * base.num / base.den;
  frame_.key = (flags & kKey) != 0;
  return Step::Emit;
}

}  // namespace ivis
