// A picture of its own memory for tests of pixel work, and numbers that are the same in every run to fill it.
#pragma once
#include <cstdint>
#include <vector>

#include "ivis/pixels.h"

struct Picture {
  uint32_t width, height;
  std::vector<uint8_t> bytes;
  Picture(uint32_t w, uint32_t h) : width(w), height(h), bytes(ivis::i420Bytes(w, h)) {}
  uint32_t chromaW() const { return (width + 1) / 2; }
  uint32_t chromaH() const { return (height + 1) / 2; }
  uint8_t* y() { return bytes.data(); }
  uint8_t* u() { return y() + static_cast<size_t>(width) * height; }
  uint8_t* v() { return u() + static_cast<size_t>(chromaW()) * chromaH(); }
  ivis::PixelView view() {
    ivis::PixelView p;
    p.y = y();
    p.u = u();
    p.v = v();
    p.width = width;
    p.height = height;
    p.strideY = width;
    p.strideC = chromaW();
    p.bytes = bytes.size();
    return p;
  }
};

inline uint32_t random(uint32_t below) {
  static uint32_t seed = 1;
  seed = seed * 1664525U + 1013904223U;
  return static_cast<uint32_t>((static_cast<uint64_t>(seed) * below) >> 32);
}

inline void fillRandom(Picture& p) {
  for (uint8_t& byte : p.bytes) byte = static_cast<uint8_t>(random(256));
}
