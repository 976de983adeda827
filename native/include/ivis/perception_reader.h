/*
 * Reads what ivis publishes, in plain C11 (the addon of ivis uses the same functions from C++17).
 * To install: copy this file and perception_layout.h into a folder `ivis` on the include path; nothing is linked but
 * -lrt on old Linux. Include it before other headers, because it asks POSIX for shared memory and clocks.
 *
 *   ivis_perception region;
 *   ivis_detection_frame frame;
 *   if (ivis_perception_open(&region, "/ivis-0-abc-1") == IVIS_READ_OK &&
 *       ivis_perception_detections(&region, &frame) == IVIS_READ_OK && !ivis_perception_stale(&region)) ...
 *
 * No call blocks, no call writes to the region, and any number of programs of the same user may read at once.
 */
#ifndef IVIS_PERCEPTION_READER_H
#define IVIS_PERCEPTION_READER_H

#if !defined(_WIN32) && !defined(_POSIX_C_SOURCE) && !defined(__cplusplus)
#define _POSIX_C_SOURCE 200809L
#endif

#include <string.h>

#include "perception_layout.h"

#ifdef __cplusplus
#include <atomic>
#else
#include <stdatomic.h>
#endif

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#endif

enum ivis_read_result {
  IVIS_READ_OK = 0,
  IVIS_READ_NO_DATA = 1,     /* the region is there, nothing of this kind was published yet */
  IVIS_READ_TORN = 2,        /* the writer was faster than every try: try again */
  IVIS_READ_BAD_MAGIC = 3,   /* the rest: do not use the frame */
  IVIS_READ_BAD_VERSION = 4,
  IVIS_READ_BAD_COUNT = 5,
  IVIS_READ_BAD_CRC = 6,
  IVIS_READ_NOT_FOUND = 7,   /* of open: no such region, ivis does not publish */
  IVIS_READ_BAD_REGION = 8   /* of open: not a region of this layout, or not yet finished */
};

#define IVIS_READ_TRIES 4

typedef struct ivis_perception {
  const uint8_t* data;
  size_t bytes;
  void* handle; /* Windows: of the mapping */
  ivis_crc_tables crc;
} ivis_perception;

/* Every byte of a region is read through these: the writer may be writing it. */
static inline uint64_t ivis_load64(const void* at) {
#ifdef __cplusplus
  return reinterpret_cast<const std::atomic<uint64_t>*>(at)->load(std::memory_order_relaxed);
#else
  return atomic_load_explicit((const _Atomic uint64_t*)at, memory_order_relaxed);
#endif
}
static inline uint32_t ivis_load32(const void* at) {
#ifdef __cplusplus
  return reinterpret_cast<const std::atomic<uint32_t>*>(at)->load(std::memory_order_relaxed);
#else
  return atomic_load_explicit((const _Atomic uint32_t*)at, memory_order_relaxed);
#endif
}
static inline void ivis_acquire(void) {
#ifdef __cplusplus
  std::atomic_thread_fence(std::memory_order_acquire);
#else
  atomic_thread_fence(memory_order_acquire);
#endif
}

static inline size_t ivis_frame_bytes(int section) {
  return section == IVIS_DETECTIONS ? sizeof(ivis_detection_frame)
         : section == IVIS_TRACKS   ? sizeof(ivis_tracked_objects_frame)
                                    : sizeof(ivis_timelines_frame);
}
static inline size_t ivis_frame_stride(int section) { return (ivis_frame_bytes(section) + 63U) / 64U * 64U; }
static inline size_t ivis_section_offset(int section) {
  size_t at = sizeof(ivis_region_header);
  for (int before = 0; before < section; before++) at += 2 * ivis_frame_stride(before);
  return at;
}
static inline size_t ivis_region_bytes(void) { return ivis_section_offset((int)IVIS_PERCEPTION_SECTIONS); }

