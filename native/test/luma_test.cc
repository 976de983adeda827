// What is told of a picture without a model: its brightness and change, its thumb, and crops in colour.
#include <algorithm>
#include <cmath>
#include <vector>

#include "check.h"
#include "picture.h"

using namespace ivis;

namespace {

void lumaTellsBrightnessAndChange() {
  Picture p(128, 72);
  std::fill(p.y(), p.y() + 128 * 72, 16);
  const LumaStats black = lumaStats(p.view());
  CHECK(black.mean == 16 && black.variance == 0);
  for (uint32_t i = 0; i < 128 * 72; i++) p.y()[i] = i % 2 == 0 ? 10 : 30;
  const LumaStats stripes = lumaStats(p.view());
  CHECK(std::abs(stripes.mean - 20) < 1e-9 && std::abs(stripes.variance - 100) < 1e-6);
  CHECK(lumaStats(p.view()).fingerprint == stripes.fingerprint);
  std::vector<uint8_t> thumb(kThumbBytes);
  lumaThumb(p.view(), thumb.data());
  for (const uint8_t cell : thumb) CHECK(cell == 20);
  // Any one sample changed by one changes the fingerprint.
  for (uint32_t i = 0; i < 128 * 72; i += 37) {
    p.y()[i] ^= 1;
    CHECK(lumaStats(p.view()).fingerprint != stripes.fingerprint);
    p.y()[i] ^= 1;
  }
}

void cropsAreInColour() {
  Picture p(20, 12);
  // BT.601 limited range: pure red is Y 81, U 90, V 240 (ITU-R BT.601, rounded).
  std::fill(p.y(), p.y() + 240, 81);
  std::fill(p.u(), p.u() + 60, 90);
  std::fill(p.v(), p.v() + 60, 240);
  std::vector<uint8_t> rgb(3 * 7 * 5);
  cropRgb(p.view(), 13, 7, 7, 5, Matrix::Bt601, rgb.data());
  for (size_t i = 0; i < rgb.size(); i += 3) CHECK(rgb[i] >= 253 && rgb[i + 1] <= 2 && rgb[i + 2] <= 2);
}

}  // namespace

int main() {
  RUN(lumaTellsBrightnessAndChange);
  RUN(cropsAreInColour);
  std::puts("luma_test: all passed");
  return 0;
}
