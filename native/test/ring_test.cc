// The ring within one process: lossless, reader table, errors.
#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "check.h"
#include "ivis/host.h"

using namespace ivis;

namespace {

constexpr uint64_t kBytes = i420Bytes(64, 48);

std::unique_ptr<RingWriter> make(const RingOptions& o) {
  Failure failure;
  auto ring = RingWriter::create(o, failure);
  if (!ring) std::fprintf(stderr, "%s\n", failure.message.c_str());
  CHECK(ring != nullptr);
  return ring;
}

std::unique_ptr<RingReader> attach(const std::string& name, bool registered) {
  Failure failure;
  auto reader = RingReader::open(name, registered, failure);
  if (!reader) std::fprintf(stderr, "%s\n", failure.message.c_str());
  CHECK(reader != nullptr);
  return reader;
}

FrameInfo put(RingWriter& ring, uint8_t value) {
  WriteSlot slot;
  CHECK(ring.begin(slot, false, nullptr, nullptr) == Acquire::Ok);
  std::memset(slot.pixels, value, slot.bytes);
  return ring.publish(true, value * 40.0, true, false);
}

FrameKey keyOf(const RingWriter& ring, const FrameInfo& f) { return {f.slot, f.generation, ring.epoch()}; }

void aFrameIsReadAsItWasWritten() {
  const TestName name("a");
  auto ring = make(smallRing(name.text, Mode::Newest));
  auto reader = attach(name.text, false);
  const FrameInfo frame = put(*ring, 7);
  std::vector<uint8_t> target(kBytes);
  FrameInfo seen;
  CHECK(reader->copyInto(keyOf(*ring, frame), target.data(), &seen) == ReadResult::Ok);
  for (const uint8_t byte : target) CHECK(byte == 7);
  CHECK(seen.seq == 0 && seen.hasPts && seen.ptsMs == 280 && seen.width == 64 && seen.height == 48);
  FrameKey wrong = keyOf(*ring, frame);
  wrong.epoch ^= 1;
  CHECK(reader->copyInto(wrong, target.data()) == ReadResult::WrongEpoch);
  wrong = keyOf(*ring, frame);
  wrong.slot = 99;
  CHECK(reader->copyInto(wrong, target.data()) == ReadResult::Corrupt);
  for (int i = 0; i < 4; i++) put(*ring, 8);
  CHECK(reader->copyInto(keyOf(*ring, frame), target.data()) == ReadResult::Overwritten);
  ring->close();
  CHECK(reader->writerClosed());
  reader->close();
  CHECK(reader->copyInto(keyOf(*ring, frame), target.data()) == ReadResult::Closed);
}

void anAbandonedSlotIsNeverRead() {
  const TestName name("b");
  auto ring = make(smallRing(name.text, Mode::Newest, 2));
  auto reader = attach(name.text, false);
  const FrameInfo first = put(*ring, 1);
  put(*ring, 2);
  WriteSlot slot;
  CHECK(ring->begin(slot, false, nullptr, nullptr) == Acquire::Ok);
  std::memset(slot.pixels, 3, slot.bytes / 2);
  ring->abandon();
  std::vector<uint8_t> target(kBytes);
  CHECK(reader->copyInto(keyOf(*ring, first), target.data()) == ReadResult::Overwritten);
  const FrameInfo again = put(*ring, 4);
  CHECK(again.slot == first.slot && again.generation > first.generation && again.generation % 2 == 0);
  CHECK(reader->copyInto(keyOf(*ring, again), target.data()) == ReadResult::Ok);
}

void aDamagedPixelFailsItsChecksum() {
  const TestName name("d");
  RingOptions o = smallRing(name.text, Mode::Newest);
  o.checksum = true;
  auto ring = make(o);
  auto reader = attach(name.text, false);
  const FrameInfo frame = put(*ring, 9);
  Failure failure;
  auto mapping = Mapping::open(name.text, true, failure);
  CHECK(mapping != nullptr);
  mapping->data()[reinterpret_cast<SegmentHeader*>(mapping->data())->pixelsOffset + 100] ^= 1;
  std::vector<uint8_t> target(kBytes);
  CHECK(reader->copyInto(keyOf(*ring, frame), target.data()) == ReadResult::Corrupt);
}

void losslessLosesNothing() {
  const TestName name("e");
  auto ring = make(smallRing(name.text, Mode::Lossless));
  auto slow = attach(name.text, true);
  auto fast = attach(name.text, true);
  CHECK(ring->activeReaders() == 2);
  constexpr uint64_t kFrames = 4000;
  std::atomic<uint64_t> slowHas{0};
  std::atomic<uint64_t> fastHas{0};
  std::thread writer([&] {
    for (uint64_t n = 0; n < kFrames; n++) {
      WriteSlot slot;
      CHECK(ring->begin(slot, true, nullptr, [](uint32_t) { CHECK(false); }) == Acquire::Ok);
      // Whatever the other reader does meanwhile, a frame that one of them has not read is not written over.
      CHECK(slowHas.load() + 4 > n && fastHas.load() + 4 > n);
      std::memset(slot.pixels, static_cast<int>(n & 255), slot.bytes);
      ring->publish(true, static_cast<double>(n), true, false);
    }
  });
  const auto readAll = [&](RingReader& reader, std::atomic<uint64_t>& has, int pauseUs) {
    std::vector<uint8_t> target(kBytes);
    for (uint64_t n = 0; n < kFrames;) {
      // Without descriptors the slot and generation of frame n are known: 4 slots, two steps of the word per frame.
      const FrameKey key{n % 4, (n / 4 + 1) * 2, reader.epoch()};
      if (reader.copyInto(key, target.data()) != ReadResult::Ok) {
        std::this_thread::yield();
        continue;
      }
      for (const uint8_t byte : target) CHECK(byte == static_cast<uint8_t>(n & 255));
      if (pauseUs > 0 && n % 16 == 0) std::this_thread::sleep_for(std::chrono::microseconds(pauseUs));
      has.store(++n);
      reader.release(n);
    }
  };
  std::thread other([&] { readAll(*fast, fastHas, 0); });
  readAll(*slow, slowHas, 200);
  other.join();
  writer.join();
  CHECK(ring->written() == kFrames);
  CHECK(ring->waitedMs() > 0);
}

void aReaderPastItsDeadlineIsDropped() {
  const TestName name("f");
  RingOptions o = smallRing(name.text, Mode::Lossless, 2);
  o.readerDeadlineMs = 60;
  auto ring = make(o);
  auto reader = attach(name.text, true);
  uint32_t droppedPid = 0;
  for (uint8_t n = 0; n < 5; n++) {
    WriteSlot slot;
    CHECK(ring->begin(slot, true, nullptr, [&](uint32_t pid) { droppedPid = pid; }) == Acquire::Ok);
    std::memset(slot.pixels, n, slot.bytes);
    ring->publish(true, n, true, false);
  }
  CHECK(droppedPid == ownPid());
  CHECK(reader->dropped());
  CHECK(ring->activeReaders() == 0);
  reader->release(4);
  CHECK(reader->dropped());
}

void aWaitEndsWhenStoppedOrClosed() {
  const TestName name("g");
  auto ring = make(smallRing(name.text, Mode::Lossless, 2));
  auto reader = attach(name.text, true);
  put(*ring, 1);
  put(*ring, 2);
  CHECK(!ring->hasRoom());
  WriteSlot slot;
  CHECK(ring->begin(slot, false, nullptr, nullptr) == Acquire::Full);
  CHECK(ring->begin(slot, true, [] { return true; }, nullptr) == Acquire::Stopped);
  std::thread closer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    ring->close();
  });
  CHECK(ring->begin(slot, true, nullptr, nullptr) == Acquire::Closed);
  closer.join();
}

