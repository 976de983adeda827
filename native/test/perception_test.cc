// Perception regions: whole frames, refused frames, torn reads, a killed writer. argv[1]: reads of the torn-read test.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "check.h"
#include "ivis/host.h"
#include "ivis/perception.h"

using namespace ivis;

namespace {

uint64_t reads = 20000;
constexpr int kKinds = IVIS_PERCEPTION_SECTIONS;

std::unique_ptr<PerceptionWriter> make(const std::string& name) {
  Failure failure;
  auto writer = PerceptionWriter::create(name, "camera-1", 7, failure);
  if (!writer) std::fprintf(stderr, "%s\n", failure.message.c_str());
  CHECK(writer != nullptr);
  return writer;
}

std::unique_ptr<PerceptionReader> attach(const std::string& name) {
  Failure failure;
  auto reader = PerceptionReader::open(name, failure);
  if (!reader) std::fprintf(stderr, "%s\n", failure.message.c_str());
  CHECK(reader != nullptr);
  return reader;
}

/** A frame of which every word follows from `n`, so that a mixture of two is seen without its checksum. */
std::vector<uint8_t> frameOf(int kind, uint64_t n) {
  std::vector<uint8_t> bytes(ivis_frame_bytes(kind));
  for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    // Even words hold n, counts inside timelines (at byte 4 of each) stay small.
    const uint64_t word = kind == IVIS_TIMELINES ? n & 0xFFFFFFFFU : n * 2654435761U + at;
    std::memcpy(bytes.data() + at, &word, 8);
  }
  ivis_frame_head head = {};
  head.frame_id = n;
  head.timestamp_ms = n * 40;
  head.count = static_cast<uint32_t>(n % (kind == IVIS_TIMELINES ? 6 : 51));
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}

/** True when everything in the frame but what the writer fills in belongs to `n`. */
bool isWhole(int kind, const std::vector<uint8_t>& frame, uint64_t n) {
  std::vector<uint8_t> expected = frameOf(kind, n);
  std::memcpy(expected.data(), frame.data(), 8);
  std::memcpy(expected.data() + expected.size() - 4, frame.data() + frame.size() - 4, 4);
  return expected == frame;
}

uint64_t numberIn(const std::vector<uint8_t>& frame) {
  ivis_frame_head head;
  std::memcpy(&head, frame.data(), sizeof head);
  return head.frame_id;
}

void aFrameIsReadAsItWasPublished() {
  const TestName name("a");
  auto writer = make(name.text);
  auto reader = attach(name.text);
  CHECK(std::strcmp(reader->header().source_id, "camera-1") == 0 && reader->header().run_id == 7);
  CHECK(reader->writerRuns());
  for (int kind = 0; kind < kKinds; kind++) {
    std::vector<uint8_t> target(ivis_frame_bytes(kind));
    uint64_t sequence = 99;
    CHECK(ivis_perception_read(&reader->region(), kind, target.data(), &sequence) == IVIS_READ_NO_DATA);
    for (uint64_t n = 1; n <= 5; n++) {
      CHECK(writer->publish(kind, frameOf(kind, n * 11).data()) == IVIS_READ_OK);
      CHECK(ivis_perception_read(&reader->region(), kind, target.data(), &sequence) == IVIS_READ_OK);
      CHECK(sequence == n && isWhole(kind, target, n * 11));
    }
  }
  CHECK(!ivis_perception_stale(&reader->region()) && !ivis_perception_closed(&reader->region()));
  writer->close();
  CHECK(ivis_perception_closed(&reader->region()));
}

