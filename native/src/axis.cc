#include <algorithm>
#include <cmath>

#include "ivis/pixels.h"

namespace ivis {
namespace {

constexpr uint32_t kMaxTaps = 16;  // more would leave too few of the 256 weight steps to each

/** Turns shares into whole weights that add up to 256, carrying the rounding error along. */
void quantise(const double* shares, uint32_t taps, uint16_t* weights) {
  double total = 0;
  for (uint32_t k = 0; k < taps; k++) total += shares[k];
  double upTo = 0;
  uint32_t given = 0;
  for (uint32_t k = 0; k < taps; k++) {
    upTo += shares[k] / total;
    const auto until = static_cast<uint32_t>(upTo * 256 + 0.5);
    weights[k] = static_cast<uint16_t>(until - given);
    given = until;
  }
}

}  // namespace

Axis Axis::make(double origin, double span, uint32_t outputs, uint32_t low, uint32_t high, double areaAbove) {
  const double scale = span / outputs;
  const uint32_t available = high - low + 1;
  const bool area = scale > areaAbove;
  Axis axis;
  if (area) {
    axis.step = std::max(1U, static_cast<uint32_t>(std::ceil(scale / (kMaxTaps - 2))));
    // A whole factor on a whole origin covers exactly that many samples; any other may touch one more at each end.
    const bool whole = scale == std::floor(scale) && origin == std::floor(origin) && axis.step == 1;
    axis.taps = static_cast<uint32_t>(std::ceil(scale / axis.step)) + (whole ? 0 : 1);
  } else {
    axis.taps = 2;
  }
  axis.taps = std::min(axis.taps, (available - 1) / axis.step + 1);
  axis.start.resize(outputs);
  axis.weights.resize(static_cast<size_t>(outputs) * axis.taps);
  const uint32_t lastStart = high - (axis.taps - 1) * axis.step;
  for (uint32_t i = 0; i < outputs; i++) {
    const double from = origin + i * scale;
    const double to = from + scale;
    const double centre = std::clamp((from + to) / 2 - 0.5, static_cast<double>(low), static_cast<double>(high));
    const double first = area ? std::floor(from + 1e-9) : std::floor(centre);
    const auto start = static_cast<uint32_t>(std::clamp(first, static_cast<double>(low), static_cast<double>(lastStart)));
    double shares[kMaxTaps + 2] = {};
    double total = 0;
    for (uint32_t k = 0; k < axis.taps; k++) {
      const double at = start + static_cast<double>(k) * axis.step;
      shares[k] = area ? std::max(0.0, std::min(to, at + axis.step) - std::max(from, at))
                       : std::max(0.0, 1 - std::abs(centre - at));
      total += shares[k];
    }
    if (!(total > 0)) shares[0] = 1;
    axis.start[i] = start;
    quantise(shares, axis.taps, axis.weights.data() + static_cast<size_t>(i) * axis.taps);
  }
  return axis;
}

namespace {

template <uint32_t kTaps>
void across(const uint16_t* sums, const Axis& axis, int32_t* target) {
  const uint32_t* start = axis.start.data();
  const uint16_t* weight = axis.weights.data();
  const size_t outputs = axis.start.size();
  for (size_t i = 0; i < outputs; i++, weight += kTaps) {
    const uint16_t* from = sums + start[i];
    uint32_t sum = 0;
    for (uint32_t k = 0; k < kTaps; k++) sum += static_cast<uint32_t>(from[k]) * weight[k];
    target[i] = static_cast<int32_t>(sum);
  }
}

void acrossAny(const uint16_t* sums, const Axis& axis, int32_t* target) {
  const uint16_t* weight = axis.weights.data();
  for (size_t i = 0; i < axis.start.size(); i++, weight += axis.taps) {
    const uint16_t* from = sums + axis.start[i];
    uint32_t sum = 0;
    for (uint32_t k = 0; k < axis.taps; k++) sum += static_cast<uint32_t>(from[k * axis.step]) * weight[k];
    target[i] = static_cast<int32_t>(sum);
  }
}

void weigh(const uint8_t* __restrict source, uint16_t weight, size_t count, bool first, uint16_t* __restrict sums) {
  if (first) {
    for (size_t x = 0; x < count; x++) sums[x] = static_cast<uint16_t>(source[x] * weight);
  } else {
    for (size_t x = 0; x < count; x++) sums[x] = static_cast<uint16_t>(sums[x] + source[x] * weight);
  }
}

void blend(const uint8_t* __restrict a, const uint8_t* __restrict b, uint16_t wa, uint16_t wb, size_t count,
           uint16_t* __restrict sums) {
  for (size_t x = 0; x < count; x++) sums[x] = static_cast<uint16_t>(a[x] * wa + b[x] * wb);
}

void blend3(const uint8_t* __restrict a, const uint8_t* __restrict b, const uint8_t* __restrict c, uint16_t wa,
            uint16_t wb, uint16_t wc, size_t count, uint16_t* __restrict sums) {
  for (size_t x = 0; x < count; x++) sums[x] = static_cast<uint16_t>(a[x] * wa + b[x] * wb + c[x] * wc);
}

}  // namespace

void RowScaler::row(const uint8_t* plane, uint32_t stride, const Axis& down, const Axis& axis, uint32_t outputRow,
                    int32_t* target) {
  // Only the columns that the horizontal pass will look at; `start` never falls.
  const uint32_t low = axis.start.front();
  const size_t count = axis.start.back() + (axis.taps - 1) * axis.step + 1 - low;
  if (sums_.size() < low + count) sums_.resize(low + count);
  const uint8_t* source = plane + static_cast<size_t>(down.start[outputRow]) * stride + low;
  const uint16_t* weight = down.weights.data() + static_cast<size_t>(outputRow) * down.taps;
  const size_t next = static_cast<size_t>(stride) * down.step;
  uint16_t* sums = sums_.data() + low;
  if (down.taps == 2) {
    blend(source, source + next, weight[0], weight[1], count, sums);
  } else if (down.taps == 3) {
    blend3(source, source + next, source + 2 * next, weight[0], weight[1], weight[2], count, sums);
  } else {
    for (uint32_t k = 0; k < down.taps; k++) weigh(source + k * next, weight[k], count, k == 0, sums);
  }
  if (axis.step != 1) return acrossAny(sums_.data(), axis, target);
  switch (axis.taps) {
    case 1: return across<1>(sums_.data(), axis, target);
    case 2: return across<2>(sums_.data(), axis, target);
    case 3: return across<3>(sums_.data(), axis, target);
    case 4: return across<4>(sums_.data(), axis, target);
    default: return acrossAny(sums_.data(), axis, target);
  }
}

}  // namespace ivis
