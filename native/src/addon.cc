// What the addon exports. Checks of JavaScript values are in addon_arguments.h, the work is elsewhere.
#include "addon.h"

#include "addon_arguments.h"
#include "addon_perception.h"
#include "ivis/host.h"

namespace ivis {
namespace {

Napi::Value unlinkRing(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const std::string name = a.text(0, "name");
  if (a.ok()) Mapping::unlink(name);
  return info.Env().Undefined();
}

Napi::Value sweep(const Napi::CallbackInfo& info) {
  Arguments a(info);
  const std::string prefix = a.text(0, "prefix");
  if (a.ok() && prefix.size() < 2) a.wrong("prefix", "must name our rings, not every segment");
  if (!a.ok()) return info.Env().Undefined();
  const std::vector<std::string> names = sweepRings(prefix);
  Napi::Array removed = Napi::Array::New(info.Env(), names.size());
  for (uint32_t i = 0; i < names.size(); i++) removed.Set(i, names[i]);
  return removed;
}

Napi::Value mono(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), monoMs()); }

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("layoutVersion", kLayoutVersion);
  exports.Set("RingWriter", WriterObject::define(env));
  exports.Set("RingReader", ReaderObject::define(env));
  exports.Set("FrameStream", StreamObject::define(env));
  exports.Set("PerceptionWriter", PerceptionWriterObject::define(env));
  exports.Set("PerceptionReader", PerceptionReaderObject::define(env));
  exports.Set("unlinkRing", Napi::Function::New(env, unlinkRing));
  exports.Set("sweepRings", Napi::Function::New(env, sweep));
  exports.Set("monoMs", Napi::Function::New(env, mono));
  return exports;
}

}  // namespace
}  // namespace ivis

static Napi::Object initialiseRing(Napi::Env env, Napi::Object exports) { return ivis::initialise(env, exports); }
NODE_API_MODULE(ivis_ring, initialiseRing)
