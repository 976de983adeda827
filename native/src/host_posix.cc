#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "ivis/host.h"
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace ivis {
namespace {
double readClock(clockid_t id) {
  timespec now = {};
  clock_gettime(id, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}
}  // namespace

double monoMs() { return readClock(CLOCK_MONOTONIC); }
double wallMs() { return readClock(CLOCK_REALTIME); }
uint32_t ownPid() { return static_cast<uint32_t>(getpid()); }

uint64_t processStartTime(uint32_t pid) {
#if defined(__linux__)
  char path[32];
  std::snprintf(path, sizeof path, "/proc/%u/stat", pid);
  FILE* file = std::fopen(path, "re");
  if (file == nullptr) return 0;
  char text[1024];
  const size_t got = std::fread(text, 1, sizeof text - 1, file);
  std::fclose(file);
  text[got] = 0;
  // The name in parentheses may hold anything, so count fields from its last parenthesis: state is field 3,
  // the start time in clock ticks since boot is field 22 (proc(5)).
  const char* at = std::strrchr(text, ')');
  if (at == nullptr || at[1] == 0 || at[2] == 0) return 0;
  at += 2;
  if (*at == 'Z' || *at == 'X') return 0;
  for (int field = 3; field < 22; field++) {
    at = std::strchr(at, ' ');
    if (at == nullptr) return 0;
    at++;
  }
  return std::strtoull(at, nullptr, 10) + 1;  // + 1: a process started in the first tick is not "not running"
#elif defined(__APPLE__)
  int query[4] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, static_cast<int>(pid)};
  kinfo_proc info = {};
  size_t size = sizeof info;
  if (sysctl(query, 4, &info, &size, nullptr, 0) != 0 || size == 0 || info.kp_proc.p_stat == SZOMB) return 0;
  const timeval& start = info.kp_proc.p_starttime;
  return static_cast<uint64_t>(start.tv_sec) * 1000000 + static_cast<uint64_t>(start.tv_usec);
#else
  return kill(static_cast<pid_t>(pid), 0) == 0 ? 1 : 0;
#endif
}

uint32_t randomNonZero() {
  std::random_device source;
  uint32_t value = 0;
  while (value == 0) value = source();
  return value;
}

void waitOnWord(std::atomic<uint32_t>& word, uint32_t expected, double timeoutMs) {
#if defined(__linux__)
  timespec limit = {static_cast<time_t>(timeoutMs / 1e3), 0};
  limit.tv_nsec = static_cast<long>((timeoutMs - static_cast<double>(limit.tv_sec) * 1e3) * 1e6);
  syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word), FUTEX_WAIT, expected, &limit, nullptr, 0);
#else
  // macOS has no futex between processes: short sleeps, at most as long as asked.
  if (word.load(std::memory_order_acquire) != expected) return;
  const timespec nap = {0, static_cast<long>((timeoutMs < 0.5 ? timeoutMs : 0.5) * 1e6)};
  nanosleep(&nap, nullptr);
#endif
}

void wakeWord(std::atomic<uint32_t>& word) {
#if defined(__linux__)
  syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word), FUTEX_WAKE, 1, nullptr, nullptr, 0);
#else
  (void)word;
#endif
}

}  // namespace ivis
