// The two classes of the addon for perception regions.
#pragma once
#include <napi.h>

#include <memory>

#include "ivis/perception.h"

namespace ivis {

class Arguments;

class PerceptionWriterObject : public Napi::ObjectWrap<PerceptionWriterObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit PerceptionWriterObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value publish(const Napi::CallbackInfo& info);
  Napi::Value beat(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  std::unique_ptr<PerceptionWriter> region_;
  bool closed_ = false;
};

class PerceptionReaderObject : public Napi::ObjectWrap<PerceptionReaderObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit PerceptionReaderObject(const Napi::CallbackInfo& info);

 private:
  bool living(Arguments& a);
  Napi::Value read(const Napi::CallbackInfo& info);
  Napi::Value state(const Napi::CallbackInfo& info);
  Napi::Value sourceId(const Napi::CallbackInfo& info);
  Napi::Value head(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  std::unique_ptr<PerceptionReader> region_;
};

}  // namespace ivis
