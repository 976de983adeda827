// Two processes: a writer killed in mid-frame, a registered reader killed, what is left and what is swept.
#include <csignal>
#include <cstring>
#include <sys/wait.h>

#include "check.h"
#include "ivis/host.h"
#if defined(__linux__)
#include <sched.h>
#include <sys/mount.h>
#endif

using namespace ivis;

namespace {

constexpr uint64_t kBytes = i420Bytes(64, 48);

void napMs(int ms) { usleep(static_cast<useconds_t>(ms) * 1000); }

template <class Body>
pid_t inChild(Body&& body) {
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    body();
    _exit(0);
  }
  return child;
}

bool listed(const std::string& name) {
  for (const std::string& found : Mapping::list(name)) {
    if (found == name) return true;
  }
  return false;
}

// The child writes checksummed frames as fast as it can and is killed at an arbitrary moment, often in mid-frame.
void aKilledWriterLeavesNoTornFrame() {
  uint64_t whole = 0, inside = 0;
  for (int round = 0; round < 20; round++) {
    const TestName name("k");
    const pid_t child = inChild([&] {
      RingOptions o = smallRing(name.text, Mode::Newest);
      o.width = 640;
      o.height = 480;
      o.checksum = true;
      Failure failure;
      auto ring = RingWriter::create(o, failure);
      CHECK(ring != nullptr);
      for (uint64_t n = 0;; n++) {
        WriteSlot slot;
        CHECK(ring->begin(slot, false, nullptr, nullptr) == Acquire::Ok);
        std::memset(slot.pixels, static_cast<int>(n & 255), slot.bytes);
        ring->publish(true, static_cast<double>(n), true, false);
      }
    });
    std::unique_ptr<RingReader> reader;
    FrameKey key;
    FrameInfo frame;
    for (int tries = 0; tries < 2000 && !(reader && reader->newest(key, frame)); tries++) {
      Failure failure;
      if (!reader) reader = RingReader::open(name.text, false, failure);
      napMs(1);
    }
    CHECK(reader != nullptr);
    CHECK(reader->writerRuns());
    CHECK(sweepRings(name.text).empty());
    usleep(1000 + static_cast<useconds_t>(round) * 137);
    CHECK(kill(child, SIGKILL) == 0);
    // Not yet waited for: a zombie counts as gone.
    for (int tries = 0; tries < 1000 && reader->writerRuns(); tries++) napMs(1);
    CHECK(!reader->writerRuns());
    CHECK(!reader->writerClosed());
    Failure failure;
    auto mapping = Mapping::open(name.text, false, failure);
    CHECK(mapping != nullptr);
    const auto* slots = reinterpret_cast<const SlotHeader*>(mapping->data() + sizeof(SegmentHeader));
    std::vector<uint8_t> target(i420Bytes(640, 480));
    for (uint64_t slot = 0; slot < 4; slot++) {
      const uint64_t sequence = slots[slot].sequence.load();
      if ((sequence & 1) != 0) inside++;
      const ReadResult result = reader->copyInto({slot, sequence, reader->epoch()}, target.data());
      if (sequence == 0 || (sequence & 1) != 0) {
        CHECK(result != ReadResult::Ok);
        continue;
      }
      CHECK(result == ReadResult::Ok);
      for (const uint8_t byte : target) CHECK(byte == target[0]);
      whole++;
    }
    CHECK(listed(name.text));
    const auto swept = sweepRings(name.text);
    CHECK(swept.size() == 1 && swept[0] == name.text);
    CHECK(!listed(name.text));
    CHECK(waitpid(child, nullptr, 0) == child);
  }
  CHECK(whole > 0);
  std::printf("  20 kills: %llu whole frames left, %llu slots left half written\n",
              static_cast<unsigned long long>(whole), static_cast<unsigned long long>(inside));
}

void aKilledReaderDoesNotBlockTheWriter() {
  const TestName name("r");
  RingOptions o = smallRing(name.text, Mode::Lossless, 2);
  o.readerDeadlineMs = 60000;
  Failure failure;
  auto ring = RingWriter::create(o, failure);
  CHECK(ring != nullptr);
  const pid_t child = inChild([&] {
    Failure why;
    auto reader = RingReader::open(name.text, true, why);
    CHECK(reader != nullptr);
    for (;;) pause();
  });
  for (int tries = 0; tries < 2000 && ring->activeReaders() == 0; tries++) napMs(1);
  CHECK(ring->activeReaders() == 1);
  uint32_t dropped = 0;
  for (int n = 0; n < 6; n++) {
    if (n == 2) CHECK(kill(child, SIGKILL) == 0);
    WriteSlot slot;
    CHECK(ring->begin(slot, true, nullptr, [&](uint32_t pid) { dropped = pid; }) == Acquire::Ok);
    std::memset(slot.pixels, n, slot.bytes);
    ring->publish(true, n, true, false);
  }
  CHECK(dropped == static_cast<uint32_t>(child));
  CHECK(ring->activeReaders() == 0);
  CHECK(waitpid(child, nullptr, 0) == child);
  // Its entry serves the next one.
  auto next = RingReader::open(name.text, true, failure);
  CHECK(next != nullptr && ring->activeReaders() == 1);
}

