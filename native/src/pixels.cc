#include "ivis/pixels.h"

#include <algorithm>
#include <cstring>

#if defined(__SANITIZE_THREAD__)
#define IVIS_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define IVIS_TSAN 1
#endif
#endif

namespace ivis {

#ifdef IVIS_TSAN
// A seqlock reads pixels that may be written meanwhile and throws the result away if they were. ThreadSanitizer does
// not know that bargain, so this one copy is kept from it; everything else of the ring stays watched.
__attribute__((no_sanitize("thread"), noinline)) void copyPixels(uint8_t* target, const uint8_t* source, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) static_cast<volatile uint8_t*>(target)[i] = static_cast<const volatile uint8_t*>(source)[i];
}
#else
void copyPixels(uint8_t* target, const uint8_t* source, size_t bytes) { std::memcpy(target, source, bytes); }
#endif

namespace {

void store(const int32_t* __restrict line, uint32_t count, uint8_t* __restrict target) {
  for (uint32_t x = 0; x < count; x++) target[x] = static_cast<uint8_t>((line[x] + 32768) >> 16);
}

uint8_t clampByte(float value) { return static_cast<uint8_t>(std::min(255.0F, std::max(0.0F, value + 0.5F))); }

}  // namespace

void Scaler::run(const PixelView& view, uint8_t* target, uint32_t width, uint32_t height) {
  const std::array<uint32_t, 4> wanted{view.width, view.height, width, height};
  if (wanted != made_) {
    made_ = wanted;
    // A preview is looked at by people: any shrinking takes the mean over what it covers.
    constexpr double kAreaAbove = 1;
    const uint32_t chromaW = (view.width + 1) / 2;
    const uint32_t chromaH = (view.height + 1) / 2;
    across_ = Axis::make(0, view.width, width, 0, view.width - 1, kAreaAbove);
    down_ = Axis::make(0, view.height, height, 0, view.height - 1, kAreaAbove);
    acrossC_ = Axis::make(0, view.width / 2.0, width / 2, 0, chromaW - 1, kAreaAbove);
    downC_ = Axis::make(0, view.height / 2.0, height / 2, 0, chromaH - 1, kAreaAbove);
    line_.resize(width);
  }
  for (uint32_t row = 0; row < height; row++) {
    rows_.row(view.y, view.strideY, down_, across_, row, line_.data());
    store(line_.data(), width, target);
    target += width;
  }
  for (const uint8_t* plane : {view.u, view.v}) {
    for (uint32_t row = 0; row < height / 2; row++) {
      rows_.row(plane, view.strideC, downC_, acrossC_, row, line_.data());
      store(line_.data(), width / 2, target);
      target += width / 2;
    }
  }
}

void cropRgb(const PixelView& view, uint32_t x, uint32_t y, uint32_t width, uint32_t height, Matrix matrix,
             uint8_t* target) {
  const YuvFactors k = yuvFactors(matrix);
  for (uint32_t row = y; row < y + height; row++) {
    const uint8_t* luma = view.y + static_cast<size_t>(row) * view.strideY;
    const uint8_t* blue = view.u + static_cast<size_t>(row / 2) * view.strideC;
    const uint8_t* red = view.v + static_cast<size_t>(row / 2) * view.strideC;
    for (uint32_t column = x; column < x + width; column++, target += 3) {
      const float base = k.y * (static_cast<float>(luma[column]) - 16.0F);
      const float u = static_cast<float>(blue[column / 2]) - 128.0F;
      const float v = static_cast<float>(red[column / 2]) - 128.0F;
      target[0] = clampByte(base + k.rv * v);
      target[1] = clampByte(base + k.gu * u + k.gv * v);
      target[2] = clampByte(base + k.bu * u);
    }
  }
}

}  // namespace ivis
