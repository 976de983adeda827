#include <windows.h>

#include <atomic>

#include "ivis/host.h"
#include "ivis/pipe.h"

namespace ivis {
namespace {

// Descriptors cannot be handed to a child on Windows, so ffmpeg opens this named pipe as its output file.
class WindowsPipe final : public Pipe {
 public:
  WindowsPipe(HANDLE pipe, HANDLE done, HANDLE stop, std::string path)
      : pipe_(pipe), done_(done), stop_(stop), path_(std::move(path)) {}
  ~WindowsPipe() override {
    CloseHandle(pipe_);
    CloseHandle(done_);
    CloseHandle(stop_);
  }
  int writeFd() const override { return -1; }
  std::string path() const override { return path_; }
  void closeWriteEnd() override {}

  PipeState read(uint8_t* target, size_t bytes, size_t& got) override {
    if (!connected_) {
      const PipeState state = connect();
      if (state != PipeState::Data) return state;
      connected_ = true;
    }
    OVERLAPPED call = {};
    call.hEvent = done_;
    const DWORD wanted = bytes > (1U << 20) ? 1U << 20 : static_cast<DWORD>(bytes);
    DWORD count = 0;
    if (ReadFile(pipe_, target, wanted, nullptr, &call) == 0 && GetLastError() != ERROR_IO_PENDING) return ended();
    const PipeState state = finish(call, count);
    if (state == PipeState::Data) got = count;
    return state == PipeState::Data && count == 0 ? PipeState::End : state;
  }

  void stop() override { SetEvent(stop_); }

 private:
  static PipeState ended() { return GetLastError() == ERROR_BROKEN_PIPE ? PipeState::End : PipeState::Failed; }

  PipeState connect() {
    OVERLAPPED call = {};
    call.hEvent = done_;
    if (ConnectNamedPipe(pipe_, &call) != 0) return PipeState::Data;
    const DWORD code = GetLastError();
    if (code == ERROR_PIPE_CONNECTED) return PipeState::Data;
    if (code != ERROR_IO_PENDING) return PipeState::Failed;
    DWORD ignored = 0;
    return finish(call, ignored);
  }

  PipeState finish(OVERLAPPED& call, DWORD& count) {
    const HANDLE either[2] = {stop_, done_};
    if (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0) {
      // The system may still write into the target: wait for the cancelled call to be over.
      CancelIoEx(pipe_, &call);
      GetOverlappedResult(pipe_, &call, &count, TRUE);
      return PipeState::Stopped;
    }
    return GetOverlappedResult(pipe_, &call, &count, FALSE) != 0 ? PipeState::Data : ended();
  }

  const HANDLE pipe_;
  const HANDLE done_;
  const HANDLE stop_;
  const std::string path_;
  bool connected_ = false;
};

}  // namespace

std::unique_ptr<Pipe> Pipe::create(Failure& failure) {
  static std::atomic<uint32_t> made{0};
  const std::string path = "\\\\.\\pipe\\ivis-" + std::to_string(ownPid()) + "-" + std::to_string(made.fetch_add(1)) +
                           "-" + std::to_string(randomNonZero());
  const HANDLE pipe = CreateNamedPipeA(
      path.c_str(), PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
      PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, 1 << 20, 0, nullptr);
  if (pipe == INVALID_HANDLE_VALUE) {
    failure = {Fault::Os, "cannot create a named pipe: Windows error " + std::to_string(GetLastError()), 0};
    return nullptr;
  }
  const HANDLE done = CreateEventA(nullptr, TRUE, FALSE, nullptr);
  const HANDLE stop = CreateEventA(nullptr, TRUE, FALSE, nullptr);
  return std::make_unique<WindowsPipe>(pipe, done, stop, path);
}

}  // namespace ivis
