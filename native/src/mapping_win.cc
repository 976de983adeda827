#include <windows.h>

#include <string>

#include "ivis/mapping.h"

namespace ivis {
namespace {

/** "/ivis-1-2" becomes "Local\\ivis-1-2": a name seen within one log-on. */
std::string objectName(const std::string& name) { return "Local\\" + name.substr(1); }

std::string says(const char* what, const std::string& name, DWORD code) {
  return std::string(what) + " " + name + ": Windows error " + std::to_string(code);
}

class WindowsMapping final : public Mapping {
 public:
  WindowsMapping(HANDLE handle, void* data, size_t size) : handle_(handle) {
    data_ = static_cast<uint8_t*>(data);
    size_ = size;
  }
  ~WindowsMapping() override {
    UnmapViewOfFile(data_);
    CloseHandle(handle_);
  }

 private:
  const HANDLE handle_;
};

std::unique_ptr<Mapping> view(HANDLE handle, const std::string& name, bool writable, size_t bytes, Failure& failure) {
  void* data = MapViewOfFile(handle, writable ? FILE_MAP_READ | FILE_MAP_WRITE : FILE_MAP_READ, 0, 0, bytes);
  if (data == nullptr) {
    failure = {Fault::Os, says("cannot map", name, GetLastError()), 0};
    CloseHandle(handle);
    return nullptr;
  }
  if (bytes == 0) {
    MEMORY_BASIC_INFORMATION info = {};
    VirtualQuery(data, &info, sizeof info);
    bytes = info.RegionSize;
  }
  return std::make_unique<WindowsMapping>(handle, data, bytes);
}

}  // namespace

std::unique_ptr<Mapping> Mapping::create(const std::string& name, size_t bytes, Failure& failure) {
  // SEC_COMMIT reserves the memory now, so a system without room says so here and not on the first touch.
  const HANDLE handle = CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE | SEC_COMMIT,
                                           static_cast<DWORD>(static_cast<uint64_t>(bytes) >> 32),
                                           static_cast<DWORD>(bytes), objectName(name).c_str());
  const DWORD code = GetLastError();
  if (handle == nullptr) {
    const bool full = code == ERROR_COMMITMENT_LIMIT || code == ERROR_DISK_FULL || code == ERROR_NOT_ENOUGH_MEMORY ||
                      code == ERROR_NO_SYSTEM_RESOURCES;
    failure = {full ? Fault::ShmFull : Fault::Os, says("cannot create", name, code), full ? bytes : 0};
    return nullptr;
  }
  if (code == ERROR_ALREADY_EXISTS) {
    CloseHandle(handle);
    failure = {Fault::NameExists, says("cannot create", name, code), 0};
    return nullptr;
  }
  return view(handle, name, true, bytes, failure);
}

std::unique_ptr<Mapping> Mapping::open(const std::string& name, bool writable, Failure& failure) {
  const DWORD access = writable ? FILE_MAP_READ | FILE_MAP_WRITE : FILE_MAP_READ;
  const HANDLE handle = OpenFileMappingA(access, FALSE, objectName(name).c_str());
  if (handle == nullptr) {
    const DWORD code = GetLastError();
    failure = {code == ERROR_FILE_NOT_FOUND ? Fault::NotFound : Fault::Os, says("cannot open", name, code), 0};
    return nullptr;
  }
  return view(handle, name, writable, 0, failure);
}

// A mapping's name goes with its last handle, so there is nothing to unlink and nothing is left to sweep.
void Mapping::unlink(const std::string&) {}
std::vector<std::string> Mapping::list(const std::string&) { return {}; }

}  // namespace ivis
