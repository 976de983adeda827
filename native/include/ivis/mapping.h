// Named shared memory behind one interface: mapping_posix.cc and mapping_win.cc.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ivis {

enum class Fault { None, ShmFull, NameExists, NotFound, BadLayout, ReaderTableFull, BadArgument, Os };

struct Failure {
  Fault kind = Fault::None;
  std::string message;
  uint64_t bytesNeeded = 0;
  explicit operator bool() const { return kind != Fault::None; }
};

class Mapping {
 public:
  virtual ~Mapping() = default;
  uint8_t* data() const { return data_; }
  size_t size() const { return size_; }

  /** Makes a new segment of zeroes, readable by this user only, with its memory reserved. */
  static std::unique_ptr<Mapping> create(const std::string& name, size_t bytes, Failure& failure);
  /** Maps an existing segment as a whole. */
  static std::unique_ptr<Mapping> open(const std::string& name, bool writable, Failure& failure);
  /** Removes the name; mappings stay valid. An absent name is no error. */
  static void unlink(const std::string& name);
  /** Names that begin with `prefix`; empty where the system has no list (macOS) or needs none (Windows). */
  static std::vector<std::string> list(const std::string& prefix);

 protected:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace ivis