void aHalfMadeSegmentOfADeadProcessIsSwept() {
  const pid_t child = inChild([] {});
  CHECK(waitpid(child, nullptr, 0) == child);
  const auto base36 = [](uint64_t value) {
    std::string text;
    for (; value > 0; value /= 36) text.insert(text.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[value % 36]);
    return text;
  };
  Failure failure;
  const std::string dead = "/ivth-0-" + base36(static_cast<uint64_t>(child)) + "-1";
  const std::string alive = "/ivth-0-" + base36(ownPid()) + "-1";
  auto one = Mapping::create(dead, 4096, failure);
  auto two = Mapping::create(alive, 4096, failure);
  CHECK(one != nullptr && two != nullptr);
  const auto swept = sweepRings("/ivth-0-");
  Mapping::unlink(alive);
  CHECK(swept.size() == 1 && swept[0] == dead);
}

void framesCrossProcessesLossless() {
  const TestName name("x");
  constexpr uint64_t kFrames = 3000;
  Failure failure;
  auto ring = RingWriter::create(smallRing(name.text, Mode::Lossless), failure);
  CHECK(ring != nullptr);
  const pid_t child = inChild([&] {
    Failure why;
    auto reader = RingReader::open(name.text, true, why);
    CHECK(reader != nullptr);
    std::vector<uint8_t> target(kBytes);
    for (uint64_t n = 0; n < kFrames;) {
      if (reader->copyInto({n % 4, (n / 4 + 1) * 2, reader->epoch()}, target.data()) != ReadResult::Ok) {
        usleep(20);
        continue;
      }
      for (const uint8_t byte : target) CHECK(byte == static_cast<uint8_t>(n & 255));
      reader->release(++n);
    }
  });
  for (int tries = 0; tries < 2000 && ring->activeReaders() == 0; tries++) napMs(1);
  for (uint64_t n = 0; n < kFrames; n++) {
    WriteSlot slot;
    CHECK(ring->begin(slot, true, nullptr, [](uint32_t) { CHECK(false); }) == Acquire::Ok);
    std::memset(slot.pixels, static_cast<int>(n & 255), slot.bytes);
    ring->publish(true, static_cast<double>(n), true, false);
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// A shared memory of 2 MB of its own, which only root may mount: one ring fits, the next is refused, and every byte
// of the first can be written, where an unreserved one would end in SIGBUS.
void aSmallSharedMemoryIsAnErrorAndNotACrash() {
#if defined(__linux__)
  constexpr int kNotAllowed = 77;
  const pid_t child = inChild([] {
    if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=2m") != 0) {
      _exit(kNotAllowed);
    }
    RingOptions o = smallRing("/ivt-small-1", Mode::Newest);
    o.width = 640;
    o.height = 360;
    Failure failure;
    auto fits = RingWriter::create(o, failure);
    CHECK(fits != nullptr);
    o.name = "/ivt-small-2";
    CHECK(RingWriter::create(o, failure) == nullptr);
    CHECK(failure.kind == Fault::ShmFull && failure.bytesNeeded >= 4 * i420Bytes(640, 360));
    CHECK(!listed("/ivt-small-2"));
    for (int n = 0; n < 8; n++) {
      WriteSlot slot;
      CHECK(fits->begin(slot, false, nullptr, nullptr) == Acquire::Ok);
      std::memset(slot.pixels, n, slot.bytes);
      fits->publish(true, n, true, false);
    }
  });
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNotAllowed) {
    std::puts("  skipped: not allowed to mount a small shared memory");
    return;
  }
  CHECK(WEXITSTATUS(status) == 0);
#else
  std::puts("  skipped: shared memory has no size of its own here");
#endif
}

}  // namespace

int main() {
  RUN(aKilledWriterLeavesNoTornFrame);
  RUN(aKilledReaderDoesNotBlockTheWriter);
  RUN(aHalfMadeSegmentOfADeadProcessIsSwept);
  RUN(framesCrossProcessesLossless);
  RUN(aSmallSharedMemoryIsAnErrorAndNotACrash);
  std::puts("process_test: all passed");
  return 0;
}
