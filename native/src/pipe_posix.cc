#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "ivis/pipe.h"

namespace ivis {
namespace {

// pipe2 is missing on macOS; the gap between pipe and fcntl matters only if another thread forks in it.
bool makePipe(int fds[2]) {
#if defined(__linux__)
  return pipe2(fds, O_CLOEXEC) == 0;
#else
  if (pipe(fds) != 0) return false;
  fcntl(fds[0], F_SETFD, FD_CLOEXEC);
  fcntl(fds[1], F_SETFD, FD_CLOEXEC);
  return true;
#endif
}

class PosixPipe final : public Pipe {
 public:
  PosixPipe(const int data[2], const int wake[2])
      : readEnd_(data[0]), writeEnd_(data[1]), wakeRead_(wake[0]), wakeWrite_(wake[1]) {}
  ~PosixPipe() override {
    closeWriteEnd();
    close(readEnd_);
    close(wakeRead_);
    close(wakeWrite_);
  }
  int writeFd() const override { return writeEnd_; }
  std::string path() const override { return {}; }
  void closeWriteEnd() override {
    if (writeEnd_ >= 0) close(writeEnd_);
    writeEnd_ = -1;
  }
  PipeState read(uint8_t* target, size_t bytes, size_t& got) override {
    for (;;) {
      if (stopped_.load(std::memory_order_acquire)) return PipeState::Stopped;
      const ssize_t count = ::read(readEnd_, target, bytes);
      if (count > 0) {
        got = static_cast<size_t>(count);
        return PipeState::Data;
      }
      if (count == 0) return PipeState::End;
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) return PipeState::Failed;
      pollfd both[2] = {{readEnd_, POLLIN, 0}, {wakeRead_, POLLIN, 0}};
      if (poll(both, 2, -1) < 0 && errno != EINTR) return PipeState::Failed;
    }
  }
  void stop() override {
    stopped_.store(true, std::memory_order_release);
    const char byte = 1;
    // A full wake pipe means a wake-up is already under way.
    if (write(wakeWrite_, &byte, 1) < 0) return;
  }

 private:
  const int readEnd_;
  int writeEnd_;
  const int wakeRead_;
  const int wakeWrite_;
  std::atomic<bool> stopped_{false};
};

}  // namespace

std::unique_ptr<Pipe> Pipe::create(Failure& failure) {
  int data[2] = {-1, -1};
  int wake[2] = {-1, -1};
  if (!makePipe(data) || !makePipe(wake)) {
    failure = {Fault::Os, std::string("cannot create a pipe: ") + std::strerror(errno), 0};
    if (data[0] >= 0) {
      close(data[0]);
      close(data[1]);
    }
    return nullptr;
  }
  // Only our end: O_NONBLOCK belongs to one end of a pipe, the child's writes stay blocking.
  fcntl(data[0], F_SETFL, O_NONBLOCK);
  fcntl(wake[1], F_SETFL, O_NONBLOCK);
#if defined(__linux__)
  // A larger pipe saves wake-ups; a refusal (the user's pipe quota) costs only speed.
  fcntl(data[0], F_SETPIPE_SZ, 1 << 20);
#endif
  return std::make_unique<PosixPipe>(data, wake);
}

}  // namespace ivis
