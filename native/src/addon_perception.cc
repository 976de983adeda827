#include "addon_perception.h"

#include <algorithm>

#include "addon_arguments.h"

namespace ivis {
namespace {

constexpr double kMaxSafe = 9007199254740991.0;

int sectionOf(Arguments& a) {
  return static_cast<int>(a.whole(0, "section", 0, IVIS_PERCEPTION_SECTIONS - 1.0));
}

}  // namespace

Napi::Function PerceptionWriterObject::define(Napi::Env env) {
  using Self = PerceptionWriterObject;
  return DefineClass(env, "PerceptionWriter",
                     {InstanceMethod<&Self::publish>("publish"), InstanceMethod<&Self::beat>("beat"),
                      InstanceMethod<&Self::close>("close")});
}

// new PerceptionWriter(name, sourceId, runId)
PerceptionWriterObject::PerceptionWriterObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<PerceptionWriterObject>(info) {
  Arguments a(info);
  const std::string name = a.text(0, "name");
  const std::string sourceId = a.text(1, "sourceId");
  const uint64_t runId = a.whole(2, "runId", 0, kMaxSafe);
  if (!a.ok()) return;
  Failure failure;
  region_ = PerceptionWriter::create(name, sourceId, runId, failure);
  if (!region_) throwFailure(info.Env(), failure);
}

// publish(section, frame) -> 0 published, else what is wrong with the frame
Napi::Value PerceptionWriterObject::publish(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const int section = sectionOf(a);
  const uint8_t* frame = a.ok() ? a.bytes(1, "frame", ivis_frame_bytes(section)) : nullptr;
  if (a.ok() && closed_) a.wrong("publish", "after close");
  if (!a.ok()) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), region_->publish(section, frame));
}

Napi::Value PerceptionWriterObject::beat(const Napi::CallbackInfo& info) {
  if (!closed_) region_->beat();
  return info.Env().Undefined();
}

Napi::Value PerceptionWriterObject::close(const Napi::CallbackInfo& info) {
  region_->close();
  closed_ = true;
  return info.Env().Undefined();
}

Napi::Function PerceptionReaderObject::define(Napi::Env env) {
  using Self = PerceptionReaderObject;
  return DefineClass(env, "PerceptionReader",
                     {InstanceMethod<&Self::read>("read"), InstanceMethod<&Self::state>("state"),
                      InstanceMethod<&Self::sourceId>("sourceId"), InstanceMethod<&Self::head>("head"),
                      InstanceMethod<&Self::close>("close")});
}

// new PerceptionReader(name)
PerceptionReaderObject::PerceptionReaderObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<PerceptionReaderObject>(info) {
  Arguments a(info);
  const std::string name = a.text(0, "name");
  if (!a.ok()) return;
  Failure failure;
  region_ = PerceptionReader::open(name, failure);
  if (!region_) throwFailure(info.Env(), failure);
}

bool PerceptionReaderObject::living(Arguments& a) {
  if (!region_) a.wrong("the region", "was closed");
  return a.ok();
}

// read(section, target, out: Float64Array(1)) -> ivis_read_result; out[0]: sequence
Napi::Value PerceptionReaderObject::read(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const int section = sectionOf(a);
  uint8_t* target = a.ok() ? a.bytes(1, "target", ivis_frame_bytes(section)) : nullptr;
  auto* out = const_cast<double*>(a.doubles(2, "out", 1));
  if (!living(a)) return info.Env().Undefined();
  uint64_t sequence = 0;
  const int result = ivis_perception_read(&region_->region(), section, target, &sequence);
  out[0] = static_cast<double>(sequence);
  return Napi::Number::New(info.Env(), result);
}

// state(out: Float64Array(9)): see native/lib/perception-region.ts
Napi::Value PerceptionReaderObject::state(const Napi::CallbackInfo& info) {
  Arguments a(info);
  auto* out = const_cast<double*>(a.doubles(0, "out", 9));
  if (!living(a)) return info.Env().Undefined();
  const ivis_region_header& h = region_->header();
  out[0] = static_cast<double>(ivis_perception_silence_us(&region_->region())) / 1e3;
  out[1] = ivis_perception_closed(&region_->region());
  out[2] = region_->writerRuns() ? 1 : 0;
  out[3] = h.writer_pid;
  out[4] = static_cast<double>(h.created_ms);
  out[5] = static_cast<double>(h.run_id);
  for (size_t i = 0; i < IVIS_PERCEPTION_SECTIONS; i++) {
    out[6 + i] = static_cast<double>(ivis_load64(&h.sections[i].sequence));
  }
  return info.Env().Undefined();
}

Napi::Value PerceptionReaderObject::sourceId(const Napi::CallbackInfo& info) {
  Arguments a(info);
  if (!living(a)) return info.Env().Undefined();
  const char* text = region_->header().source_id;
  return Napi::String::New(info.Env(), text, strnlen(text, sizeof(ivis_region_header::source_id)));
}

// head(target): the first bytes of the region as they are, as many as fit
Napi::Value PerceptionReaderObject::head(const Napi::CallbackInfo& info) {
  Arguments a(info);
  uint8_t* target = a.bytes(0, "target", 8);
  if (!living(a)) return info.Env().Undefined();
  const size_t wanted = info[0].As<Napi::TypedArray>().ByteLength();
  const size_t bytes = std::min(wanted, ivis_region_bytes()) / 8 * 8;
  for (size_t at = 0; at < bytes; at += 8) {
    const uint64_t word = ivis_load64(region_->region().data + at);
    std::memcpy(target + at, &word, sizeof word);
  }
  return info.Env().Undefined();
}

Napi::Value PerceptionReaderObject::close(const Napi::CallbackInfo& info) {
  region_.reset();
  return info.Env().Undefined();
}

}  // namespace ivis
