// Side data of NUT version 4: it lies inside the frame's size and is passed over, field by field.
#include "ivis/nut.h"

namespace ivis {

NutReader::Step NutReader::sideField(uint64_t& left, uint64_t& value) {
  value = 0;
  for (int i = 0; i < 18; i++) {
    if (left == 0) return fail("side data longer than its frame");
    uint8_t part = 0;
    if (!byte(part)) return Step::Short;
    left--;
    if (value >> 56 != 0) return fail("a number of more than 63 bits");
    value = value << 7 | (part & 127U);
    if (part < 128) return Step::Go;
  }
  return fail("a number of too many bytes");
}

NutReader::Step NutReader::sideBytes(uint64_t& left) {
  uint64_t length = 0;
  const Step step = sideField(left, length);
  if (step != Step::Go) return step;
  if (length > left) return fail("side data longer than its frame");
  left -= length;
  return skip(length, nullptr);
}

NutReader::Step NutReader::sideData(uint64_t& left) {
  uint64_t count = 0;
  Step step = sideField(left, count);
  if (step != Step::Go) return step;
  // Each entry takes at least two bytes, so a count beyond the frame's size ends at the first missing byte.
  for (uint64_t i = 0; i < count; i++) {
    step = sideBytes(left);  // name
    if (step != Step::Go) return step;
    uint64_t folded = 0;
    step = sideField(left, folded);
    if (step != Step::Go) return step;
    // Signed value v is coded as 2v - 1 above zero and -2v below: -1 is 2, -2 is 4, -3 is 6, -4 is 8, rationals more.
    const bool negative = folded != 0 && folded % 2 == 0;
    if (!negative) continue;
    if (folded == 4) step = sideBytes(left);  // type name of a typed value
    if (step != Step::Go) return step;
    if (folded == 2 || folded == 4) {
      step = sideBytes(left);
    } else {
      uint64_t ignored = 0;
      step = sideField(left, ignored);
    }
    if (step != Step::Go) return step;
  }
  return Step::Go;
}

}  // namespace ivis
