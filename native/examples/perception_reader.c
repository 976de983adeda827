/*
 * Prints what ivis sees, one JSON object per line, until the region ends.
 *
 *   cc -std=c11 -I<folder of ivis/> perception_reader.c -o perception_reader      (-lrt on old Linux)
 *   perception_reader REGION [--count N] [--wait MS]
 *
 * REGION is a name out of status.json, for instance /ivis-0-abc-1. --count ends after N new frames (0: the first look
 * is the only one), --wait gives up after so long without a new frame (default 5000). Exit code: 0 something was
 * read, 1 nothing was, 2 wrong words, 3 the writer fell silent, 4 a frame was damaged.
 */
#include <ivis/perception_reader.h>
#include <stdio.h>
#include <stdlib.h>

static void pause_ms(long ms) {
#ifdef _WIN32
  Sleep((DWORD)ms);
#else
  const struct timespec nap = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&nap, NULL);
#endif
}

static void print_text(const char* text, size_t bytes) {
  putchar('"');
  for (size_t i = 0; i < bytes && text[i] != 0; i++) {
    const unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\') printf("\\%c", c);
    else if (c < 0x20) printf("\\u%04x", c);
    else putchar(c);
  }
  putchar('"');
}

static void print_object(const ivis_detected_object* o) {
  printf("\"id\":%u,\"class_id\":%u,\"label\":", o->id, o->class_id);
  print_text(o->label, sizeof o->label);
  printf(",\"confidence\":%.9g,\"x\":%.9g,\"y\":%.9g,\"w\":%.9g,\"h\":%.9g", o->confidence, o->x, o->y, o->w, o->h);
  printf(",\"frame_width\":%u,\"frame_height\":%u,\"zone_mask\":%u", o->frame_width, o->frame_height, o->zone_mask);
}

static void print_head(const char* kind, const ivis_frame_head* head, const ivis_frame_tail* tail) {
  printf("{\"kind\":\"%s\",\"frame_id\":%llu,\"timestamp_ms\":%llu,\"pts_ms\":%.17g,\"truncated\":%u,\"%s\":[", kind,
         (unsigned long long)head->frame_id, (unsigned long long)head->timestamp_ms, tail->pts_ms, head->truncated,
         kind);
}

static void print_detections(const ivis_detection_frame* frame) {
  print_head("detections", &frame->head, &frame->tail);
  for (uint32_t i = 0; i < frame->head.count; i++) {
    printf(i == 0 ? "{" : ",{");
    print_object(&frame->objects[i]);
    putchar('}');
  }
  puts("]}");
}

static void print_tracks(const ivis_tracked_objects_frame* frame) {
  print_head("tracks", &frame->head, &frame->tail);
  for (uint32_t i = 0; i < frame->head.count; i++) {
    const ivis_tracked_object* t = &frame->tracks[i];
    printf(i == 0 ? "{" : ",{");
    print_object(&t->object);
    printf(",\"track_id\":%llu,\"first_seen_ms\":%llu,\"last_seen_ms\":%llu,\"age_ms\":%u,\"hits\":%u,\"misses\":%u",
           (unsigned long long)t->track_id, (unsigned long long)t->first_seen_ms, (unsigned long long)t->last_seen_ms,
           t->age_ms, t->hits, t->misses);
    printf(",\"vx\":%.9g,\"vy\":%.9g,\"state\":\"%s\"}", t->vx, t->vy,
           t->state == IVIS_TRACK_LOST ? "lost" : t->state == IVIS_TRACK_CONFIRMED ? "confirmed" : "tentative");
  }
  puts("]}");
}

