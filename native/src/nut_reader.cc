// Packets and frames of the NUT format.
#include <algorithm>
#include <cstring>

#include "ivis/layout.h"
#include "ivis/nut.h"

namespace ivis {
namespace {

constexpr char kFileId[] = "nut/multimedia container";  // its closing zero belongs to it
constexpr uint64_t kMain = 0x4E4D7A561F5F04ADULL;
constexpr uint64_t kStream = 0x4E5311405BF2F9DBULL;
constexpr uint64_t kSyncpoint = 0x4E4BE4ADEECA4569ULL;
constexpr uint64_t kIndex = 0x4E58DD672F23E64EULL;

constexpr uint32_t kKey = 1, kEor = 2, kCodedPts = 8, kStreamId = 16, kSizeMsb = 32, kChecksum = 64, kReserved = 128,
                   kSideData = 256, kHeaderIdx = 1024, kMatchTime = 2048, kCoded = 4096, kInvalid = 8192;

constexpr uint64_t kMaxHeaderBytes = 1 << 16;
constexpr uint64_t kMaxFrameBytes = 1ULL << 29;
constexpr int64_t kMaxPts = INT64_C(1) << 56;

int64_t convertTime(uint64_t value, uint32_t fromNum, uint32_t fromDen, uint32_t toNum, uint32_t toDen) {
  // convert_ts of the specification: unsigned 64-bit arithmetic, exact within the legal range.
  const uint64_t ln = static_cast<uint64_t>(fromNum) * value;
  return static_cast<int64_t>((ln / fromDen * toDen + ln % fromDen * toDen / fromDen) / toNum & INT64_MAX);
}

uint32_t bigEndian32(const uint8_t* b) {
  return static_cast<uint32_t>(b[0]) << 24 | static_cast<uint32_t>(b[1]) << 16 | static_cast<uint32_t>(b[2]) << 8 | b[3];
}

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
