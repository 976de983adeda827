// Classes that the addon exports; native/lib gives them their typed face.
#pragma once
#include <napi.h>

#include <memory>

#include "ivis/pixels.h"
#include "ivis/ring.h"
#include "ivis/stream.h"

namespace ivis {

class WriterObject : public Napi::ObjectWrap<WriterObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit WriterObject(const Napi::CallbackInfo& info);
  std::shared_ptr<RingWriter> ring() const { return ring_; }
  void attach() { attached_ = true; }

 private:
  Napi::Value name(const Napi::CallbackInfo& info);
  Napi::Value epoch(const Napi::CallbackInfo& info);
  Napi::Value readers(const Napi::CallbackInfo& info);
  Napi::Value writeFrame(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  std::shared_ptr<RingWriter> ring_;
  bool attached_ = false;
};

class ReaderObject : public Napi::ObjectWrap<ReaderObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ReaderObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value header(const Napi::CallbackInfo& info);
  Napi::Value copyInto(const Napi::CallbackInfo& info);
  Napi::Value scaleInto(const Napi::CallbackInfo& info);
  Napi::Value tensorInto(const Napi::CallbackInfo& info);
  Napi::Value luma(const Napi::CallbackInfo& info);
  Napi::Value thumbInto(const Napi::CallbackInfo& info);
  Napi::Value cropInto(const Napi::CallbackInfo& info);
  Napi::Value newest(const Napi::CallbackInfo& info);
  Napi::Value release(const Napi::CallbackInfo& info);
  Napi::Value state(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  std::unique_ptr<RingReader> ring_;
  Scaler scaler_;
  TensorMaker tensor_;
};

class StreamObject : public Napi::ObjectWrap<StreamObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit StreamObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value writeFd(const Napi::CallbackInfo& info);
  Napi::Value path(const Napi::CallbackInfo& info);
  Napi::Value childStarted(const Napi::CallbackInfo& info);
  Napi::Value writeTo(const Napi::CallbackInfo& info);
  Napi::Value pause(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  static void cleanUp(void* object);
  void deliver(Napi::Env env, Napi::Function dispatch);
  void finish();

  std::unique_ptr<FrameStream> stream_;
  Napi::ThreadSafeFunction calls_;
  bool finished_ = false;
};

}  // namespace ivis
