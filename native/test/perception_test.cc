// Perception regions: whole frames, refused frames, damaged and foreign segments.
#include <sys/stat.h>

#include "perception_frames.h"

namespace {

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

int main() {
  RUN(theChecksumIsThatOfZlib);
  RUN(aFrameIsReadAsItWasPublished);
  RUN(theSegmentIsForItsUserOnly);
  RUN(tooManyObjectsAreNotPublished);
  RUN(damagedFramesAreRefused);
  RUN(otherSegmentsAreRefused);
  RUN(aRegionInUseIsNotSwept);
  std::puts("perception_test: all passed");
  return 0;
}
