// Clocks, processes and sleeping on a shared word: host_posix.cc and host_win.cc.
#pragma once
#include <atomic>
#include <cstdint>

namespace ivis {

/** Milliseconds of the machine's monotonic clock, comparable between processes. */
double monoMs();
/** UTC in milliseconds since 1970. */
double wallMs();
uint32_t ownPid();
/** Start time of a process in units of the system; 0 when it does not run (a zombie does not run). */
uint64_t processStartTime(uint32_t pid);
/** True while the very process that had this pid and start time runs. */
inline bool processRuns(uint32_t pid, uint64_t startTime) {
  return pid != 0 && startTime != 0 && processStartTime(pid) == startTime;
}
uint32_t randomNonZero();
/** Sleeps until `word` is no longer `expected`, `wakeWord` is called, or the time is over; may wake early. */
void waitOnWord(std::atomic<uint32_t>& word, uint32_t expected, double timeoutMs);
void wakeWord(std::atomic<uint32_t>& word);

}  // namespace ivis
