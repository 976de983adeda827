// Scaling and tensors against plain double-precision formulas, and rectangles of every kind (for the sanitizers).
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "check.h"
#include "picture.h"

using namespace ivis;

namespace {

/** One sample of a plane: bilinear with centres at one half, or the mean over what output (i, j) covers. */
double sample(const uint8_t* plane, uint32_t stride, double x0, double x1, double y0, double y1, uint32_t lowX,
              uint32_t highX, uint32_t lowY, uint32_t highY, double areaAbove) {
  const auto weights = [&](double from, double to, uint32_t low, uint32_t high) {
    std::vector<std::pair<uint32_t, double>> list;
    if (to - from > areaAbove) {
      for (uint32_t at = low; at <= high; at++) {
        const double share = std::min(to, at + 1.0) - std::max(from, static_cast<double>(at));
        if (share > 0) list.emplace_back(at, share);
      }
    } else {
      const double centre = std::clamp((from + to) / 2 - 0.5, static_cast<double>(low), static_cast<double>(high));
      const auto first = static_cast<uint32_t>(centre);
      list.emplace_back(first, 1 - (centre - first));
      if (first < high) list.emplace_back(first + 1, centre - first);
    }
    return list;
  };
  double sum = 0, total = 0;
  for (const auto& [row, wy] : weights(y0, y1, lowY, highY)) {
    for (const auto& [column, wx] : weights(x0, x1, lowX, highX)) {
      sum += plane[static_cast<size_t>(row) * stride + column] * wx * wy;
      total += wx * wy;
    }
  }
  return sum / total;
}

TensorPlan planFor(const Picture& p) {
  TensorPlan plan;
  plan.srcW = p.width;
  plan.srcH = p.height;
  plan.dstW = plan.tensorW = p.width;
  plan.dstH = plan.tensorH = p.height;
  return plan;
}

/** Largest difference, in 0..255, between the tensor and the formula. */
double worst(Picture& p, const TensorPlan& plan) {
  std::vector<float> tensor(static_cast<size_t>(plan.tensorW) * plan.tensorH * 3, -9999.0F);
  TensorMaker maker;
  maker.run(p.view(), plan, tensor.data());
  const YuvFactors k = yuvFactors(plan.matrix);
  double most = 0;
  const double sx = static_cast<double>(plan.srcW) / plan.dstW, sy = static_cast<double>(plan.srcH) / plan.dstH;
  const uint32_t right = plan.srcX + plan.srcW - 1, bottom = plan.srcY + plan.srcH - 1;
  for (uint32_t row = 0; row < plan.tensorH; row++) {
    for (uint32_t column = 0; column < plan.tensorW; column++) {
      double rgb[3] = {plan.pad, plan.pad, plan.pad};
      const uint32_t i = column - plan.dstX, j = row - plan.dstY;
      if (i < plan.dstW && j < plan.dstH) {
        const double x0 = plan.srcX + i * sx, x1 = x0 + sx, y0 = plan.srcY + j * sy, y1 = y0 + sy;
        const double y = sample(p.y(), p.width, x0, x1, y0, y1, plan.srcX, right, plan.srcY, bottom, 2);
        const auto chroma = [&](const uint8_t* plane) {
          return sample(plane, p.chromaW(), x0 / 2, x1 / 2, y0 / 2, y1 / 2, plan.srcX / 2, right / 2, plan.srcY / 2,
                        bottom / 2, 2) - 128;
        };
        const double u = chroma(p.u()), v = chroma(p.v()), base = k.y * (y - 16);
        rgb[0] = std::clamp(base + k.rv * v, 0.0, 255.0);
        rgb[1] = std::clamp(base + k.gu * u + k.gv * v, 0.0, 255.0);
        rgb[2] = std::clamp(base + k.bu * u, 0.0, 255.0);
        if (plan.bgr) std::swap(rgb[0], rgb[2]);
      }
      for (uint32_t c = 0; c < 3; c++) {
        const double got = tensor[(static_cast<size_t>(c) * plan.tensorH + row) * plan.tensorW + column];
        const double expected = (rgb[c] * plan.scale - plan.mean[c]) / plan.std[c];
        most = std::max(most, std::abs(got - expected) * plan.std[c] / plan.scale);
      }
    }
  }
  return most;
}

void aTensorOfTheSameSizeIsTheFormula() {
  Picture p(40, 30);
  fillRandom(p);
  for (const Matrix matrix : {Matrix::Bt601, Matrix::Bt709}) {
    TensorPlan plan = planFor(p);
    plan.matrix = matrix;
    // Luma is exact here; chroma is blended with weights of 1/256.
    CHECK(worst(p, plan) < 2.5);
    plan.bgr = true;
    plan.scale = 1.0F / 255;
    plan.mean = {{0.485F, 0.456F, 0.406F}};
    plan.std = {{0.229F, 0.224F, 0.225F}};
    CHECK(worst(p, plan) < 2.5);
  }
}

void letterboxesOfEveryFactorAreTheFormula() {
  Picture p(192, 108);
  fillRandom(p);
  const uint32_t sizes[][2] = {{64, 36}, {96, 54}, {128, 72}, {77, 43}, {48, 27}, {300, 170}, {16, 9}};
  for (const auto& size : sizes) {
    TensorPlan plan = planFor(p);
    plan.dstW = size[0];
    plan.dstH = size[1];
    plan.dstX = 5;
    plan.dstY = 11;
    plan.tensorW = size[0] + 9;
    plan.tensorH = size[1] + 20;
    plan.pad = 114;
    const double most = worst(p, plan);
    std::printf("  192x108 to %ux%u: at most %.2f of 255 off\n", size[0], size[1], most);
    CHECK(most < 5);
  }
}

void cropsAreTheFormula() {
  Picture p(101, 77);
  fillRandom(p);
  for (int i = 0; i < 60; i++) {
    TensorPlan plan = planFor(p);
    plan.srcX = random(100);
    plan.srcY = random(76);
    plan.srcW = 1 + random(101 - plan.srcX);
    plan.srcH = 1 + random(77 - plan.srcY);
    plan.dstW = plan.tensorW = 1 + random(60);
    plan.dstH = plan.tensorH = 1 + random(60);
    CHECK(worst(p, plan) < 6);
  }
}

void anEvenPictureStaysEven() {
  Picture p(33, 17);
  std::fill(p.bytes.begin(), p.bytes.end(), 128);
  Scaler scaler;
  for (uint32_t width = 2; width < 80; width += 6) {
    for (uint32_t height = 2; height < 40; height += 4) {
      std::vector<uint8_t> target(i420Bytes(width, height));
      scaler.run(p.view(), target.data(), width, height);
      for (const uint8_t byte : target) CHECK(byte == 128);
    }
  }
}

void shrinkingTakesTheMean() {
  Picture p(96, 64);
  fillRandom(p);
  Scaler scaler;
  std::vector<uint8_t> target(i420Bytes(32, 16));
  scaler.run(p.view(), target.data(), 32, 16);
  for (uint32_t row = 0; row < 16; row++) {
    for (uint32_t column = 0; column < 32; column++) {
      const double mean = sample(p.y(), 96, column * 3.0, column * 3.0 + 3, row * 4.0, row * 4.0 + 4, 0, 95, 0, 63, 1);
      CHECK(std::abs(target[row * 32 + column] - mean) < 2);
    }
  }
}

void aMaskPutsThePadWhereItIsZeroAndNowhereElse() {
  Picture p(40, 30);
  fillRandom(p);
  TensorPlan plan = planFor(p);
  plan.tensorW = 48;
  plan.dstX = 5;
  plan.pad = 114;
  plan.scale = 1.0F / 255;
  plan.mean = {{0.485F, 0.456F, 0.406F}};
  plan.std = {{0.229F, 0.224F, 0.225F}};
  const size_t plane = static_cast<size_t>(plan.tensorW) * plan.tensorH;
  std::vector<uint8_t> mask(plane);
  for (uint8_t& byte : mask) byte = static_cast<uint8_t>(random(2));
  std::vector<float> whole(plane * 3), masked(plane * 3);
  TensorMaker maker;
  maker.run(p.view(), plan, whole.data());
  maker.run(p.view(), plan, masked.data(), mask.data());
  for (size_t i = 0; i < plane * 3; i++) {
    const size_t c = i / plane;
    const float pad = (plan.pad * plan.scale - plan.mean[c]) / plan.std[c];
    CHECK(masked[i] == (mask[i % plane] != 0 ? whole[i] : pad));
  }
}

void everyRectangleStaysInside() {
  for (int i = 0; i < 400; i++) {
    Picture p(1 + random(50), 1 + random(50));
    fillRandom(p);
    TensorPlan plan;
    plan.srcX = random(p.width);
    plan.srcY = random(p.height);
    plan.srcW = 1 + random(p.width - plan.srcX);
    plan.srcH = 1 + random(p.height - plan.srcY);
    plan.tensorW = 1 + random(90);
    plan.tensorH = 1 + random(90);
    plan.dstX = random(plan.tensorW);
    plan.dstY = random(plan.tensorH);
    plan.dstW = 1 + random(plan.tensorW - plan.dstX);
    plan.dstH = 1 + random(plan.tensorH - plan.dstY);
    std::vector<float> tensor(static_cast<size_t>(plan.tensorW) * plan.tensorH * 3);
    TensorMaker maker;
    maker.run(p.view(), plan, tensor.data());
    const uint32_t width = 2 + 2 * random(40), height = 2 + 2 * random(40);
    std::vector<uint8_t> target(i420Bytes(width, height));
    Scaler scaler;
    scaler.run(p.view(), target.data(), width, height);
    std::vector<uint8_t> thumb(kThumbBytes);
    lumaThumb(p.view(), thumb.data());
    std::vector<uint8_t> rgb(static_cast<size_t>(plan.srcW) * plan.srcH * 3);
    cropRgb(p.view(), plan.srcX, plan.srcY, plan.srcW, plan.srcH, Matrix::Bt709, rgb.data());
  }
  // Very long sides: more samples per output than there are weight steps.
  Picture wide(16384, 2);
  fillRandom(wide);
  TensorPlan plan = planFor(wide);
  plan.dstW = plan.tensorW = 3;
  plan.dstH = plan.tensorH = 2;
  std::vector<float> tensor(18);
  TensorMaker maker;
  maker.run(wide.view(), plan, tensor.data());
}

}  // namespace

int main() {
  RUN(aTensorOfTheSameSizeIsTheFormula);
  RUN(letterboxesOfEveryFactorAreTheFormula);
  RUN(cropsAreTheFormula);
  RUN(anEvenPictureStaysEven);
  RUN(shrinkingTakesTheMean);
  RUN(aMaskPutsThePadWhereItIsZeroAndNowhereElse);
  RUN(everyRectangleStaysInside);
  std::puts("pixels_test: all passed");
  return 0;
}