static void print_timelines(const ivis_timelines_frame* frame) {
  print_head("timelines", &frame->head, &frame->tail);
  for (uint32_t i = 0; i < frame->head.count; i++) {
    const ivis_timeline_snapshot* s = &frame->timelines[i];
    printf("%s{\"horizon_ms\":%u,\"timestamp_ms\":%llu,\"truncated\":%u,\"objects\":[", i == 0 ? "" : ",",
           s->horizon_ms, (unsigned long long)s->timestamp_ms, s->truncated);
    for (uint32_t k = 0; k < s->count; k++) {
      const ivis_predicted_object* o = &s->objects[k];
      printf("%s{\"track_id\":%llu,\"x\":%.9g,\"y\":%.9g,\"w\":%.9g,\"h\":%.9g,\"sigma_x\":%.9g,\"sigma_y\":%.9g",
             k == 0 ? "" : ",", (unsigned long long)o->track_id, o->x, o->y, o->w, o->h, o->sigma_x, o->sigma_y);
      printf(",\"vx\":%.9g,\"vy\":%.9g,\"class_id\":%u,\"state\":\"%s\",\"label\":", o->vx, o->vy, o->class_id,
             o->state == IVIS_TRACK_LOST ? "lost" : "confirmed");
      print_text(o->label, sizeof o->label);
      putchar('}');
    }
    printf("]}");
  }
  puts("]}");
}

int main(int argc, char** argv) {
  static ivis_detection_frame detections;
  static ivis_tracked_objects_frame tracks;
  static ivis_timelines_frame timelines;
  const char* name = NULL;
  long count = -1, wait_ms = 5000;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--count") == 0 && i + 1 < argc) count = strtol(argv[++i], NULL, 10);
    else if (strcmp(argv[i], "--wait") == 0 && i + 1 < argc) wait_ms = strtol(argv[++i], NULL, 10);
    else if (argv[i][0] == '/' && name == NULL) name = argv[i];
    else return fprintf(stderr, "usage: perception_reader REGION [--count N] [--wait MS]\n"), 2;
  }
  if (name == NULL) return fprintf(stderr, "perception_reader: which region? status.json names them\n"), 2;

  ivis_perception region;
  long waited_ms = 0;
  int opened = ivis_perception_open(&region, name);
  for (; opened != IVIS_READ_OK && waited_ms < wait_ms; waited_ms += 20) {
    pause_ms(20);
    opened = ivis_perception_open(&region, name);
  }
  if (opened != IVIS_READ_OK) {
    fprintf(stderr, "perception_reader: %s: %s\n", name,
            opened == IVIS_READ_NOT_FOUND ? "no data: ivis does not publish it" : "not a region of this layout");
    return 1;
  }

  uint64_t seen[IVIS_PERCEPTION_SECTIONS] = {0, 0, 0};
  void* const frames[IVIS_PERCEPTION_SECTIONS] = {&detections, &tracks, &timelines};
  long printed = 0;
  int damaged = 0, stale = 0;
  waited_ms = 0;
  for (;;) {
    int fresh = 0;
    /* Asked first: what was published before the end is still read below. */
    const int last_look = ivis_perception_closed(&region);
    for (int section = 0; section < (int)IVIS_PERCEPTION_SECTIONS; section++) {
      uint64_t sequence = 0;
      const int result = ivis_perception_read(&region, section, frames[section], &sequence);
      if (result >= IVIS_READ_BAD_MAGIC && result <= IVIS_READ_BAD_CRC) {
        fprintf(stderr, "perception_reader: section %d: damaged frame (%d)\n", section, result);
        damaged = 1;
      }
      if (result != IVIS_READ_OK || sequence == seen[section]) continue;
      seen[section] = sequence;
      if (section == IVIS_DETECTIONS) fresh = 1;
      if (section == IVIS_DETECTIONS) print_detections(&detections);
      else if (section == IVIS_TRACKS) print_tracks(&tracks);
      else print_timelines(&timelines);
    }
    fflush(stdout);
    if (fresh) {
      printed++;
      waited_ms = 0;
    }
    stale = ivis_perception_stale(&region);
    if (last_look || damaged || stale || (count >= 0 && printed >= count) || waited_ms >= wait_ms) break;
    pause_ms(5);
    waited_ms += 5;
  }
  if (stale) fprintf(stderr, "perception_reader: stale: the writer has been silent for %llu ms\n",
                     (unsigned long long)(ivis_perception_silence_us(&region) / 1000U));
  ivis_perception_close(&region);
  return damaged ? 4 : stale ? 3 : printed > 0 ? 0 : 1;
}
