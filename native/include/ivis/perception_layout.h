/*
 * What ivis publishes for other local programs, byte by byte: detections, tracks and predicted paths of one source.
 * Plain C11 and C++17, no other header of ivis is needed. PERCEPTION-LAYOUT.md explains it in words.
 *
 * One region is one shared-memory segment: a header, then two buffers for each of three kinds of frame. All numbers
 * are little-endian. A field called `reserved` is zero.
 */
#ifndef IVIS_PERCEPTION_LAYOUT_H
#define IVIS_PERCEPTION_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define IVIS_PERCEPTION_ASSERT(condition, text) static_assert(condition, text)
#else
#include <assert.h>
#define IVIS_PERCEPTION_ASSERT(condition, text) _Static_assert(condition, text)
#endif

/* "IVISPRC1" as bytes. */
#define IVIS_PERCEPTION_REGION_MAGIC 0x3143525053495649ULL
/* "OMNI" as OMNISIGHT has it: 0x4F4D4E49. */
#define IVIS_PERCEPTION_FRAME_MAGIC 0x4F4D4E49U
/* Of the region and of each frame; raised whenever a byte changes its meaning. */
#define IVIS_PERCEPTION_VERSION 1U
#define IVIS_PERCEPTION_BYTE_ORDER 0x01020304U
#define IVIS_PERCEPTION_MAX_OBJECTS 50U
#define IVIS_PERCEPTION_MAX_TIMELINES 5U
#define IVIS_PERCEPTION_SECTIONS 3U
#define IVIS_PERCEPTION_STALE_US 2000000U
#define IVIS_PERCEPTION_NO_CLASS 0xFFFFU

enum ivis_perception_section { IVIS_DETECTIONS = 0, IVIS_TRACKS = 1, IVIS_TIMELINES = 2 };
enum ivis_track_state { IVIS_TRACK_TENTATIVE = 0, IVIS_TRACK_CONFIRMED = 1, IVIS_TRACK_LOST = 2 };

/* One kind of frame: where its two buffers are, and which of them is whole. */
typedef struct ivis_section {
  uint64_t sequence;  /* atomic: frames published so far; number `sequence` lies in buffer `sequence & 1`; 0: none */
  uint32_t offset;    /* of buffer 0 from the start of the region */
  uint32_t stride;    /* from buffer 0 to buffer 1 */
  uint32_t bytes;     /* of one frame */
  uint32_t reserved0;
  uint64_t reserved1;
} ivis_section;

typedef struct ivis_region_header {
  uint64_t magic;  /* atomic: stored last, so a half-made region has none */
  uint32_t version;
  uint32_t byte_order;
  uint64_t region_bytes;
  uint32_t header_bytes;
  uint32_t section_count;
  uint32_t writer_pid;
  uint32_t reserved0;
  uint64_t writer_start_time; /* with the pid names one process for ever; in units of the system */
  uint64_t created_ms;        /* UTC */
  uint64_t run_id;
  char source_id[64]; /* UTF-8, ends with a zero */
  /* Changes while the writer lives. */
  uint64_t heartbeat_us; /* atomic: monotonic clock of the machine, microseconds */
  uint64_t heartbeat_ms; /* atomic: UTC */
  uint32_t closed;       /* atomic: 1 once the writer ended in good order */
  uint32_t reserved1[11];
  ivis_section sections[IVIS_PERCEPTION_SECTIONS];
  uint64_t reserved2[4];
} ivis_region_header;

typedef struct ivis_frame_head {
  uint32_t magic;
  uint32_t version;
  uint64_t frame_id;     /* number of the decoded frame within the run, from 0; the same in all three kinds */
  uint64_t timestamp_ms; /* UTC at which the picture came */
  uint32_t count;        /* detections, tracks or timelines that follow */
  uint32_t truncated;    /* how many more there were: those of least confidence are left out */
} ivis_frame_head;

typedef struct ivis_frame_tail {
  double pts_ms; /* media time */
  uint32_t reserved;
  uint32_t checksum; /* CRC-32 (IEEE 802.3, as zlib) of every byte of the frame before this field */
} ivis_frame_tail;

/* Boxes: left upper corner and size as shares of the picture, 0..1. */
typedef struct ivis_detected_object {
  uint32_t id;       /* place in this frame, from 0 */
  uint16_t class_id; /* of the model, IVIS_PERCEPTION_NO_CLASS when it has no number */
  uint16_t flags;    /* 0 */
  float confidence;
  float x, y, w, h;
  uint16_t frame_width, frame_height; /* of the picture, pixels */
  uint32_t zone_mask;                 /* bit n: the middle of its lower edge lies in zone n of the source */
  char label[32];                     /* UTF-8, ends with a zero */
  uint8_t reserved[28];
} ivis_detected_object;

