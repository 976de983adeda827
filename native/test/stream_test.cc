// The whole write side: bytes into the pipe, frames out of the ring, with the thread in between.
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "check.h"
#include "ivis/stream.h"
#include "nut_stream.h"

using namespace ivis;

namespace {

/** Collects events as the addon does and waits for one of a kind. */
class Listener {
 public:
  std::unique_ptr<FrameStream> stream;

  Listener() {
    Failure failure;
    stream = FrameStream::open(
        [this] {
          const std::lock_guard<std::mutex> hold(lock_);
          rung_ = true;
          bell_.notify_all();
        },
        failure);
    CHECK(stream != nullptr);
  }

  StreamEvent next(StreamEvent::Kind kind) {
    for (;;) {
      while (at_ < events_.size()) {
        StreamEvent event = events_[at_++];
        if (event.kind == kind) return event;
        CHECK(event.kind != StreamEvent::Kind::End);
      }
      std::unique_lock<std::mutex> hold(lock_);
      // Longer than a thread may be kept from running where others want the processor: a hang lasts for ever.
      CHECK(bell_.wait_for(hold, std::chrono::seconds(120), [&] { return rung_; }));
      rung_ = false;
      hold.unlock();
      events_ = stream->takeEvents();
      at_ = 0;
    }
  }

 private:
  std::mutex lock_;
  std::condition_variable bell_;
  bool rung_ = false;
  std::vector<StreamEvent> events_;
  size_t at_ = 0;
};

/** Stands in for ffmpeg: writes the bytes to a copy of the pipe's end from another thread, then closes it. */
class Sender {
 public:
  Sender(FrameStream& stream, nut::Bytes bytes) {
    const int fd = dup(stream.writeFd());
    CHECK(fd >= 0);
    stream.childStarted();
    thread_ = std::thread([fd, data = std::move(bytes)] {
      size_t done = 0;
      while (done < data.size()) {
        const ssize_t sent = write(fd, data.data() + done, data.size() - done);
        if (sent <= 0) break;
        done += static_cast<size_t>(sent);
      }
      close(fd);
    });
  }
  ~Sender() { thread_.join(); }

