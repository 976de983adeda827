// Main header, stream header and syncpoint of the NUT format.
#include <algorithm>
#include <cstring>

#include "ivis/layout.h"
#include "ivis/nut.h"
#include "nut_format.h"

namespace ivis {

using namespace nutformat;

namespace {

int64_t convertTime(uint64_t value, uint32_t fromNum, uint32_t fromDen, uint32_t toNum, uint32_t toDen) {
  // convert_ts of the specification: unsigned 64-bit arithmetic, exact within the legal range.
  const uint64_t ln = static_cast<uint64_t>(fromNum) * value;
  return static_cast<int64_t>((ln / fromDen * toDen + ln % fromDen * toDen / fromDen) / toNum & INT64_MAX);
}

}  // namespace

NutReader::Step NutReader::mainHeader(Fields f) {
  const uint64_t version = f.v();
  if (f.bad || version < 3 || version > 4) return fail("NUT version " + std::to_string(version) + " is not known");
  if (version > 3) f.v();  // minor version: must not matter
  const uint64_t streams = f.v();
  const uint64_t maxDistance = f.v();
  const uint64_t bases = f.v();
  if (f.bad || streams < 1 || streams > 250 || bases < 1 || bases > 1024) return fail("main header out of range");
  std::vector<TimeBase> timeBases;
  for (uint64_t i = 0; i < bases; i++) {
    const uint64_t num = f.v();
    const uint64_t den = f.v();
    if (f.bad || num < 1 || den < 1 || num > INT32_MAX || den > INT32_MAX) return fail("time base out of range");
    timeBases.push_back({static_cast<uint32_t>(num), static_cast<uint32_t>(den)});
  }

  std::array<FrameCode, 256> codes{};
  FrameCode run;
  run.sizeMul = 1;
  for (uint32_t i = 0; i < 256;) {
    const uint64_t flags = f.v();
    const uint64_t fields = f.v();
    if (f.bad || fields > 256) return fail("frame code table out of range");
    int64_t delta = run.ptsDelta;
    uint64_t mul = run.sizeMul, stream = run.stream, size = 0, reserved = 0, headerIdx = run.headerIdx;
    if (fields > 0) delta = f.s();
    if (fields > 1) mul = f.v();
    if (fields > 2) stream = f.v();
    if (fields > 3) size = f.v();
    if (fields > 4) reserved = f.v();
    const uint64_t count = fields > 5 ? f.v() : mul - size;
    if (fields > 6) f.s();  // match time: of use to seeking only
    if (fields > 7) headerIdx = f.v();
    for (uint64_t j = 8; j < fields; j++) f.v();
    // The specification wants |delta| < 16384, but ffmpeg stores one frame's length whatever the time base (48000 for
    // 25 frames/s in 1/1200000 s), so only the width of the field bounds it.
    if (f.bad || delta < -INT32_MAX || delta > INT32_MAX || mul >= 16384 || size >= 16384 || stream >= 250 ||
        reserved >= 256 || headerIdx >= 128 || count < 1 || count > 256 - (i <= 'N' ? 1U : 0U) - i) {
      return fail("frame code table out of range");
    }
    run = {static_cast<uint32_t>(flags & 0xFFFF), static_cast<uint32_t>(stream), static_cast<uint32_t>(mul), 0,
           static_cast<int32_t>(delta), static_cast<uint32_t>(reserved), static_cast<uint32_t>(headerIdx)};
    for (uint64_t j = 0; j < count && i < 256; i++) {
      if (i == 'N') {
        codes[i].flags = kInvalid;
        continue;
      }
      codes[i] = run;
      codes[i].sizeLsb = static_cast<uint32_t>(size + j);
      j++;
    }
    if (i == 'N') codes[i++].flags = kInvalid;
  }

  std::vector<std::vector<uint8_t>> elision(1);
  if (f.at < f.end) {
    const uint64_t count = f.v();
    if (f.bad || count >= 128) return fail("elision headers out of range");
    uint64_t total = 0;
    for (uint64_t i = 0; i < count; i++) {
      uint64_t length = 0;
      const uint8_t* data = f.vb(length);
      total += length;
      if (f.bad || length < 1 || length > 255 || total > 1024) return fail("elision headers out of range");
      elision.emplace_back(data, data + length);
    }
  }
  // main_flags follow: the broadcast mode adds a field at the end of syncpoints, which is passed over anyway.
  mainHeaders_++;
  haveMain_ = true;
  version_ = static_cast<uint32_t>(version);
  maxDistance_ = std::min<uint64_t>(maxDistance, 65536);
  codes_ = codes;
  elision_ = std::move(elision);
  timeBases_ = std::move(timeBases);
  if (streams_.size() != streams) picked_ = UINT32_MAX;
  streams_.resize(static_cast<size_t>(streams));
  for (Stream& stream : streams_) stream.seen = false;
  return Step::Go;
}

NutReader::Step NutReader::streamHeader(Fields f) {
  const uint64_t id = f.v();
  const uint64_t streamClass = f.v();
  uint64_t length = 0;
  const uint8_t* fourcc = f.vb(length);
  const uint64_t timeBase = f.v();
  const uint64_t msbShift = f.v();
  f.v();  // max_pts_distance
  f.v();  // decode_delay
  f.v();  // stream_flags
  uint64_t extra = 0;
  f.vb(extra);
  if (f.bad || id >= streams_.size() || timeBase >= timeBases_.size() || msbShift >= 16) {
    return fail("stream header out of range");
  }
  Stream& stream = streams_[static_cast<size_t>(id)];
  stream.seen = true;
  stream.video = streamClass == 0;
  stream.timeBase = static_cast<uint32_t>(timeBase);
  stream.msbShift = static_cast<uint32_t>(msbShift);
  if (!stream.video) return picked_ == id ? fail("the picture stream became something else") : Step::Go;

  const uint64_t width = f.v();
  const uint64_t height = f.v();
  if (f.bad || width < 1 || width > kMaxSide || height < 1 || height > kMaxSide) {
    return fail("picture size out of range");
  }
  if (picked_ == UINT32_MAX) picked_ = static_cast<uint32_t>(id);
  if (picked_ != id) return Step::Go;
  if (length != 4 || (std::memcmp(fourcc, "I420", 4) != 0 && std::memcmp(fourcc, "IYUV", 4) != 0)) {
    return fail("the pictures are not raw I420");
  }
  const TimeBase base = timeBases_[stream.timeBase];
  const NutHeader now{static_cast<uint32_t>(width), static_cast<uint32_t>(height), base.num, base.den};
  // Headers are repeated within a stream: only a difference is news.
  const bool same = announced_ && now.width == header_.width && now.height == header_.height &&
                    now.timeBaseNum == header_.timeBaseNum && now.timeBaseDen == header_.timeBaseDen;
  header_ = now;
  announced_ = true;
  return same ? Step::Go : Step::Emit;
}

NutReader::Step NutReader::syncpoint(Fields f) {
  const uint64_t coded = f.v();
  if (f.bad) return fail("syncpoint out of range");
  const uint64_t count = timeBases_.size();
  const TimeBase from = timeBases_[static_cast<size_t>(coded % count)];
  for (Stream& stream : streams_) {
    if (!stream.seen) continue;
    const TimeBase to = timeBases_[stream.timeBase];
    stream.lastPts = convertTime(coded / count, from.num, from.den, to.num, to.den);
    if (stream.lastPts > kMaxPts) return fail("a time out of range");
  }
  return Step::Go;
}

}  // namespace ivis