/* Begins to read from memory that is mapped already. IVIS_READ_OK or IVIS_READ_BAD_REGION. */
static inline int ivis_perception_attach(ivis_perception* region, const void* data, size_t bytes) {
  const ivis_region_header* header = (const ivis_region_header*)data;
  if (bytes < ivis_region_bytes() || ivis_load64(&header->magic) != IVIS_PERCEPTION_REGION_MAGIC)
    return IVIS_READ_BAD_REGION;
  ivis_acquire();
  if (header->version != IVIS_PERCEPTION_VERSION || header->byte_order != IVIS_PERCEPTION_BYTE_ORDER ||
      header->region_bytes != ivis_region_bytes() || header->section_count != IVIS_PERCEPTION_SECTIONS)
    return IVIS_READ_BAD_REGION;
  for (int i = 0; i < (int)IVIS_PERCEPTION_SECTIONS; i++) {
    const ivis_section* section = &header->sections[i];
    if (section->offset != ivis_section_offset(i) || section->stride != ivis_frame_stride(i) ||
        section->bytes != ivis_frame_bytes(i))
      return IVIS_READ_BAD_REGION;
  }
  region->data = (const uint8_t*)data;
  region->bytes = bytes;
  ivis_crc_prepare(&region->crc);
  return IVIS_READ_OK;
}

/* Looks at a frame that was copied out: `bytes` as ivis_frame_bytes of its section. */
static inline int ivis_frame_check(const ivis_crc_tables* crc, int section, const void* frame) {
  const size_t bytes = ivis_frame_bytes(section);
  ivis_frame_head head;
  ivis_frame_tail tail;
  memcpy(&head, frame, sizeof head);
  memcpy(&tail, (const uint8_t*)frame + bytes - sizeof tail, sizeof tail);
  if (head.magic != IVIS_PERCEPTION_FRAME_MAGIC) return IVIS_READ_BAD_MAGIC;
  if (head.version != IVIS_PERCEPTION_VERSION) return IVIS_READ_BAD_VERSION;
  if (head.count > (section == IVIS_TIMELINES ? IVIS_PERCEPTION_MAX_TIMELINES : IVIS_PERCEPTION_MAX_OBJECTS))
    return IVIS_READ_BAD_COUNT;
  if (section == IVIS_TIMELINES) {
    for (uint32_t i = 0; i < head.count; i++) {
      uint32_t objects;
      memcpy(&objects, (const uint8_t*)frame + sizeof head + i * sizeof(ivis_timeline_snapshot) + 4, sizeof objects);
      if (objects > IVIS_PERCEPTION_MAX_OBJECTS) return IVIS_READ_BAD_COUNT;
    }
  }
  if (ivis_crc(crc, (const uint8_t*)frame, bytes - sizeof(uint32_t)) != tail.checksum) return IVIS_READ_BAD_CRC;
  return IVIS_READ_OK;
}

/*
 * Copies the newest frame of a kind; `frame` has room for ivis_frame_bytes(section). `sequence`, when not null, gets
 * the number of that publication. What was copied must only be used after IVIS_READ_OK.
 */
static inline int ivis_perception_read(const ivis_perception* region, int section, void* frame, uint64_t* sequence) {
  const ivis_region_header* header = (const ivis_region_header*)region->data;
  const size_t bytes = ivis_frame_bytes(section);
  for (int i = 0; i < IVIS_READ_TRIES; i++) {
    const uint64_t before = ivis_load64(&header->sections[section].sequence);
    ivis_acquire();
    if (before == 0) return IVIS_READ_NO_DATA;
    const uint8_t* from = region->data + ivis_section_offset(section) + (before & 1U) * ivis_frame_stride(section);
    for (size_t at = 0; at < bytes; at += 8) {
      const uint64_t word = ivis_load64(from + at);
      memcpy((uint8_t*)frame + at, &word, sizeof word);
    }
    /* The fence keeps every load above before the second look: a writer that came back to this buffer is seen. */
    ivis_acquire();
    if (ivis_load64(&header->sections[section].sequence) != before) continue;
    if (sequence != NULL) *sequence = before;
    return ivis_frame_check(&region->crc, section, frame);
  }
  return IVIS_READ_TORN;
}

