#include "ivis/perception.h"

#include <atomic>
#include <cstring>

#include "ivis/host.h"

namespace ivis {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

std::atomic<uint64_t>& word64(void* at) { return *reinterpret_cast<std::atomic<uint64_t>*>(at); }
std::atomic<uint32_t>& word32(void* at) { return *reinterpret_cast<std::atomic<uint32_t>*>(at); }
static_assert(std::atomic<uint64_t>::is_always_lock_free && sizeof(std::atomic<uint64_t>) == 8, "words are plain");
static_assert(std::atomic<uint32_t>::is_always_lock_free && sizeof(std::atomic<uint32_t>) == 4, "words are plain");
static_assert(sizeof(ivis_detection_frame) % 8 == 0 && sizeof(ivis_tracked_objects_frame) % 8 == 0 &&
                  sizeof(ivis_timelines_frame) % 8 == 0,
              "frames are copied in words");

Failure checkNames(const std::string& name, const std::string& sourceId) {
  const auto bad = [](const char* message) { return Failure{Fault::BadArgument, message, 0}; };
  if (name.size() < 2 || name.size() > 31 || name[0] != '/' || name.find('/', 1) != std::string::npos) {
    return bad("a region name begins with its only slash and has 2 to 31 characters");
  }
  if (sourceId.empty() || sourceId.size() >= sizeof(ivis_region_header::source_id)) {
    return bad("a source id has 1 to 63 bytes");
  }
  return {};
}

}  // namespace

std::unique_ptr<PerceptionWriter> PerceptionWriter::create(const std::string& name, const std::string& sourceId,
                                                           uint64_t runId, Failure& failure) {
  failure = checkNames(name, sourceId);
  if (failure) return nullptr;
  std::unique_ptr<PerceptionWriter> writer(new PerceptionWriter());
  writer->mapping_ = Mapping::create(name, ivis_region_bytes(), failure);
  if (!writer->mapping_) return nullptr;
  writer->name_ = name;
  writer->header_ = reinterpret_cast<ivis_region_header*>(writer->mapping_->data());
  ivis_crc_prepare(&writer->crc_);

  ivis_region_header& h = *writer->header_;
  h.version = IVIS_PERCEPTION_VERSION;
  h.byte_order = IVIS_PERCEPTION_BYTE_ORDER;
  h.region_bytes = ivis_region_bytes();
  h.header_bytes = sizeof h;
  h.section_count = IVIS_PERCEPTION_SECTIONS;
  h.writer_pid = ownPid();
  h.writer_start_time = processStartTime(h.writer_pid);
  h.created_ms = static_cast<uint64_t>(wallMs());
  h.run_id = runId;
  std::memcpy(h.source_id, sourceId.data(), sourceId.size());
  for (int i = 0; i < static_cast<int>(IVIS_PERCEPTION_SECTIONS); i++) {
    h.sections[i].offset = static_cast<uint32_t>(ivis_section_offset(i));
    h.sections[i].stride = static_cast<uint32_t>(ivis_frame_stride(i));
    h.sections[i].bytes = static_cast<uint32_t>(ivis_frame_bytes(i));
  }
  writer->beat();
  word64(&h.magic).store(IVIS_PERCEPTION_REGION_MAGIC, std::memory_order_release);
  return writer;
}

PerceptionWriter::~PerceptionWriter() {
  if (header_ != nullptr) close();
}

int PerceptionWriter::publish(int section, const uint8_t* frame) {
  const size_t bytes = ivis_frame_bytes(section);
  auto* scratch = reinterpret_cast<uint8_t*>(scratch_.data());
  std::memcpy(scratch, frame, bytes);
  const uint32_t magic = IVIS_PERCEPTION_FRAME_MAGIC;
  const uint32_t version = IVIS_PERCEPTION_VERSION;
  std::memcpy(scratch + offsetof(ivis_frame_head, magic), &magic, sizeof magic);
  std::memcpy(scratch + offsetof(ivis_frame_head, version), &version, sizeof version);
  const uint32_t checksum = ivis_crc(&crc_, scratch, bytes - sizeof checksum);
  std::memcpy(scratch + bytes - sizeof checksum, &checksum, sizeof checksum);
  const int sound = ivis_frame_check(&crc_, section, scratch);
  if (sound != IVIS_READ_OK) return sound;

  const uint64_t next = sequence_[static_cast<size_t>(section)] + 1;
  uint8_t* target = mapping_->data() + ivis_section_offset(section) + (next & 1) * ivis_frame_stride(section);
  // Whoever sees a word of this frame in the buffer must also see that the buffer is no longer the newest: the fence
  // stands between the store of the last sequence and the first word.
  std::atomic_thread_fence(std::memory_order_release);
  for (size_t i = 0; i < bytes / 8; i++) word64(target + i * 8).store(scratch_[i], relaxed);
  sequence_[static_cast<size_t>(section)] = next;
  word64(&header_->sections[section].sequence).store(next, std::memory_order_release);
  return IVIS_READ_OK;
}

void PerceptionWriter::beat() {
  word64(&header_->heartbeat_us).store(static_cast<uint64_t>(monoMs() * 1e3), relaxed);
  word64(&header_->heartbeat_ms).store(static_cast<uint64_t>(wallMs()), relaxed);
}

void PerceptionWriter::close() { word32(&header_->closed).store(1, std::memory_order_release); }

std::unique_ptr<PerceptionReader> PerceptionReader::open(const std::string& name, Failure& failure) {
  std::unique_ptr<PerceptionReader> reader(new PerceptionReader());
  reader->mapping_ = Mapping::open(name, false, failure);
  if (!reader->mapping_) return nullptr;
  const Mapping& mapping = *reader->mapping_;
  if (ivis_perception_attach(&reader->region_, mapping.data(), mapping.size()) != IVIS_READ_OK) {
    failure = {Fault::BadLayout, name + " is no perception region of version " +
                                     std::to_string(IVIS_PERCEPTION_VERSION) + ", or not yet finished",
               0};
    return nullptr;
  }
  return reader;
}

bool PerceptionReader::writerRuns() const { return processRuns(header().writer_pid, header().writer_start_time); }

}  // namespace ivis
