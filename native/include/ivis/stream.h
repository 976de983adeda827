// Reads one NUT stream on a thread of its own and puts its frames into a ring.
#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ivis/nut.h"
#include "ivis/pipe.h"
#include "ivis/ring.h"

namespace ivis {

enum class EndCause { Eof, Truncated, Corrupt, Closed };

struct StreamEvent {
  enum class Kind { Header, Frame, ReaderDropped, End };
  Kind kind = Kind::End;
  NutHeader header;
  FrameInfo frame;
  uint32_t pid = 0;
  EndCause cause = EndCause::Closed;
  uint64_t frames = 0;
  uint64_t partialBytes = 0;
  std::string message;
};

class FrameStream {
 public:
  /** `notify` is called from the stream's thread whenever events wait after there were none. */
  static std::unique_ptr<FrameStream> open(std::function<void()> notify, Failure& failure);
  ~FrameStream();

  int writeFd() const { return pipe_->writeFd(); }
  std::string path() const { return pipe_->path(); }
  void childStarted() { pipe_->closeWriteEnd(); }
  /** Where frames go from here on. False: the ring has not the size of the stream. */
  bool writeTo(std::shared_ptr<RingWriter> ring);
  void pause(bool paused);
  /** Ends the thread soon; the end event tells when. */
  void stop();
  void join();
  std::vector<StreamEvent> takeEvents();

 private:
  class Source;
  FrameStream() = default;
  void run();
  void post(StreamEvent event);
  void end(EndCause cause, std::string message);
  bool waitForRing(const NutHeader& header);
  bool waitWhilePaused();
  bool writeFrame(NutReader& reader);
  bool stopped() const { return stopped_.load(std::memory_order_acquire); }

  std::function<void()> notify_;
  std::unique_ptr<Pipe> pipe_;
  std::thread thread_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<StreamEvent> events_;
  std::shared_ptr<RingWriter> ring_;
  NutHeader header_;
  bool haveHeader_ = false;
  bool paused_ = false;
  bool discontinuity_ = false;
  double lastPtsMs_ = 0;
  uint64_t frames_ = 0;
  uint64_t partialBytes_ = 0;
  std::atomic<bool> stopped_{false};
};

}  // namespace ivis
