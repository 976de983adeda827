#include "addon.h"
#include "addon_arguments.h"

namespace ivis {
namespace {

constexpr double kMaxSafe = 9007199254740991.0;

// Every read begins with (slot, generation, epoch). A number no frame can have reads as overwritten, never throws.
FrameKey keyOf(Arguments& a) {
  FrameKey key;
  key.slot = a.whole(0, "slot", 0, kMaxSafe);
  key.generation = a.whole(1, "generation", 0, kMaxSafe);
  key.epoch = static_cast<uint32_t>(a.whole(2, "epoch", 0, 4294967295.0));
  return key;
}

Napi::Value code(Napi::Env env, ReadResult result) { return Napi::Number::New(env, static_cast<uint32_t>(result)); }

// Order of the numbers in a plan: native/lib/plan.ts.
constexpr size_t kPlanNumbers = 20;

TensorPlan planOf(Arguments& a, const double* n, uint32_t width, uint32_t height) {
  TensorPlan plan;
  const auto side = [&](size_t index, const char* name, double low) {
    return static_cast<uint32_t>(a.asWhole(a.inRange(n[index], name, low, kMaxSide), name));
  };
  plan.srcX = side(0, "srcX", 0);
  plan.srcY = side(1, "srcY", 0);
  plan.srcW = side(2, "srcW", 1);
  plan.srcH = side(3, "srcH", 1);
  plan.dstX = side(4, "dstX", 0);
  plan.dstY = side(5, "dstY", 0);
  plan.dstW = side(6, "dstW", 1);
  plan.dstH = side(7, "dstH", 1);
  plan.tensorW = side(8, "tensorW", 1);
  plan.tensorH = side(9, "tensorH", 1);
  plan.pad = static_cast<float>(a.inRange(n[10], "pad", 0, 255));
  plan.bgr = n[11] != 0;
  plan.scale = static_cast<float>(a.inRange(n[12], "scale", -1e6, 1e6));
  for (size_t c = 0; c < 3; c++) {
    plan.mean[c] = static_cast<float>(a.inRange(n[13 + c], "mean", -1e6, 1e6));
    plan.std[c] = static_cast<float>(a.inRange(n[16 + c], "std", 1e-6, 1e6));
  }
  plan.matrix = n[19] != 0 ? Matrix::Bt709 : Matrix::Bt601;
  if (a.ok() && (plan.srcX + plan.srcW > width || plan.srcY + plan.srcH > height)) {
    a.wrong("the source rectangle", "leaves the picture");
  }
  if (a.ok() && (plan.dstX + plan.dstW > plan.tensorW || plan.dstY + plan.dstH > plan.tensorH)) {
    a.wrong("the destination rectangle", "leaves the tensor");
  }
  return plan;
}

}  // namespace

Napi::Function ReaderObject::define(Napi::Env env) {
  return DefineClass(
      env, "RingReader",
      {InstanceMethod<&ReaderObject::header>("header"), InstanceMethod<&ReaderObject::copyInto>("copyInto"),
       InstanceMethod<&ReaderObject::scaleInto>("scaleInto"), InstanceMethod<&ReaderObject::tensorInto>("tensorInto"),
       InstanceMethod<&ReaderObject::luma>("luma"), InstanceMethod<&ReaderObject::thumbInto>("thumbInto"),
       InstanceMethod<&ReaderObject::cropInto>("cropInto"), InstanceMethod<&ReaderObject::newest>("newest"),
       InstanceMethod<&ReaderObject::release>("release"), InstanceMethod<&ReaderObject::state>("state"),
       InstanceMethod<&ReaderObject::close>("close")});
}

// new RingReader(name, register)
ReaderObject::ReaderObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ReaderObject>(info) {
  Arguments a(info);
  const std::string name = a.text(0, "name");
  const bool registered = a.flag(1);
  if (!a.ok()) return;
  Failure failure;
  ring_ = RingReader::open(name, registered, failure);
  if (!ring_) throwFailure(info.Env(), failure);
}

Napi::Value ReaderObject::header(const Napi::CallbackInfo& info) {
  Napi::Object header = Napi::Object::New(info.Env());
  header.Set("epoch", ring_->epoch());
  header.Set("width", ring_->width());
  header.Set("height", ring_->height());
  return header;
}

Napi::Value ReaderObject::copyInto(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const FrameKey key = keyOf(a);
  uint8_t* target = a.bytes(3, "target", ring_->frameBytes());
  if (!a.ok()) return info.Env().Undefined();
  return code(info.Env(), ring_->copyInto(key, target));
}

// scaleInto(slot, generation, epoch, target, width, height)
Napi::Value ReaderObject::scaleInto(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const FrameKey key = keyOf(a);
  const auto width = static_cast<uint32_t>(a.whole(4, "width", 2, kMaxSide));
  const auto height = static_cast<uint32_t>(a.whole(5, "height", 2, kMaxSide));
  if (a.ok() && (width % 2 != 0 || height % 2 != 0)) a.wrong("width and height", "must be even");
  uint8_t* target = a.bytes(3, "target", i420Bytes(width, height));
  if (!a.ok()) return info.Env().Undefined();
  return code(info.Env(), ring_->read(key, [&](const PixelView& view) { scaler_.run(view, target, width, height); }));
}

// tensorInto(slot, generation, epoch, target, plan: Float64Array, mask?: Uint8Array(tensorW * tensorH))
Napi::Value ReaderObject::tensorInto(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const FrameKey key = keyOf(a);
  const double* numbers = a.doubles(4, "plan", kPlanNumbers);
  if (!a.ok()) return info.Env().Undefined();
  const TensorPlan plan = planOf(a, numbers, ring_->width(), ring_->height());
  float* target = a.floats(3, "target", static_cast<uint64_t>(plan.tensorW) * plan.tensorH * 3);
  const bool masked = info.Length() > 5 && !info[5].IsUndefined();
  const uint8_t* mask = masked ? a.bytes(5, "mask", static_cast<uint64_t>(plan.tensorW) * plan.tensorH) : nullptr;
  if (!a.ok()) return info.Env().Undefined();
  return code(info.Env(), ring_->read(key, [&](const PixelView& view) { tensor_.run(view, plan, target, mask); }));
}

// luma(slot, generation, epoch, out: Float64Array(3)): mean, variance, fingerprint
Napi::Value ReaderObject::luma(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const FrameKey key = keyOf(a);
  auto* out = const_cast<double*>(a.doubles(3, "out", 3));
  if (!a.ok()) return info.Env().Undefined();
  return code(info.Env(), ring_->read(key, [&](const PixelView& view) {
    const LumaStats stats = lumaStats(view);
    out[0] = stats.mean;
    out[1] = stats.variance;
    out[2] = stats.fingerprint;
  }));
}

Napi::Value ReaderObject::thumbInto(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const FrameKey key = keyOf(a);
  uint8_t* target = a.bytes(3, "target", kThumbBytes);
  if (!a.ok()) return info.Env().Undefined();
  return code(info.Env(), ring_->read(key, [&](const PixelView& view) { lumaThumb(view, target); }));
}

// cropInto(slot, generation, epoch, target, x, y, w, h, bt709)
Napi::Value ReaderObject::cropInto(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const FrameKey key = keyOf(a);
  const auto x = static_cast<uint32_t>(a.whole(4, "x", 0, kMaxSide));
  const auto y = static_cast<uint32_t>(a.whole(5, "y", 0, kMaxSide));
  const auto w = static_cast<uint32_t>(a.whole(6, "w", 1, kMaxSide));
  const auto h = static_cast<uint32_t>(a.whole(7, "h", 1, kMaxSide));
  const Matrix matrix = a.flag(8) ? Matrix::Bt709 : Matrix::Bt601;
  uint8_t* target = a.bytes(3, "target", static_cast<uint64_t>(w) * h * 3);
  if (a.ok() && (x + w > ring_->width() || y + h > ring_->height())) a.wrong("the box", "leaves the picture");
  if (!a.ok()) return info.Env().Undefined();
  return code(info.Env(), ring_->read(key, [&](const PixelView& view) { cropRgb(view, x, y, w, h, matrix, target); }));
}

// newest(out: Float64Array(4)) -> boolean: slot, generation, epoch, seq
Napi::Value ReaderObject::newest(const Napi::CallbackInfo& info) {
  Arguments a(info);
  auto* out = const_cast<double*>(a.doubles(0, "out", 4));
  if (!a.ok()) return info.Env().Undefined();
  FrameKey key;
  FrameInfo frame;
  if (!ring_->newest(key, frame)) return Napi::Boolean::New(info.Env(), false);
  out[0] = static_cast<double>(key.slot);
  out[1] = static_cast<double>(key.generation);
  out[2] = key.epoch;
  out[3] = static_cast<double>(frame.seq);
  return Napi::Boolean::New(info.Env(), true);
}

Napi::Value ReaderObject::release(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const uint64_t next = a.whole(0, "nextSeq", 0, kMaxSafe);
  if (a.ok()) ring_->release(next);
  return info.Env().Undefined();
}

// Bits: 1 this reader was dropped, 2 the writer closed the ring, 4 the writer's process runs
Napi::Value ReaderObject::state(const Napi::CallbackInfo& info) {
  const uint32_t bits =
      (ring_->dropped() ? 1U : 0U) | (ring_->writerClosed() ? 2U : 0U) | (ring_->writerRuns() ? 4U : 0U);
  return Napi::Number::New(info.Env(), bits);
}

Napi::Value ReaderObject::close(const Napi::CallbackInfo& info) {
  ring_->close();
  return info.Env().Undefined();
}

}  // namespace ivis
