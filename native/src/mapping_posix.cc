#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ivis/mapping.h"

namespace ivis {
namespace {

std::string says(const char* what, const std::string& name, int code) {
  return std::string(what) + " " + name + ": " + std::strerror(code);
}

Failure full(const std::string& name, size_t bytes) {
  return {Fault::ShmFull,
          "shared memory has no room for " + name + ": " + std::to_string(bytes) + " bytes are needed", bytes};
}

class PosixMapping final : public Mapping {
 public:
  PosixMapping(void* data, size_t size) {
    data_ = static_cast<uint8_t*>(data);
    size_ = size;
  }
  ~PosixMapping() override { munmap(data_, size_); }
};

// Reserves the memory now: touching an unreserved page of a full tmpfs would end the process with SIGBUS.
Failure reserve(int fd, const std::string& name, size_t bytes) {
#if defined(__linux__)
  struct statvfs room = {};
  if (fstatvfs(fd, &room) == 0 && room.f_blocks != 0 &&
      static_cast<uint64_t>(room.f_bavail) * room.f_frsize < bytes) {
    return full(name, bytes);
  }
  int code = 0;
  do {
    code = posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  } while (code == EINTR);
#else
  // macOS has no posix_fallocate and lets a segment be sized only once.
  const int code = ftruncate(fd, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
#endif
  if (code == ENOSPC || code == EFBIG || code == ENOMEM) return full(name, bytes);
  if (code != 0) return {Fault::Os, says("cannot reserve shared memory", name, code), bytes};
  return {};
}

std::unique_ptr<Mapping> map(int fd, const std::string& name, size_t bytes, bool writable, Failure& failure) {
  void* data = mmap(nullptr, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
  const int code = errno;
  close(fd);
  if (data == MAP_FAILED) {
    failure = code == ENOMEM ? full(name, bytes) : Failure{Fault::Os, says("cannot map", name, code), 0};
    return nullptr;
  }
  return std::make_unique<PosixMapping>(data, bytes);
}

}  // namespace

std::unique_ptr<Mapping> Mapping::create(const std::string& name, size_t bytes, Failure& failure) {
  const int fd = shm_open(name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600);
  if (fd < 0) {
    failure = {errno == EEXIST ? Fault::NameExists : Fault::Os, says("cannot create", name, errno), 0};
    return nullptr;
  }
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  failure = reserve(fd, name, bytes);
  if (failure) {
    close(fd);
    shm_unlink(name.c_str());
    return nullptr;
  }
  auto mapping = map(fd, name, bytes, true, failure);
  if (!mapping) shm_unlink(name.c_str());
  return mapping;
}

std::unique_ptr<Mapping> Mapping::open(const std::string& name, bool writable, Failure& failure) {
  const int fd = shm_open(name.c_str(), writable ? O_RDWR : O_RDONLY, 0);
  if (fd < 0) {
    failure = {errno == ENOENT ? Fault::NotFound : Fault::Os, says("cannot open", name, errno), 0};
    return nullptr;
  }
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  struct stat info = {};
  if (fstat(fd, &info) != 0 || info.st_size <= 0) {
    close(fd);
    failure = {Fault::BadLayout, name + " is empty: its writer has not finished creating it", 0};
    return nullptr;
  }
  if (info.st_uid != geteuid()) {
    close(fd);
    failure = {Fault::Os, name + " belongs to another user", 0};
    return nullptr;
  }
  return map(fd, name, static_cast<size_t>(info.st_size), writable, failure);
}

void Mapping::unlink(const std::string& name) { shm_unlink(name.c_str()); }

std::vector<std::string> Mapping::list(const std::string& prefix) {
  std::vector<std::string> names;
#if defined(__linux__)
  DIR* folder = opendir("/dev/shm");
  if (folder == nullptr) return names;
  while (const dirent* entry = readdir(folder)) {
    std::string name = std::string("/") + entry->d_name;
    if (name.compare(0, prefix.size(), prefix) == 0) names.push_back(std::move(name));
  }
  closedir(folder);
#else
  (void)prefix;
#endif
  return names;
}

}  // namespace ivis
