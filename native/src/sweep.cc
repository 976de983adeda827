#include <cstdlib>

#include "ivis/host.h"
#include "ivis/perception.h"
#include "ivis/ring.h"

namespace ivis {
namespace {

/** Pid in a name "/ivis-<uid>-<pid in base 36>-<n>"; 0 when the name is of another form. */
uint32_t pidInName(const std::string& name) {
  const size_t last = name.rfind('-');
  if (last == std::string::npos || last == 0) return 0;
  const size_t before = name.rfind('-', last - 1);
  if (before == std::string::npos || before + 1 == last) return 0;
  const std::string digits = name.substr(before + 1, last - before - 1);
  char* end = nullptr;
  const unsigned long pid = std::strtoul(digits.c_str(), &end, 36);
  return *end == 0 && pid <= UINT32_MAX ? static_cast<uint32_t>(pid) : 0;
}

/** True when the segment's writer is known and no longer runs. What cannot be told apart is left alone. */
bool ownerless(const std::string& name) {
  Failure failure;
  const auto mapping = Mapping::open(name, false, failure);
  if (mapping && mapping->size() >= sizeof(SegmentHeader)) {
    const auto& h = *reinterpret_cast<const SegmentHeader*>(mapping->data());
    if (h.magic.load(std::memory_order_acquire) == kMagic) return !processRuns(h.writerPid, h.writerStartTime);
  }
  if (mapping && mapping->size() >= sizeof(ivis_region_header)) {
    const auto& h = *reinterpret_cast<const ivis_region_header*>(mapping->data());
    if (ivis_load64(&h.magic) == IVIS_PERCEPTION_REGION_MAGIC) {
      ivis_acquire();
      return !processRuns(h.writer_pid, h.writer_start_time);
    }
  }
  // Killed while it was being made: nothing inside tells the owner, but the name does.
  if (!mapping && failure.kind != Fault::BadLayout) return false;
  const uint32_t pid = pidInName(name);
  return pid != 0 && processStartTime(pid) == 0;
}

}  // namespace

std::vector<std::string> sweepRings(const std::string& prefix) {
  std::vector<std::string> removed;
  for (const std::string& name : Mapping::list(prefix)) {
    if (!ownerless(name)) continue;
    Mapping::unlink(name);
    removed.push_back(name);
  }
  return removed;
}

}  // namespace ivis
