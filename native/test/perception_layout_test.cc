// Prints every offset and size of a perception region, for the test that compares them with native/lib.
#include <cstdio>

#include "ivis/perception_reader.h"

int main() {
#define PRINT_FIELD(type, field, at) std::printf("%s.%s %zu\n", #type, #field, offsetof(type, field));
  IVIS_PERCEPTION_LAYOUT(PRINT_FIELD)
#define PRINT_SIZE(type, bytes) std::printf("sizeof.%s %zu\n", #type, sizeof(type));
  IVIS_PERCEPTION_SIZES(PRINT_SIZE)
  std::printf("constant.VERSION %u\nconstant.MAX_OBJECTS %u\nconstant.MAX_TIMELINES %u\nconstant.STALE_MS %u\n",
              IVIS_PERCEPTION_VERSION, IVIS_PERCEPTION_MAX_OBJECTS, IVIS_PERCEPTION_MAX_TIMELINES,
              IVIS_PERCEPTION_STALE_US / 1000);
  std::printf("constant.REGION_BYTES %zu\n", ivis_region_bytes());
  return 0;
}