typedef struct ivis_tracked_object {
  ivis_detected_object object; /* confidence 0: not found in this frame, the box is the prediction */
  uint64_t track_id;           /* unique within the run */
  uint64_t first_seen_ms;      /* UTC, by the media times of the run */
  uint64_t last_seen_ms;
  uint32_t age_ms;  /* of media time since it was first seen */
  uint32_t hits;    /* frames in which it was found */
  uint32_t misses;  /* frames since it was last found */
  float vx, vy;     /* of its centre, shares of the picture per second */
  uint8_t state;    /* ivis_track_state; tentative tracks have no number yet and are not published */
  uint8_t reserved[19];
} ivis_tracked_object;

/* Where one track will be. Its path is this object of each timeline, found by track_id. */
typedef struct ivis_predicted_object {
  uint64_t track_id;
  float x, y, w, h;
  float sigma_x, sigma_y; /* standard deviation of the centre, shares of the picture */
  float vx, vy;
  uint16_t class_id;
  uint8_t state;
  uint8_t reserved0;
  char label[32];
  uint32_t reserved1;
} ivis_predicted_object;

/* All tracks at one moment to come. */
typedef struct ivis_timeline_snapshot {
  uint32_t horizon_ms; /* after the frame */
  uint32_t count;
  uint64_t timestamp_ms; /* UTC: that of the frame and the horizon */
  uint32_t truncated;
  uint32_t reserved[3];
  ivis_predicted_object objects[IVIS_PERCEPTION_MAX_OBJECTS];
} ivis_timeline_snapshot;

typedef struct ivis_detection_frame {
  ivis_frame_head head;
  ivis_detected_object objects[IVIS_PERCEPTION_MAX_OBJECTS];
  ivis_frame_tail tail;
} ivis_detection_frame;

typedef struct ivis_tracked_objects_frame {
  ivis_frame_head head;
  ivis_tracked_object tracks[IVIS_PERCEPTION_MAX_OBJECTS];
  ivis_frame_tail tail;
} ivis_tracked_objects_frame;

typedef struct ivis_timelines_frame {
  ivis_frame_head head;
  ivis_timeline_snapshot timelines[IVIS_PERCEPTION_MAX_TIMELINES];
  ivis_frame_tail tail;
} ivis_timelines_frame;

/* Every field with its offset: pinned below, printed by the test that compares them with native/lib. */
#define IVIS_PERCEPTION_LAYOUT(X)                  \
  X(ivis_section, sequence, 0)                     \
  X(ivis_section, offset, 8)                       \
  X(ivis_section, stride, 12)                      \
  X(ivis_section, bytes, 16)                       \
  X(ivis_region_header, magic, 0)                  \
  X(ivis_region_header, version, 8)                \
  X(ivis_region_header, byte_order, 12)            \
  X(ivis_region_header, region_bytes, 16)          \
  X(ivis_region_header, header_bytes, 24)          \
  X(ivis_region_header, section_count, 28)         \
  X(ivis_region_header, writer_pid, 32)            \
  X(ivis_region_header, writer_start_time, 40)     \
  X(ivis_region_header, created_ms, 48)            \
  X(ivis_region_header, run_id, 56)                \
  X(ivis_region_header, source_id, 64)             \
  X(ivis_region_header, heartbeat_us, 128)         \
  X(ivis_region_header, heartbeat_ms, 136)         \
  X(ivis_region_header, closed, 144)               \
  X(ivis_region_header, sections, 192)             \
  X(ivis_frame_head, magic, 0)                     \
  X(ivis_frame_head, version, 4)                   \
  X(ivis_frame_head, frame_id, 8)                  \
  X(ivis_frame_head, timestamp_ms, 16)             \
  X(ivis_frame_head, count, 24)                    \
  X(ivis_frame_head, truncated, 28)                \
  X(ivis_frame_tail, pts_ms, 0)                    \
  X(ivis_frame_tail, checksum, 12)                 \
  X(ivis_detected_object, id, 0)                   \
  X(ivis_detected_object, class_id, 4)             \
  X(ivis_detected_object, flags, 6)                \
  X(ivis_detected_object, confidence, 8)           \
  X(ivis_detected_object, x, 12)                   \
  X(ivis_detected_object, y, 16)                   \
  X(ivis_detected_object, w, 20)                   \
  X(ivis_detected_object, h, 24)                   \
  X(ivis_detected_object, frame_width, 28)         \
  X(ivis_detected_object, frame_height, 30)        \
  X(ivis_detected_object, zone_mask, 32)           \
  X(ivis_detected_object, label, 36)               \
  X(ivis_tracked_object, track_id, 96)             \
  X(ivis_tracked_object, first_seen_ms, 104)       \
  X(ivis_tracked_object, last_seen_ms, 112)        \
  X(ivis_tracked_object, age_ms, 120)              \
  X(ivis_tracked_object, hits, 124)                \
  X(ivis_tracked_object, misses, 128)              \
  X(ivis_tracked_object, vx, 132)                  \
  X(ivis_tracked_object, vy, 136)                  \
  X(ivis_tracked_object, state, 140)               \
  X(ivis_predicted_object, track_id, 0)            \
  X(ivis_predicted_object, x, 8)                   \
  X(ivis_predicted_object, y, 12)                  \
  X(ivis_predicted_object, w, 16)                  \
  X(ivis_predicted_object, h, 20)                  \
  X(ivis_predicted_object, sigma_x, 24)            \
  X(ivis_predicted_object, sigma_y, 28)            \
  X(ivis_predicted_object, vx, 32)                 \
  X(ivis_predicted_object, vy, 36)                 \
  X(ivis_predicted_object, class_id, 40)           \
  X(ivis_predicted_object, state, 42)              \
  X(ivis_predicted_object, label, 44)              \
  X(ivis_timeline_snapshot, horizon_ms, 0)         \
  X(ivis_timeline_snapshot, count, 4)              \
  X(ivis_timeline_snapshot, timestamp_ms, 8)       \
  X(ivis_timeline_snapshot, truncated, 16)         \
  X(ivis_timeline_snapshot, objects, 32)           \
  X(ivis_detection_frame, objects, 32)             \
  X(ivis_detection_frame, tail, 4832)              \
  X(ivis_tracked_objects_frame, tracks, 32)        \
  X(ivis_tracked_objects_frame, tail, 8032)        \
  X(ivis_timelines_frame, timelines, 32)           \
  X(ivis_timelines_frame, tail, 20192)

