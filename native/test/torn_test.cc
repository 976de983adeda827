// Torn frames: what a reader accepts is whole. argv[1]: how many reads; a tenth of them again with checksums.
#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "check.h"

using namespace ivis;

namespace {

uint64_t tornReads = 100000;

// A reader that takes its time against a writer that never stops: what is accepted must be whole. A frame's bytes are
// a function of its number, and the frames are large enough that the writer often enters a slot during the copy.
void readAgainstAFlatOutWriter(bool checksum, uint64_t reads) {
  const TestName name("c");
  RingOptions o = smallRing(name.text, Mode::Newest);
  o.width = 320;
  o.height = 240;
  o.checksum = checksum;
  Failure failure;
  auto ring = RingWriter::create(o, failure);
  CHECK(ring != nullptr);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (uint64_t n = 0; !stop.load(std::memory_order_relaxed); n++) {
      WriteSlot slot;
      CHECK(ring->begin(slot, false, nullptr, nullptr) == Acquire::Ok);
      std::memset(slot.pixels, static_cast<int>(n & 255), slot.bytes);
      std::memcpy(slot.pixels, &n, sizeof n);
      ring->publish(true, static_cast<double>(n), true, false);
    }
  });
  auto reader = RingReader::open(name.text, false, failure);
  CHECK(reader != nullptr);
  std::vector<uint8_t> target(reader->frameBytes()), expected(reader->frameBytes());
  uint64_t whole = 0, atOnce = 0, during = 0;
  while (whole + atOnce + during < reads || whole == 0) {
    FrameKey key;
    FrameInfo frame;
    if (!reader->newest(key, frame)) continue;
    // Also the older slots, the oldest of which the writer is about to enter, and now and then asleep between the
    // descriptor and the copy. Slot and generation of frame n are known: 4 slots, two steps of the word per frame.
    const uint64_t back = (whole + atOnce + during) % 4;
    if (frame.seq < back) continue;
    const uint64_t wanted = frame.seq - back;
    key = {wanted % 4, (wanted / 4 + 1) * 2, ring->epoch()};
    if ((whole + atOnce + during) % 4096 == 0) std::this_thread::sleep_for(std::chrono::microseconds(50));
    FrameInfo seen;
    seen.width = 0;
    const ReadResult result = reader->copyInto(key, target.data(), &seen);
    CHECK(result == ReadResult::Ok || result == ReadResult::Overwritten);
    if (result == ReadResult::Overwritten) {
      // The copy fills `seen`, so its width tells whether the slot was lost before the copy or during it.
      (seen.width == 0 ? atOnce : during)++;
      continue;
    }
    uint64_t n = 0;
    std::memcpy(&n, target.data(), sizeof n);
    CHECK(n == wanted && n == seen.seq && seen.ptsMs == static_cast<double>(n));
    std::memset(expected.data(), static_cast<int>(n & 255), expected.size());
    std::memcpy(expected.data(), &n, sizeof n);
    CHECK(target == expected);
    whole++;
  }
  stop = true;
  writer.join();
  const auto count = [](uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf("  of %llu reads: whole %llu, overwritten before the copy %llu, during it %llu; frames written %llu\n",
              count(whole + atOnce + during), count(whole), count(atOnce), count(during), count(ring->written()));
  // Without reads that were caught in the act this test would prove nothing. Checksums leave few, being slower than
  // the copy.
  CHECK(checksum || during > 0);
}

void noFrameIsTorn() { readAgainstAFlatOutWriter(false, tornReads); }
void noChecksummedFrameIsTorn() { readAgainstAFlatOutWriter(true, tornReads / 10); }

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) tornReads = std::strtoull(argv[1], nullptr, 10);
  RUN(noFrameIsTorn);
  RUN(noChecksummedFrameIsTorn);
  std::puts("torn_test: all passed");
  return 0;
}
