#include <algorithm>

#include "ivis/pixels.h"

namespace ivis {
namespace {

/** One channel of a row: clamped colour times `gain` plus `bias`. */
void channel(const int32_t* __restrict y, const int32_t* __restrict u, const int32_t* __restrict v, float fy, float fu,
             float fv, float offset, float gain, float bias, uint32_t count, float* __restrict target) {
  for (uint32_t x = 0; x < count; x++) {
    float value = fy * static_cast<float>(y[x]) + fu * static_cast<float>(u[x]) + fv * static_cast<float>(v[x]) + offset;
    value = value < 0.0F ? 0.0F : value;
    value = value > 255.0F ? 255.0F : value;
    target[x] = value * gain + bias;
  }
}

/** Puts `pad` where the mask is 0. */
void cover(const uint8_t* __restrict mask, float pad, uint32_t count, float* __restrict line) {
  for (uint32_t x = 0; x < count; x++) line[x] = mask[x] != 0 ? line[x] : pad;
}

}  // namespace

bool TensorPlan::operator==(const TensorPlan& o) const {
  return srcX == o.srcX && srcY == o.srcY && srcW == o.srcW && srcH == o.srcH && dstX == o.dstX && dstY == o.dstY &&
         dstW == o.dstW && dstH == o.dstH && tensorW == o.tensorW && tensorH == o.tensorH && pad == o.pad &&
         bgr == o.bgr && scale == o.scale && mean == o.mean && std == o.std && matrix == o.matrix;
}

void TensorMaker::run(const PixelView& view, const TensorPlan& plan, float* target, const uint8_t* mask) {
  if (!made_ || !(plan == plan_)) {
    plan_ = plan;
    made_ = true;
    const uint32_t right = plan.srcX + plan.srcW - 1;
    const uint32_t bottom = plan.srcY + plan.srcH - 1;
    constexpr double kAreaAbove = 2;
    across_ = Axis::make(plan.srcX, plan.srcW, plan.dstW, plan.srcX, right, kAreaAbove);
    down_ = Axis::make(plan.srcY, plan.srcH, plan.dstH, plan.srcY, bottom, kAreaAbove);
    // Chroma samples lie between each pair of luma samples, on a grid of half the size.
    acrossC_ = Axis::make(plan.srcX / 2.0, plan.srcW / 2.0, plan.dstW, plan.srcX / 2, right / 2, kAreaAbove);
    downC_ = Axis::make(plan.srcY / 2.0, plan.srcH / 2.0, plan.dstH, plan.srcY / 2, bottom / 2, kAreaAbove);
    y_.resize(plan.dstW);
    u_.resize(plan.dstW);
    v_.resize(plan.dstW);
  }
  const YuvFactors k = yuvFactors(plan.matrix);
  constexpr float kUnit = 1.0F / 65536.0F;
  const float factors[3][3] = {{k.y, 0, k.rv}, {k.y, k.gu, k.gv}, {k.y, k.bu, 0}};
  const size_t plane = static_cast<size_t>(plan.tensorW) * plan.tensorH;

  for (uint32_t c = 0; c < 3; c++) {
    float* out = target + c * plane;
    const float pad = (plan.pad * plan.scale - plan.mean[c]) / plan.std[c];
    std::fill(out, out + static_cast<size_t>(plan.dstY) * plan.tensorW, pad);
    std::fill(out + static_cast<size_t>(plan.dstY + plan.dstH) * plan.tensorW, out + plane, pad);
    for (uint32_t row = plan.dstY; row < plan.dstY + plan.dstH; row++) {
      float* line = out + static_cast<size_t>(row) * plan.tensorW;
      std::fill(line, line + plan.dstX, pad);
      std::fill(line + plan.dstX + plan.dstW, line + plan.tensorW, pad);
    }
  }
  for (uint32_t row = 0; row < plan.dstH; row++) {
    rows_.row(view.y, view.strideY, down_, across_, row, y_.data());
    rows_.row(view.u, view.strideC, downC_, acrossC_, row, u_.data());
    rows_.row(view.v, view.strideC, downC_, acrossC_, row, v_.data());
    for (uint32_t c = 0; c < 3; c++) {
      const float* f = factors[plan.bgr ? 2 - c : c];
      float* line = target + c * plane + static_cast<size_t>(plan.dstY + row) * plan.tensorW + plan.dstX;
      channel(y_.data(), u_.data(), v_.data(), f[0] * kUnit, f[1] * kUnit, f[2] * kUnit,
              -16 * f[0] - 128 * (f[1] + f[2]), plan.scale / plan.std[c], -plan.mean[c] / plan.std[c], plan.dstW, line);
      if (mask == nullptr) continue;
      const size_t at = static_cast<size_t>(plan.dstY + row) * plan.tensorW + plan.dstX;
      cover(mask + at, (plan.pad * plan.scale - plan.mean[c]) / plan.std[c], plan.dstW, line);
    }
  }
}

}  // namespace ivis