 private:
  std::thread thread_;
};

std::shared_ptr<RingWriter> ringFor(const std::string& name, const NutHeader& header, Mode mode, uint32_t slots) {
  RingOptions o;
  o.name = name;
  o.width = header.width;
  o.height = header.height;
  o.slots = slots;
  o.mode = mode;
  o.checksum = true;
  Failure failure;
  std::shared_ptr<RingWriter> ring = RingWriter::create(o, failure);
  CHECK(ring != nullptr);
  return ring;
}

nut::Bytes clip(const nut::Options& o, int frames, uint64_t firstPts = 0) {
  nut::Out out;
  out.raw(nut::headers(o));
  for (int i = 0; i < frames; i++) {
    const uint64_t pts = firstPts + static_cast<uint64_t>(i) * 40;
    out.raw(nut::syncpoint(pts)).raw(nut::frame(pts, nut::picture(o, static_cast<uint8_t>(i))));
  }
  return out.bytes;
}

void everyFrameArrives() {
  const TestName name("s");
  nut::Options o;
  o.width = 320;
  o.height = 240;
  Listener listener;
  const Sender sender(*listener.stream, nut::Out().raw(nut::id()).raw(clip(o, 200)).raw(nut::index()).bytes);
  const StreamEvent header = listener.next(StreamEvent::Kind::Header);
  auto ring = ringFor(name.text, header.header, Mode::Lossless, 4);
  Failure failure;
  auto reader = RingReader::open(name.text, true, failure);
  CHECK(reader != nullptr);
  CHECK(listener.stream->writeTo(ring));
  std::vector<uint8_t> target(reader->frameBytes());
  for (uint64_t n = 0; n < 200; n++) {
    const StreamEvent event = listener.next(StreamEvent::Kind::Frame);
    CHECK(event.frame.seq == n && event.frame.ptsMs == static_cast<double>(n) * 40 && event.frame.key);
    const FrameKey key{event.frame.slot, event.frame.generation, ring->epoch()};
    CHECK(reader->copyInto(key, target.data()) == ReadResult::Ok);
    for (const uint8_t byte : target) CHECK(byte == static_cast<uint8_t>(n));
    reader->release(n + 1);
  }
  const StreamEvent end = listener.next(StreamEvent::Kind::End);
  CHECK(end.cause == EndCause::Eof && end.frames == 200 && end.partialBytes == 0);
}

void aNewSizeAsksForANewRing() {
  const TestName one("t"), two("t");
  nut::Options small, large;
  large.width = 64;
  large.height = 32;
  Listener listener;
  const Sender sender(*listener.stream,
                      nut::Out().raw(nut::id()).raw(clip(small, 3)).raw(clip(large, 2, 400)).raw(nut::index()).bytes);
  const StreamEvent first = listener.next(StreamEvent::Kind::Header);
  auto ring = ringFor(one.text, first.header, Mode::Newest, 4);
  CHECK(listener.stream->writeTo(ring));
  for (int i = 0; i < 3; i++) listener.next(StreamEvent::Kind::Frame);
  const StreamEvent second = listener.next(StreamEvent::Kind::Header);
  CHECK(second.header.width == 64 && second.header.height == 32);
  CHECK(!listener.stream->writeTo(ring));
  auto next = ringFor(two.text, second.header, Mode::Newest, 4);
  CHECK(listener.stream->writeTo(next));
  const StreamEvent frame = listener.next(StreamEvent::Kind::Frame);
  CHECK(frame.frame.width == 64 && frame.frame.ptsMs == 400);
  CHECK(listener.next(StreamEvent::Kind::End).cause == EndCause::Eof);
  CHECK(ring->written() == 3 && next->written() == 2);
}

void aFrameOfAnotherSizeEndsTheStream() {
  const TestName name("u");
  const nut::Options o;
  Listener listener;
  const Sender sender(*listener.stream, nut::Out()
                                            .raw(nut::id())
                                            .raw(clip(o, 2))
                                            .raw(nut::syncpoint(80))
                                            .raw(nut::frame(80, nut::Bytes(500, 1)))
                                            .raw(nut::index())
                                            .bytes);
  auto ring = ringFor(name.text, listener.next(StreamEvent::Kind::Header).header, Mode::Newest, 4);
  CHECK(listener.stream->writeTo(ring));
  listener.next(StreamEvent::Kind::Frame);
  listener.next(StreamEvent::Kind::Frame);
  const StreamEvent end = listener.next(StreamEvent::Kind::End);
  CHECK(end.cause == EndCause::Corrupt && end.frames == 2);
}

void aCutStreamTellsHowMuchCame() {
  const TestName name("v");
  const nut::Options o;
  nut::Bytes bytes = nut::Out().raw(nut::id()).raw(clip(o, 2)).bytes;
  bytes.resize(bytes.size() - 30);
  Listener listener;
  const Sender sender(*listener.stream, bytes);
  auto ring = ringFor(name.text, listener.next(StreamEvent::Kind::Header).header, Mode::Newest, 4);
  CHECK(listener.stream->writeTo(ring));
  const StreamEvent frame = listener.next(StreamEvent::Kind::Frame);
  const StreamEvent end = listener.next(StreamEvent::Kind::End);
  CHECK(end.cause == EndCause::Truncated && end.frames == 1 && end.partialBytes == 42);
  Failure failure;
  auto reader = RingReader::open(name.text, false, failure);
  std::vector<uint8_t> target(reader->frameBytes());
  CHECK(reader->copyInto({frame.frame.slot, frame.frame.generation, ring->epoch()}, target.data()) == ReadResult::Ok);
}

void closingEndsEveryWait() {
  // Waiting for the first byte.
  Listener idle;
  idle.stream->stop();
  CHECK(idle.next(StreamEvent::Kind::End).cause == EndCause::Closed);
  // Waiting for a ring.
  const nut::Options o;
  Listener ringless;
  {
    const Sender sender(*ringless.stream, nut::Out().raw(nut::id()).raw(clip(o, 1)).bytes);
    ringless.next(StreamEvent::Kind::Header);
    ringless.stream->stop();
    CHECK(ringless.next(StreamEvent::Kind::End).cause == EndCause::Closed);
  }
  // Waiting for a reader that does not move, and paused.
  const TestName name("w");
  Listener blocked;
  const Sender sender(*blocked.stream, nut::Out().raw(nut::id()).raw(clip(o, 9)).bytes);
  auto ring = ringFor(name.text, blocked.next(StreamEvent::Kind::Header).header, Mode::Lossless, 2);
  Failure failure;
  auto reader = RingReader::open(name.text, true, failure);
  CHECK(reader != nullptr && blocked.stream->writeTo(ring));
  blocked.next(StreamEvent::Kind::Frame);
  blocked.next(StreamEvent::Kind::Frame);
  blocked.stream->pause(true);
  reader->release(1);
  blocked.next(StreamEvent::Kind::Frame);
  blocked.stream->stop();
  const StreamEvent end = blocked.next(StreamEvent::Kind::End);
  CHECK(end.cause == EndCause::Closed && end.frames == 3);
}

}  // namespace

int main() {
  RUN(everyFrameArrives);
  RUN(aNewSizeAsksForANewRing);
  RUN(aFrameOfAnotherSizeEndsTheStream);
  RUN(aCutStreamTellsHowMuchCame);
  RUN(closingEndsEveryWait);
  std::puts("stream_test: all passed");
  return 0;
}
