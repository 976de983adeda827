// Prints every offset as "Type.field offset" and the sizes, for the test that compares them with native/lib/layout.ts.
#include <cstdio>

#include "ivis/layout.h"

int main() {
  using namespace ivis;
#define PRINT(type, field, offset) std::printf("%s.%s %zu\n", #type, #field, offsetof(type, field));
  IVIS_LAYOUT(PRINT)
  std::printf("sizeof.SegmentHeader %zu\nsizeof.SlotHeader %zu\nsizeof.ReaderEntry %zu\n", sizeof(SegmentHeader),
              sizeof(SlotHeader), sizeof(ReaderEntry));
  std::printf("constant.LAYOUT_VERSION %u\nconstant.MAX_READERS %u\nconstant.PAGE_BYTES %llu\nconstant.MAGIC %llu\n",
              kLayoutVersion, kMaxReaders, static_cast<unsigned long long>(kPageBytes),
              static_cast<unsigned long long>(kMagic));
  return 0;
}