#define IVIS_PERCEPTION_SIZES(X)       \
  X(ivis_section, 32)                  \
  X(ivis_region_header, 320)           \
  X(ivis_frame_head, 32)               \
  X(ivis_frame_tail, 16)               \
  X(ivis_detected_object, 96)          \
  X(ivis_tracked_object, 160)          \
  X(ivis_predicted_object, 80)         \
  X(ivis_timeline_snapshot, 4032)      \
  X(ivis_detection_frame, 4848)        \
  X(ivis_tracked_objects_frame, 8048)  \
  X(ivis_timelines_frame, 20208)

#define IVIS_PIN_FIELD(type, field, at) \
  IVIS_PERCEPTION_ASSERT(offsetof(type, field) == (at), #type "." #field " moved: raise the version");
#define IVIS_PIN_SIZE(type, bytes) IVIS_PERCEPTION_ASSERT(sizeof(type) == (bytes), #type " has another size");
IVIS_PERCEPTION_LAYOUT(IVIS_PIN_FIELD)
IVIS_PERCEPTION_SIZES(IVIS_PIN_SIZE)
#undef IVIS_PIN_FIELD
#undef IVIS_PIN_SIZE

/* CRC-32 of IEEE 802.3 (reflected 0xEDB88320), slicing by eight: table k is a byte followed by k zero bytes. */
typedef struct ivis_crc_tables {
  uint32_t table[8][256];
} ivis_crc_tables;

static inline void ivis_crc_prepare(ivis_crc_tables* tables) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ ((value & 1U) != 0 ? 0xEDB88320U : 0U);
    tables->table[0][byte] = value;
  }
  for (int k = 1; k < 8; k++) {
    for (uint32_t byte = 0; byte < 256; byte++) {
      const uint32_t before = tables->table[k - 1][byte];
      tables->table[k][byte] = (before >> 8) ^ tables->table[0][before & 255U];
    }
  }
}

static inline uint32_t ivis_crc(const ivis_crc_tables* tables, const uint8_t* data, size_t bytes) {
  const uint32_t(*t)[256] = tables->table;
  uint32_t crc = 0xFFFFFFFFU;
  for (; bytes >= 8; bytes -= 8, data += 8) {
    crc ^= (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 | (uint32_t)data[3] << 24;
    crc = t[7][crc & 255U] ^ t[6][crc >> 8 & 255U] ^ t[5][crc >> 16 & 255U] ^ t[4][crc >> 24] ^ t[3][data[4]] ^
          t[2][data[5]] ^ t[1][data[6]] ^ t[0][data[7]];
  }
  for (; bytes > 0; bytes--, data++) crc = (crc >> 8) ^ t[0][(crc ^ *data) & 255U];
  return ~crc;
}

#endif
