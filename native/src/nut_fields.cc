// Reading single values of the NUT format, from memory (Fields) and from the byte source.
#include <algorithm>
#include <cstring>

#include "ivis/nut.h"

namespace ivis {
namespace {

std::array<uint32_t, 256> makeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t value = i << 24;
    for (int bit = 0; bit < 8; bit++) value = value << 1 ^ ((value & 0x80000000U) != 0 ? 0x04C11DB7U : 0U);
    table[i] = value;
  }
  return table;
}

int64_t unfold(uint64_t value) {
  const uint64_t up = value + 1;
  const auto half = static_cast<int64_t>(up >> 1);
  return (up & 1) != 0 ? -half : half;
}

}  // namespace

uint32_t nutCrc(uint32_t crc, const uint8_t* data, size_t bytes) {
  static const std::array<uint32_t, 256> table = makeTable();
  for (size_t i = 0; i < bytes; i++) crc = crc << 8 ^ table[(crc >> 24) ^ data[i]];
  return crc;
}

uint64_t NutReader::Fields::v() {
  uint64_t value = 0;
  for (;;) {
    if (at == end || value >> 56 != 0) {
      bad = true;
      return 0;
    }
    const uint8_t byte = *at++;
    value = value << 7 | (byte & 127U);
    if (byte < 128) return value;
  }
}

int64_t NutReader::Fields::s() { return unfold(v()); }

const uint8_t* NutReader::Fields::vb(uint64_t& length) {
  length = v();
  if (bad || length > static_cast<uint64_t>(end - at)) {
    bad = true;
    length = 0;
    return at;
  }
  const uint8_t* data = at;
  at += length;
  return data;
}

bool NutReader::fill() {
  size_t got = 0;
  if (!source_.read(buffer_.data(), buffer_.size(), got)) return false;
  begin_ = 0;
  end_ = got;
  totalBytes_ += got;
  return true;
}

bool NutReader::byte(uint8_t& value) {
  if (begin_ == end_ && !fill()) return false;
  value = buffer_[begin_++];
  headerCrc_ = nutCrc(headerCrc_, &value, 1);
  return true;
}

bool NutReader::take(uint8_t* target, size_t bytes) {
  const size_t held = std::min(bytes, end_ - begin_);
  std::memcpy(target, buffer_.data() + begin_, held);
  begin_ += held;
  size_t done = held;
  partialBytes_ = done;
  // Past the small buffer the bytes go straight from the pipe to where they are wanted.
  while (done < bytes) {
    size_t got = 0;
    if (!source_.read(target + done, bytes - done, got)) return false;
    done += got;
    totalBytes_ += got;
    partialBytes_ = done;
  }
  return true;
}

NutReader::Step NutReader::skip(uint64_t bytes, uint32_t* crc) {
  while (bytes > 0) {
    if (begin_ == end_ && !fill()) return Step::Short;
    const auto part = static_cast<size_t>(std::min<uint64_t>(bytes, end_ - begin_));
    if (crc != nullptr) *crc = nutCrc(*crc, buffer_.data() + begin_, part);
    begin_ += part;
    bytes -= part;
  }
  return Step::Go;
}

NutReader::Step NutReader::fail(const std::string& why) {
  if (error_.empty()) error_ = why;
  return Step::Bad;
}

NutReader::Step NutReader::v(uint64_t& value, int maxBytes) {
  value = 0;
  for (int i = 0; i < maxBytes; i++) {
    uint8_t part = 0;
    if (!byte(part)) return Step::Short;
    if (value >> 56 != 0) return fail("a number of more than 63 bits");
    value = value << 7 | (part & 127U);
    if (part < 128) return Step::Go;
  }
  return fail("a number of too many bytes");
}

NutReader::Step NutReader::s(int64_t& value) {
  uint64_t folded = 0;
  const Step step = v(folded, 18);
  value = unfold(folded);
  return step;
}

}  // namespace ivis