void theReaderTableIsBounded() {
  const TestName name("h");
  auto ring = make(smallRing(name.text, Mode::Newest));
  std::vector<std::unique_ptr<RingReader>> readers;
  for (uint32_t i = 0; i < kMaxReaders; i++) readers.push_back(attach(name.text, true));
  Failure failure;
  CHECK(RingReader::open(name.text, true, failure) == nullptr);
  CHECK(failure.kind == Fault::ReaderTableFull);
  CHECK(RingReader::open(name.text, false, failure) != nullptr);
  readers.pop_back();
  CHECK(RingReader::open(name.text, true, failure) != nullptr);
}

void wrongSegmentsAreRefused() {
  Failure failure;
  CHECK(RingReader::open("/ivt-none", false, failure) == nullptr && failure.kind == Fault::NotFound);
  const TestName name("i");
  auto ring = make(smallRing(name.text, Mode::Newest));
  CHECK(RingWriter::create(smallRing(name.text, Mode::Newest), failure) == nullptr);
  CHECK(failure.kind == Fault::NameExists);
  RingOptions bad = smallRing("no-slash", Mode::Newest);
  CHECK(RingWriter::create(bad, failure) == nullptr && failure.kind == Fault::BadArgument);
  bad.name = "/a-name-that-is-much-too-long-for-macos";
  CHECK(RingWriter::create(bad, failure) == nullptr && failure.kind == Fault::BadArgument);
  // Every word of the header broken in turn must be refused or be harmless, never a crash.
  auto mapping = Mapping::open(name.text, true, failure);
  CHECK(mapping != nullptr);
  std::vector<uint8_t> target(kBytes);
  for (size_t at = 0; at < 64; at += 4) {
    uint32_t saved;
    std::memcpy(&saved, mapping->data() + at, 4);
    for (const uint32_t value : {0U, 1U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
      std::memcpy(mapping->data() + at, &value, 4);
      Failure why;
      auto reader = RingReader::open(name.text, false, why);
      if (reader) {
        reader->copyInto({0, 2, reader->epoch()}, target.data());
      } else {
        CHECK(why.kind == Fault::BadLayout);
      }
    }
    std::memcpy(mapping->data() + at, &saved, 4);
  }
}

void tooLittleRoomIsAnErrorWithTheSizeNeeded() {
  const TestName name("j");
  RingOptions o = smallRing(name.text, Mode::Newest, kMaxSlots);
  o.width = kMaxSide;
  o.height = kMaxSide;
  Failure failure;
  CHECK(RingWriter::create(o, failure) == nullptr);
  CHECK(failure.kind == Fault::ShmFull);
  CHECK(failure.bytesNeeded > kMaxSlots * i420Bytes(kMaxSide, kMaxSide));
  CHECK(RingReader::open(name.text, false, failure) == nullptr && failure.kind == Fault::NotFound);
}

void theChecksumIsCastagnoli() {
  // Check value of CRC-32C: RFC 3720, appendix B.4 and the usual nine digits.
  const uint8_t digits[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  CHECK(crc32c(digits, sizeof digits) == 0xE3069283U);
  const uint8_t zeroes[32] = {};
  CHECK(crc32c(zeroes, sizeof zeroes) == 0x8A9136AAU);
}

}  // namespace

int main() {
  RUN(aFrameIsReadAsItWasWritten);
  RUN(anAbandonedSlotIsNeverRead);
  RUN(aDamagedPixelFailsItsChecksum);
  RUN(losslessLosesNothing);
  RUN(aReaderPastItsDeadlineIsDropped);
  RUN(aWaitEndsWhenStoppedOrClosed);
  RUN(theReaderTableIsBounded);
  RUN(wrongSegmentsAreRefused);
  RUN(tooLittleRoomIsAnErrorWithTheSizeNeeded);
  RUN(theChecksumIsCastagnoli);
  std::puts("ring_test: all passed");
  return 0;
}
