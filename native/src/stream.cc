#include "ivis/stream.h"

#include <algorithm>

namespace ivis {
namespace {
// More unread events than this and the reading waits: a process that no longer listens must not fill the memory.
constexpr size_t kMaxEvents = 4096;
}  // namespace

class FrameStream::Source final : public ByteSource {
 public:
  explicit Source(Pipe& pipe) : pipe_(pipe) {}
  bool read(uint8_t* target, size_t bytes, size_t& got) override {
    state = pipe_.read(target, bytes, got);
    return state == PipeState::Data;
  }
  PipeState state = PipeState::Data;

 private:
  Pipe& pipe_;
};

std::unique_ptr<FrameStream> FrameStream::open(std::function<void()> notify, Failure& failure) {
  std::unique_ptr<FrameStream> stream(new FrameStream());
  stream->pipe_ = Pipe::create(failure);
  if (!stream->pipe_) return nullptr;
  stream->notify_ = std::move(notify);
  stream->thread_ = std::thread([raw = stream.get()] { raw->run(); });
  return stream;
}

FrameStream::~FrameStream() {
  stop();
  join();
}

void FrameStream::stop() {
  {
    const std::lock_guard<std::mutex> hold(lock_);
    stopped_.store(true, std::memory_order_release);
  }
  pipe_->stop();
  changed_.notify_all();
}

void FrameStream::join() {
  if (thread_.joinable()) thread_.join();
}

void FrameStream::pause(bool paused) {
  const std::lock_guard<std::mutex> hold(lock_);
  paused_ = paused;
  changed_.notify_all();
}

bool FrameStream::writeTo(std::shared_ptr<RingWriter> ring) {
  const std::lock_guard<std::mutex> hold(lock_);
  if (!haveHeader_ || ring->width() != header_.width || ring->height() != header_.height) return false;
  ring_ = std::move(ring);
  changed_.notify_all();
  return true;
}

std::vector<StreamEvent> FrameStream::takeEvents() {
  const std::lock_guard<std::mutex> hold(lock_);
  std::vector<StreamEvent> taken;
  taken.swap(events_);
  changed_.notify_all();
  return taken;
}

void FrameStream::post(StreamEvent event) {
  bool first = false;
  {
    std::unique_lock<std::mutex> hold(lock_);
    if (event.kind != StreamEvent::Kind::End) {
      changed_.wait(hold, [&] { return events_.size() < kMaxEvents || stopped(); });
    }
    first = events_.empty();
    events_.push_back(std::move(event));
  }
  if (first) notify_();
}

void FrameStream::end(EndCause cause, std::string message) {
  StreamEvent event;
  event.kind = StreamEvent::Kind::End;
  event.cause = stopped() ? EndCause::Closed : cause;
  event.message = stopped() ? "closed on request" : std::move(message);
  event.frames = frames_;
  event.partialBytes = partialBytes_;
  post(std::move(event));
}

bool FrameStream::waitForRing(const NutHeader& header) {
  {
    const std::lock_guard<std::mutex> hold(lock_);
    ring_.reset();
    header_ = header;
    haveHeader_ = true;
  }
  StreamEvent event;
  event.kind = StreamEvent::Kind::Header;
  event.header = header;
  post(std::move(event));
  std::unique_lock<std::mutex> hold(lock_);
  changed_.wait(hold, [&] { return ring_ != nullptr || stopped(); });
  return !stopped();
}

bool FrameStream::waitWhilePaused() {
  std::unique_lock<std::mutex> hold(lock_);
  changed_.wait(hold, [&] { return !paused_ || stopped(); });
  return !stopped();
}

bool FrameStream::writeFrame(NutReader& reader) {
  const NutFrame frame = reader.frame();
  const uint64_t expected = i420Bytes(header_.width, header_.height);
  if (frame.bytes != expected) {
    end(EndCause::Corrupt, "a frame of " + std::to_string(frame.bytes) + " bytes where a picture of " +
                               std::to_string(header_.width) + "x" + std::to_string(header_.height) + " takes " +
                               std::to_string(expected) + ": the picture size changed without a new header");
    return false;
  }
  WriteSlot slot;
  const Acquire got = ring_->begin(slot, true, [this] { return stopped(); },
                                   [this](uint32_t pid) {
                                     StreamEvent event;
                                     event.kind = StreamEvent::Kind::ReaderDropped;
                                     event.pid = pid;
                                     post(std::move(event));
                                   });
  if (got != Acquire::Ok) {
    end(EndCause::Closed, "the ring was closed");
    return false;
  }
  if (!reader.readPayload(slot.pixels)) {
    ring_->abandon();
    partialBytes_ = reader.partialBytes();
    end(EndCause::Truncated, reader.error());
    return false;
  }
  const bool jump = discontinuity_ || (frames_ > 0 && frame.ptsMs < lastPtsMs_);
  discontinuity_ = false;
  lastPtsMs_ = frame.ptsMs;
  StreamEvent event;
  event.kind = StreamEvent::Kind::Frame;
  event.frame = ring_->publish(true, frame.ptsMs, frame.key, jump);
  frames_++;
  post(std::move(event));
  return true;
}

void FrameStream::run() {
  Source source(*pipe_);
  NutReader reader(source);
  for (;;) {
    if (!waitWhilePaused()) return end(EndCause::Closed, {});
    const NutEvent event = reader.next();
    if (stopped()) return end(EndCause::Closed, {});
    switch (event) {
      case NutEvent::Header:
        discontinuity_ = frames_ > 0;
        if (!waitForRing(reader.header())) return end(EndCause::Closed, {});
        break;
      case NutEvent::Frame:
        if (!writeFrame(reader)) return;
        break;
      case NutEvent::End:
        return end(EndCause::Eof, "end of stream");
      case NutEvent::Truncated:
        partialBytes_ = reader.partialBytes();
        return end(EndCause::Truncated, source.state == PipeState::Failed ? "the pipe failed" : reader.error());
      case NutEvent::Corrupt:
        return end(EndCause::Corrupt, reader.error());
    }
  }
}

}  // namespace ivis