void theSegmentIsForItsUserOnly() {
  const TestName name("b");
  auto writer = make(name.text);
#if defined(__linux__)
  struct stat info = {};
  CHECK(stat(("/dev/shm" + name.text).c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(static_cast<size_t>(info.st_size) == ivis_region_bytes());
#endif
  Failure failure;
  CHECK(PerceptionWriter::create(name.text, "camera-1", 7, failure) == nullptr);
  CHECK(failure.kind == Fault::NameExists);
  CHECK(PerceptionWriter::create("/a-name-that-is-much-too-long-for-macos", "s", 1, failure) == nullptr);
  CHECK(failure.kind == Fault::BadArgument);
  CHECK(PerceptionWriter::create("/ok", std::string(64, 's'), 1, failure) == nullptr);
  CHECK(failure.kind == Fault::BadArgument);
}

void tooManyObjectsAreNotPublished() {
  const TestName name("c");
  auto writer = make(name.text);
  auto reader = attach(name.text);
  for (int kind = 0; kind < kKinds; kind++) {
    std::vector<uint8_t> frame = frameOf(kind, 1);
    const uint32_t count = kind == IVIS_TIMELINES ? 6 : 51;
    std::memcpy(frame.data() + offsetof(ivis_frame_head, count), &count, 4);
    CHECK(writer->publish(kind, frame.data()) == IVIS_READ_BAD_COUNT);
    CHECK(ivis_perception_read(&reader->region(), kind, frame.data(), nullptr) == IVIS_READ_NO_DATA);
  }
  std::vector<uint8_t> timelines = frameOf(IVIS_TIMELINES, 1);
  const uint32_t objects = 51;
  std::memcpy(timelines.data() + sizeof(ivis_frame_head) + offsetof(ivis_timeline_snapshot, count), &objects, 4);
  CHECK(writer->publish(IVIS_TIMELINES, timelines.data()) == IVIS_READ_BAD_COUNT);
}

void damagedFramesAreRefused() {
  const TestName name("d");
  auto writer = make(name.text);
  auto reader = attach(name.text);
  Failure failure;
  auto mapping = Mapping::open(name.text, true, failure);
  CHECK(mapping != nullptr);
  for (int kind = 0; kind < kKinds; kind++) {
    CHECK(writer->publish(kind, frameOf(kind, 3).data()) == IVIS_READ_OK);
    uint8_t* frame = mapping->data() + ivis_section_offset(kind) + ivis_frame_stride(kind);
    std::vector<uint8_t> target(ivis_frame_bytes(kind));
    const auto readWith = [&](size_t at) {
      frame[at] ^= 0x40;
      const int result = ivis_perception_read(&reader->region(), kind, target.data(), nullptr);
      frame[at] ^= 0x40;
      return result;
    };
    CHECK(readWith(0) == IVIS_READ_BAD_MAGIC);
    CHECK(readWith(4) == IVIS_READ_BAD_VERSION);
    CHECK(readWith(offsetof(ivis_frame_head, count)) == IVIS_READ_BAD_COUNT);
    CHECK(readWith(100) == IVIS_READ_BAD_CRC);
    CHECK(readWith(target.size() - 1) == IVIS_READ_BAD_CRC);
    CHECK(ivis_perception_read(&reader->region(), kind, target.data(), nullptr) == IVIS_READ_OK);
  }
}

void otherSegmentsAreRefused() {
  Failure failure;
  CHECK(PerceptionReader::open("/ivt-none", failure) == nullptr && failure.kind == Fault::NotFound);
  const TestName name("e");
  auto writer = make(name.text);
  writer->publish(IVIS_TRACKS, frameOf(IVIS_TRACKS, 1).data());
  auto mapping = Mapping::open(name.text, true, failure);
  CHECK(mapping != nullptr);
  // Every word of the header broken in turn is refused or harmless, never a crash.
  std::vector<uint8_t> target(ivis_frame_bytes(IVIS_TIMELINES));
  uint32_t refused = 0;
  for (size_t at = 0; at < sizeof(ivis_region_header); at += 4) {
    uint32_t saved;
    std::memcpy(&saved, mapping->data() + at, 4);
    for (const uint32_t value : {0U, 1U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
      std::memcpy(mapping->data() + at, &value, 4);
      Failure why;
      auto reader = PerceptionReader::open(name.text, why);
      if (!reader) {
        CHECK(why.kind == Fault::BadLayout);
        refused++;
        continue;
      }
      for (int kind = 0; kind < kKinds; kind++) {
        ivis_perception_read(&reader->region(), kind, target.data(), nullptr);
      }
    }
    std::memcpy(mapping->data() + at, &saved, 4);
  }
  CHECK(refused > 40);
  const TestName ring("f");
  auto other = RingWriter::create(smallRing(ring.text, Mode::Newest), failure);
  CHECK(other != nullptr);
  CHECK(PerceptionReader::open(ring.text, failure) == nullptr && failure.kind == Fault::BadLayout);
}

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

void aRegionInUseIsNotSwept() {
  const TestName name("j");
  auto writer = make(name.text);
  CHECK(sweepRings(name.text).empty());
  CHECK(attach(name.text) != nullptr);
}

void theChecksumIsThatOfZlib() {
  ivis_crc_tables tables;
  ivis_crc_prepare(&tables);
  const uint8_t digits[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  CHECK(ivis_crc(&tables, digits, sizeof digits) == 0xCBF43926U);
  CHECK(ivis_crc(&tables, digits, 0) == 0);
  CHECK(ivis_crc(&tables, digits, 1) == 0x83DCEFB7U);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) reads = std::strtoull(argv[1], nullptr, 10);
  RUN(theChecksumIsThatOfZlib);
  RUN(aFrameIsReadAsItWasPublished);
  RUN(theSegmentIsForItsUserOnly);
  RUN(tooManyObjectsAreNotPublished);
  RUN(damagedFramesAreRefused);
  RUN(otherSegmentsAreRefused);
  RUN(aKilledWriterLeavesItsLastWholeFrame);
  RUN(aRegionInUseIsNotSwept);
  RUN(aReadInterruptedInTheMiddleIsCaughtTwice);
  RUN(noFrameIsTorn);
  std::puts("perception_test: all passed");
  return 0;
}
