// The pipe through which ffmpeg hands over its pictures: pipe_posix.cc and pipe_win.cc.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "ivis/mapping.h"

namespace ivis {

enum class PipeState { Data, End, Stopped, Failed };

class Pipe {
 public:
  virtual ~Pipe() = default;
  static std::unique_ptr<Pipe> create(Failure& failure);
  /** POSIX: descriptor for the child's stdout, -1 once closed. */
  virtual int writeFd() const = 0;
  /** Windows: the path to give ffmpeg as its output; empty elsewhere. */
  virtual std::string path() const = 0;
  /** The child has its own copy now: without this the end of the stream would never be seen. */
  virtual void closeWriteEnd() = 0;
  /** Blocks until at least one byte is there; `got` is set with Data. */
  virtual PipeState read(uint8_t* target, size_t bytes, size_t& got) = 0;
  /** Makes every read, now and later, return Stopped; callable from any thread. */
  virtual void stop() = 0;
};

}  // namespace ivis
