#include "addon.h"
#include "addon_arguments.h"

namespace ivis {

constexpr double kMaxSafe = 9007199254740991.0;

Napi::Function WriterObject::define(Napi::Env env) {
  return DefineClass(env, "RingWriter",
                     {InstanceMethod<&WriterObject::name>("name"), InstanceMethod<&WriterObject::epoch>("epoch"),
                      InstanceMethod<&WriterObject::readers>("readers"),
                      InstanceMethod<&WriterObject::writeFrame>("writeFrame"),
                      InstanceMethod<&WriterObject::stats>("stats"), InstanceMethod<&WriterObject::close>("close")});
}

// new RingWriter(name, width, height, slots, lossless, readerDeadlineMs, checksum, firstSeq)
WriterObject::WriterObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<WriterObject>(info) {
  Arguments a(info);
  RingOptions o;
  o.name = a.text(0, "name");
  o.width = static_cast<uint32_t>(a.whole(1, "width", 1, kMaxSide));
  o.height = static_cast<uint32_t>(a.whole(2, "height", 1, kMaxSide));
  o.slots = static_cast<uint32_t>(a.whole(3, "slots", kMinSlots, kMaxSlots));
  o.mode = a.flag(4) ? Mode::Lossless : Mode::Newest;
  o.readerDeadlineMs = a.number(5, "readerDeadlineMs", 1, 86400000);
  o.checksum = a.flag(6);
  o.firstSeq = a.whole(7, "firstSeq", 0, kMaxSafe / 2);
  if (!a.ok()) return;
  Failure failure;
  ring_ = RingWriter::create(o, failure);
  if (!ring_) throwFailure(info.Env(), failure);
}

Napi::Value WriterObject::name(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), ring_->name()); }
Napi::Value WriterObject::epoch(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), ring_->epoch()); }
Napi::Value WriterObject::readers(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), ring_->activeReaders());
}

// writeFrame(pixels, ptsMs | null, out: Float64Array(6)) -> 0 written, 1 full, 2 closed; out as in frameNumbers
Napi::Value WriterObject::writeFrame(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const uint64_t size = i420Bytes(ring_->width(), ring_->height());
  const uint8_t* pixels = a.bytes(0, "pixels", size);
  const bool hasPts = info[1].IsNumber();
  const double pts = hasPts ? a.number(1, "ptsMs", -1e15, 1e15) : 0;
  auto* out = const_cast<double*>(a.doubles(2, "out", 6));
  if (attached_) a.wrong("writeFrame", "cannot be used while a stream writes to the ring");
  if (!a.ok()) return info.Env().Undefined();
  WriteSlot slot;
  const Acquire got = ring_->begin(slot, false, nullptr, nullptr);
  if (got != Acquire::Ok) return Napi::Number::New(info.Env(), got == Acquire::Full ? 1 : 2);
  std::memcpy(slot.pixels, pixels, size);
  const FrameInfo frame = ring_->publish(hasPts, pts, true, false);
  out[0] = frame.slot;
  out[1] = static_cast<double>(frame.generation);
  out[2] = static_cast<double>(frame.seq);
  out[3] = frame.wallMs;
  out[4] = frame.monoMs;
  return Napi::Number::New(info.Env(), 0);
}

Napi::Value WriterObject::stats(const Napi::CallbackInfo& info) {
  Napi::Object stats = Napi::Object::New(info.Env());
  stats.Set("written", static_cast<double>(ring_->written()));
  stats.Set("waitedMs", ring_->waitedMs());
  stats.Set("readers", ring_->activeReaders());
  return stats;
}

Napi::Value WriterObject::close(const Napi::CallbackInfo& info) {
  ring_->close();
  return info.Env().Undefined();
}

}  // namespace ivis