static inline int ivis_perception_detections(const ivis_perception* region, ivis_detection_frame* frame) {
  return ivis_perception_read(region, IVIS_DETECTIONS, frame, NULL);
}
static inline int ivis_perception_tracks(const ivis_perception* region, ivis_tracked_objects_frame* frame) {
  return ivis_perception_read(region, IVIS_TRACKS, frame, NULL);
}
static inline int ivis_perception_timelines(const ivis_perception* region, ivis_timelines_frame* frame) {
  return ivis_perception_read(region, IVIS_TIMELINES, frame, NULL);
}

/* 1 once the writer ended in good order: no more frames will come. */
static inline int ivis_perception_closed(const ivis_perception* region) {
  return ivis_load32(&((const ivis_region_header*)region->data)->closed) != 0;
}

/* Monotonic clock of the machine in microseconds: the clock of heartbeat_us. */
static inline uint64_t ivis_mono_us(void) {
#ifdef _WIN32
  LARGE_INTEGER now, perSecond;
  QueryPerformanceCounter(&now);
  QueryPerformanceFrequency(&perSecond);
  return (uint64_t)((double)now.QuadPart * 1e6 / (double)perSecond.QuadPart);
#else
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000U + (uint64_t)now.tv_nsec / 1000U;
#endif
}

/* Microseconds since the writer last said that it lives; its beat comes several times in a second. */
static inline uint64_t ivis_perception_silence_us(const ivis_perception* region) {
  const uint64_t beat = ivis_load64(&((const ivis_region_header*)region->data)->heartbeat_us);
  const uint64_t now = ivis_mono_us();
  return now > beat ? now - beat : 0;
}

/* 1 when the writer has been silent for 2 s: killed, hung or asleep. The last frame is then history. */
static inline int ivis_perception_stale(const ivis_perception* region) {
  return !ivis_perception_closed(region) && ivis_perception_silence_us(region) > IVIS_PERCEPTION_STALE_US;
}

#ifndef __cplusplus
/* Maps the region of that name, as status.json gives it. IVIS_READ_OK, _NOT_FOUND or _BAD_REGION. */
static inline int ivis_perception_open(ivis_perception* region, const char* name) {
  memset(region, 0, sizeof *region);
#ifdef _WIN32
  char local[64] = "Local\\";
  if (name[0] != '/' || strlen(name) > 48) return IVIS_READ_NOT_FOUND;
  strcat(local, name + 1);
  HANDLE mapping = OpenFileMappingA(FILE_MAP_READ, FALSE, local);
  if (mapping == NULL) return IVIS_READ_NOT_FOUND;
  void* data = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
  MEMORY_BASIC_INFORMATION info;
  if (data == NULL || VirtualQuery(data, &info, sizeof info) == 0) {
    CloseHandle(mapping);
    return IVIS_READ_BAD_REGION;
  }
  const int result = ivis_perception_attach(region, data, info.RegionSize);
  region->handle = mapping;
  if (result != IVIS_READ_OK) {
    UnmapViewOfFile(data);
    CloseHandle(mapping);
  }
  return result;
#else
  const int fd = shm_open(name, O_RDONLY, 0);
  if (fd < 0) return IVIS_READ_NOT_FOUND;
  struct stat info;
  void* data = MAP_FAILED;
  if (fstat(fd, &info) == 0 && info.st_uid == geteuid() && info.st_size >= (off_t)ivis_region_bytes())
    data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (data == MAP_FAILED) return IVIS_READ_BAD_REGION;
  const int result = ivis_perception_attach(region, data, (size_t)info.st_size);
  if (result != IVIS_READ_OK) munmap(data, (size_t)info.st_size);
  return result;
#endif
}

static inline void ivis_perception_close(ivis_perception* region) {
  if (region->data == NULL) return;
#ifdef _WIN32
  UnmapViewOfFile(region->data);
  CloseHandle((HANDLE)region->handle);
#else
  munmap((void*)(uintptr_t)region->data, region->bytes);
#endif
  region->data = NULL;
}
#endif

#endif
