#include <cstring>

#include "ivis/pixels.h"

namespace ivis {
namespace {

struct RowSums {
  uint32_t sum = 0;
  uint64_t squares = 0;
};

RowSums sumRow(const uint8_t* row, uint32_t count) {
  uint32_t sum = 0;
  uint32_t squares = 0;  // 16384 * 255^2 fits
  for (uint32_t x = 0; x < count; x++) {
    const uint32_t value = row[x];
    sum += value;
    squares += value * value;
  }
  return {sum, squares};
}

uint64_t load64(const uint8_t* at) {
  uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/** Four lanes of multiply and rotate, so that the multiplications overlap. */
class Mixer {
 public:
  void add(const uint8_t* row, uint32_t count) {
    uint32_t x = 0;
    for (; x + 32 <= count; x += 32) {
      for (uint32_t lane = 0; lane < 4; lane++) mix(lane, load64(row + x + lane * 8));
    }
    for (uint32_t lane = 0; x < count; x++, lane = (lane + 1) & 3) mix(lane, row[x]);
  }
  uint32_t finish() const {
    uint64_t all = 0;
    for (const uint64_t lane : lanes_) {
      all = (all ^ lane ^ lane >> 29) * 0xBF58476D1CE4E5B9ULL;
      all ^= all >> 32;
    }
    return static_cast<uint32_t>(all);
  }

 private:
  void mix(uint32_t lane, uint64_t value) {
    const uint64_t mixed = (lanes_[lane] ^ value) * 0x9E3779B97F4A7C15ULL;
    lanes_[lane] = mixed << 31 | mixed >> 33;
  }
  uint64_t lanes_[4] = {1, 2, 3, 4};
};

}  // namespace

LumaStats lumaStats(const PixelView& view) {
  uint64_t sum = 0;
  uint64_t squares = 0;
  Mixer mixer;
  for (uint32_t y = 0; y < view.height; y++) {
    const uint8_t* row = view.y + static_cast<size_t>(y) * view.strideY;
    const RowSums sums = sumRow(row, view.width);
    sum += sums.sum;
    squares += sums.squares;
    mixer.add(row, view.width);
  }
  const double count = static_cast<double>(view.width) * view.height;
  LumaStats stats;
  stats.mean = static_cast<double>(sum) / count;
  stats.variance = static_cast<double>(squares) / count - stats.mean * stats.mean;
  if (stats.variance < 0) stats.variance = 0;
  stats.fingerprint = mixer.finish();
  return stats;
}

void lumaThumb(const PixelView& view, uint8_t* target) {
  for (uint32_t row = 0; row < kThumbHeight; row++) {
    const uint32_t top = static_cast<uint32_t>(static_cast<uint64_t>(row) * view.height / kThumbHeight);
    const uint32_t below = static_cast<uint32_t>(static_cast<uint64_t>(row + 1) * view.height / kThumbHeight);
    const uint32_t bottom = below > top ? below : top + 1;
    for (uint32_t column = 0; column < kThumbWidth; column++) {
      const uint32_t left = static_cast<uint32_t>(static_cast<uint64_t>(column) * view.width / kThumbWidth);
      const uint32_t after = static_cast<uint32_t>(static_cast<uint64_t>(column + 1) * view.width / kThumbWidth);
      const uint32_t right = after > left ? after : left + 1;
      uint32_t sum = 0;
      for (uint32_t y = top; y < bottom; y++) {
        const uint8_t* line = view.y + static_cast<size_t>(y) * view.strideY;
        for (uint32_t x = left; x < right; x++) sum += line[x];
      }
      const uint32_t count = (bottom - top) * (right - left);
      target[row * kThumbWidth + column] = static_cast<uint8_t>((sum + count / 2) / count);
    }
  }
}

}  // namespace ivis
