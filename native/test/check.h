// The smallest test frame that does: CHECK ends the program and says where.
#pragma once
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "ivis/ring.h"

#define CHECK(condition)                                                              \
  do {                                                                                \
    if (!(condition)) {                                                               \
      std::fprintf(stderr, "%s:%d: CHECK(%s) failed\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                                   \
    }                                                                                 \
  } while (false)

#define RUN(test)                        \
  do {                                   \
    std::printf("%s\n", #test);          \
    std::fflush(stdout);                 \
    test();                              \
  } while (false)

/** Ring name of this process, removed when the object goes. */
struct TestName {
  std::string text;
  explicit TestName(const char* tag) {
    static int made = 0;
    text = "/ivt-" + std::to_string(getpid()) + "-" + tag + std::to_string(made++);
  }
  ~TestName() { ivis::Mapping::unlink(text); }
};

inline ivis::RingOptions smallRing(const std::string& name, ivis::Mode mode, uint32_t slots = 4) {
  ivis::RingOptions o;
  o.name = name;
  o.width = 64;
  o.height = 48;
  o.slots = slots;
  o.mode = mode;
  return o;
}
