// Work on the pixels of one frame: copy, scale, tensor, luma, crop. No branch depends on a pixel's value, so a frame
// that is overwritten meanwhile gives a wrong picture (which the ring then rejects) but never a wrong access.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ivis/ring.h"

namespace ivis {

void copyPixels(uint8_t* target, const uint8_t* source, size_t bytes);

/**
 * Weights that bring one side of a plane to another length: output i is the sum over k < taps of
 * weights[i * taps + k] * source[start[i] + k * step] / 256. Weights of one output add up to 256.
 */
struct Axis {
  uint32_t taps = 0;
  uint32_t step = 1;
  std::vector<uint32_t> start;
  std::vector<uint16_t> weights;
  /**
   * `origin` and `span` in source samples; samples stay inside [low, high]. Shrinking by more than `areaAbove` takes
   * the mean over the covered samples, else the two neighbours are blended (pixel centres at one half, as
   * letterboxing of detectors is usually done).
   */
  static Axis make(double origin, double span, uint32_t outputs, uint32_t low, uint32_t high, double areaAbove);
};

/** Brings one plane to one output row at a time: vertical pass into 16 bits, horizontal pass into 24 bits. */
class RowScaler {
 public:
  /** `target` gets across.start.size() values of 0..255 * 65536. */
  void row(const uint8_t* plane, uint32_t stride, const Axis& down, const Axis& across, uint32_t outputRow,
           int32_t* target);

 private:
  std::vector<uint16_t> sums_;
};

/** I420 to I420 into `target` (width * height * 3 / 2 bytes, both even). */
class Scaler {
 public:
  void run(const PixelView& view, uint8_t* target, uint32_t width, uint32_t height);

 private:
  std::array<uint32_t, 4> made_{};
  Axis down_, across_, downC_, acrossC_;
  RowScaler rows_;
  std::vector<int32_t> line_;
};

enum class Matrix { Bt601, Bt709 };

struct TensorPlan {
  uint32_t srcX = 0, srcY = 0, srcW = 0, srcH = 0;
  uint32_t dstX = 0, dstY = 0, dstW = 0, dstH = 0;
  uint32_t tensorW = 0, tensorH = 0;
  float pad = 0;
  bool bgr = false;
  float scale = 1;
  std::array<float, 3> mean{};
  std::array<float, 3> std{{1, 1, 1}};
  Matrix matrix = Matrix::Bt709;
  bool operator==(const TensorPlan& o) const;
};

/** Crop, letterbox, YUV to RGB (limited range), clamp to 0..255, (value * scale - mean) / std, planes in order. */
class TensorMaker {
 public:
  /**
   * The plan has been checked: source inside the picture, destination inside the tensor. `mask`, when there is one,
   * has tensorW * tensorH bytes; where it is 0 the tensor gets the pad value instead of the picture.
   */
  void run(const PixelView& view, const TensorPlan& plan, float* target, const uint8_t* mask = nullptr);

 private:
  bool made_ = false;
  TensorPlan plan_;
  Axis down_, across_, downC_, acrossC_;
  RowScaler rows_;
  std::vector<int32_t> y_, u_, v_;
};

struct LumaStats {
  double mean = 0;
  double variance = 0;
  uint32_t fingerprint = 0;  // of every luma sample: equal for equal pictures, else different but for 1 in 2^32
};
LumaStats lumaStats(const PixelView& view);

constexpr uint32_t kThumbWidth = 64;
constexpr uint32_t kThumbHeight = 36;
constexpr uint32_t kThumbBytes = kThumbWidth * kThumbHeight;
/** Mean luma of a 64 x 36 grid. */
void lumaThumb(const PixelView& view, uint8_t* target);

/** Packed RGB of a part of the picture at its own resolution. */
void cropRgb(const PixelView& view, uint32_t x, uint32_t y, uint32_t width, uint32_t height, Matrix matrix,
             uint8_t* target);

/** Factors of the inverse of a limited-range YUV matrix. */
struct YuvFactors {
  float y, rv, gu, gv, bu;
};
inline YuvFactors yuvFactors(Matrix matrix) {
  // ITU-R BT.601 and BT.709: (255 / 219) * (Y - 16) and (255 / 224) * 2 * (1 - K) of the colour differences.
  return matrix == Matrix::Bt601 ? YuvFactors{1.164384F, 1.596027F, -0.391762F, -0.812968F, 2.017232F}
                                 : YuvFactors{1.164384F, 1.792741F, -0.213249F, -0.532909F, 2.112402F};
}

}  // namespace ivis
