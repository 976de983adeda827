#include <windows.h>

#include <random>

#include "ivis/host.h"

namespace ivis {

double monoMs() {
  static const double perMs = [] {
    LARGE_INTEGER frequency;
    QueryPerformanceFrequency(&frequency);
    return static_cast<double>(frequency.QuadPart) / 1e3;
  }();
  LARGE_INTEGER now;
  QueryPerformanceCounter(&now);
  return static_cast<double>(now.QuadPart) / perMs;
}

double wallMs() {
  FILETIME now;
  GetSystemTimePreciseAsFileTime(&now);
  const uint64_t ticks = static_cast<uint64_t>(now.dwHighDateTime) << 32 | now.dwLowDateTime;
  // From 100 ns since 1601 to ms since 1970.
  return static_cast<double>(ticks - 116444736000000000ULL) / 1e4;
}

uint32_t ownPid() { return GetCurrentProcessId(); }

uint64_t processStartTime(uint32_t pid) {
  const HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, pid);
  if (process == nullptr) return 0;
  FILETIME start, end, kernel, user;
  // A process object outlives its process while anyone holds a handle: a signalled one no longer runs.
  const bool runs = WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
  const bool known = GetProcessTimes(process, &start, &end, &kernel, &user) != 0;
  CloseHandle(process);
  if (!runs || !known) return 0;
  return static_cast<uint64_t>(start.dwHighDateTime) << 32 | start.dwLowDateTime;
}

uint32_t randomNonZero() {
  std::random_device source;
  uint32_t value = 0;
  while (value == 0) value = source();
  return value;
}

// WaitOnAddress works within one process only: short sleeps instead.
void waitOnWord(std::atomic<uint32_t>& word, uint32_t expected, double) {
  if (word.load(std::memory_order_acquire) == expected) Sleep(1);
}
void wakeWord(std::atomic<uint32_t>&) {}

}  // namespace ivis
