// Perception regions while somebody writes: torn reads, a killed writer. argv[1]: reads of the torn-read test.
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "perception_frames.h"

namespace {

uint64_t reads = 20000;

// What is accepted while a writer publishes without pause is one frame, not two halves.
void noFrameIsTorn() {
  const TestName name("g");
  auto writer = make(name.text);
  auto reader = attach(name.text);
  // Made beforehand, so that the writer does nothing but publish: publication s shows frame s % kFrames.
  constexpr uint64_t kFrames = 60;
  std::vector<std::vector<uint8_t>> frames[kKinds];
  for (int kind = 0; kind < kKinds; kind++) {
    for (uint64_t n = 0; n < kFrames; n++) frames[kind].push_back(frameOf(kind, n));
    CHECK(writer->publish(kind, frames[kind][1].data()) == IVIS_READ_OK);
  }
  std::atomic<bool> stop{false};
  std::thread publisher([&] {
    for (uint64_t s = 2; !stop.load(std::memory_order_relaxed); s++) {
      for (int kind = 0; kind < kKinds; kind++) writer->publish(kind, frames[kind][s % kFrames].data());
    }
  });
  std::vector<std::thread> readers;
  std::atomic<uint64_t> whole{0}, overtaken{0};
  for (int r = 0; r < 2; r++) {
    readers.emplace_back([&] {
      uint64_t last[kKinds] = {};
      for (uint64_t i = 0; i < reads; i++) {
        const int kind = static_cast<int>(i % kKinds);
        std::vector<uint8_t> target(ivis_frame_bytes(kind));
        uint64_t sequence = 0;
        const int result = ivis_perception_read(&reader->region(), kind, target.data(), &sequence);
        CHECK(result == IVIS_READ_OK || result == IVIS_READ_TORN);
        if (result == IVIS_READ_TORN) {
          overtaken++;
          continue;
        }
        CHECK(isWhole(kind, target, sequence % kFrames) && sequence >= last[kind]);
        last[kind] = sequence;
        whole++;
      }
    });
  }
  for (std::thread& thread : readers) thread.join();
  stop = true;
  publisher.join();
  std::printf("  whole %llu, overtaken %llu, published %llu\n", static_cast<unsigned long long>(whole),
              static_cast<unsigned long long>(overtaken),
              static_cast<unsigned long long>(ivis_load64(&reader->header().sections[0].sequence)));
  CHECK(whole > 0);
}

// The same read without its second look, interrupted in the middle: both guards see it, each by itself.
void aReadInterruptedInTheMiddleIsCaughtTwice() {
  const TestName name("h");
  auto writer = make(name.text);
  auto reader = attach(name.text);
  const ivis_perception& region = reader->region();
  for (int kind = 0; kind < kKinds; kind++) {
    writer->publish(kind, frameOf(kind, 1).data());
    const uint64_t before = ivis_load64(&reader->header().sections[kind].sequence);
    const uint8_t* from = region.data + ivis_section_offset(kind) + (before & 1) * ivis_frame_stride(kind);
    std::vector<uint8_t> target(ivis_frame_bytes(kind));
    const size_t half = target.size() / 16 * 8;
    std::memcpy(target.data(), from, half);
    // The next publication goes to the other buffer: this copy is still good. The one after it is not.
    writer->publish(kind, frameOf(kind, 2).data());
    std::vector<uint8_t> other = target;
    std::memcpy(other.data() + half, from + half, target.size() - half);
    CHECK(ivis_frame_check(&region.crc, kind, other.data()) == IVIS_READ_OK);
    writer->publish(kind, frameOf(kind, 3).data());
    std::memcpy(target.data() + half, from + half, target.size() - half);
    CHECK(ivis_load64(&reader->header().sections[kind].sequence) != before);
    CHECK(ivis_frame_check(&region.crc, kind, target.data()) == IVIS_READ_BAD_CRC);
  }
}

void aKilledWriterLeavesItsLastWholeFrame() {
  const TestName name("i");
  std::fflush(stdout);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    Failure failure;
    auto writer = PerceptionWriter::create(name.text, "camera-1", 1, failure);
    for (uint64_t n = 1; writer; n++) {
      writer->publish(static_cast<int>(n % kKinds), frameOf(static_cast<int>(n % kKinds), n).data());
      writer->beat();
    }
    _exit(1);
  }
  std::unique_ptr<PerceptionReader> reader;
  for (int i = 0; i < 2000 && !reader; i++) {
    Failure failure;
    reader = PerceptionReader::open(name.text, failure);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK(reader != nullptr);
  while (ivis_load64(&reader->header().sections[0].sequence) < 100) std::this_thread::yield();
  CHECK(kill(child, SIGKILL) == 0);
  CHECK(waitpid(child, nullptr, 0) == child);
  CHECK(!reader->writerRuns());
  CHECK(!ivis_perception_closed(&reader->region()));
  for (int kind = 0; kind < kKinds; kind++) {
    std::vector<uint8_t> target(ivis_frame_bytes(kind));
    CHECK(ivis_perception_read(&reader->region(), kind, target.data(), nullptr) == IVIS_READ_OK);
    CHECK(isWhole(kind, target, numberIn(target)));
  }
  while (ivis_perception_silence_us(&reader->region()) <= IVIS_PERCEPTION_STALE_US) {
    CHECK(!ivis_perception_stale(&reader->region()));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(ivis_perception_stale(&reader->region()));
#if defined(__linux__)
  CHECK(sweepRings(name.text) == std::vector<std::string>{name.text});
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) reads = std::strtoull(argv[1], nullptr, 10);
  RUN(aKilledWriterLeavesItsLastWholeFrame);
  RUN(aReadInterruptedInTheMiddleIsCaughtTwice);
  RUN(noFrameIsTorn);
  std::puts("perception_torn_test: all passed");
  return 0;
}
