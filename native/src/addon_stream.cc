#include "addon.h"
#include "addon_arguments.h"

namespace ivis {
namespace {

const char* causeName(EndCause cause) {
  switch (cause) {
    case EndCause::Eof: return "eof";
    case EndCause::Truncated: return "truncated";
    case EndCause::Corrupt: return "corrupt";
    default: return "closed";
  }
}

// dispatch(kind, ...): 0 header (width, height, num, den); 1 frame (slot, generation, seq, ptsMs | null, wallMs,
// monoMs, width, height, key); 2 reader dropped (pid); 3 end (cause, frames, partialBytes, message)
std::vector<napi_value> argumentsOf(Napi::Env env, const StreamEvent& e) {
  const auto n = [&](double value) -> napi_value { return Napi::Number::New(env, value); };
  switch (e.kind) {
    case StreamEvent::Kind::Header:
      return {n(0), n(e.header.width), n(e.header.height), n(e.header.timeBaseNum), n(e.header.timeBaseDen)};
    case StreamEvent::Kind::Frame: {
      const FrameInfo& f = e.frame;
      const napi_value pts = f.hasPts ? n(f.ptsMs) : static_cast<napi_value>(env.Null());
      return {n(1), n(f.slot), n(static_cast<double>(f.generation)), n(static_cast<double>(f.seq)), pts, n(f.wallMs),
              n(f.monoMs), n(f.width), n(f.height), Napi::Boolean::New(env, f.key)};
    }
    case StreamEvent::Kind::ReaderDropped:
      return {n(2), n(e.pid)};
    default:
      return {n(3), Napi::String::New(env, causeName(e.cause)), n(static_cast<double>(e.frames)),
              n(static_cast<double>(e.partialBytes)), Napi::String::New(env, e.message)};
  }
}

}  // namespace

Napi::Function StreamObject::define(Napi::Env env) {
  return DefineClass(
      env, "FrameStream",
      {InstanceMethod<&StreamObject::writeFd>("writeFd"), InstanceMethod<&StreamObject::path>("path"),
       InstanceMethod<&StreamObject::childStarted>("childStarted"), InstanceMethod<&StreamObject::writeTo>("writeTo"),
       InstanceMethod<&StreamObject::pause>("pause"), InstanceMethod<&StreamObject::close>("close")});
}

// new FrameStream(dispatch)
StreamObject::StreamObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<StreamObject>(info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsFunction()) {
    throwFailure(env, {Fault::BadArgument, "dispatch must be a function", 0});
    finished_ = true;
    return;
  }
  calls_ = Napi::ThreadSafeFunction::New(env, info[0].As<Napi::Function>(), "ivis frame stream", 0, 1);
  Failure failure;
  stream_ = FrameStream::open(
      [this] {
        calls_.NonBlockingCall([this](Napi::Env callEnv, Napi::Function dispatch) { deliver(callEnv, dispatch); });
      },
      failure);
  if (!stream_) {
    calls_.Release();
    finished_ = true;
    throwFailure(env, failure);
    return;
  }
  // Kept alive by itself until the end was delivered: a stream nobody holds still reads and still reports.
  Ref();
  // Hooks run last first, so the thread is joined before the thread-safe function goes.
  napi_add_env_cleanup_hook(env, cleanUp, this);
}

// Joins the thread and closes the pipe, so that a sender that still writes gets a broken pipe and ends.
void StreamObject::cleanUp(void* object) {
  auto* self = static_cast<StreamObject*>(object);
  self->finished_ = true;
  self->stream_.reset();
}

void StreamObject::finish() {
  cleanUp(this);
  napi_remove_env_cleanup_hook(Env(), cleanUp, this);
  calls_.Release();
  Unref();
}

void StreamObject::deliver(Napi::Env env, Napi::Function dispatch) {
  if (finished_) return;
  for (const StreamEvent& event : stream_->takeEvents()) {
    {
      const Napi::HandleScope scope(env);
      dispatch.Call(argumentsOf(env, event));
      // One handler that throws must not swallow the events behind it: report as uncaught and go on.
      if (env.IsExceptionPending()) {
        const Napi::Error error = env.GetAndClearPendingException();
        napi_fatal_exception(env, error.Value());
      }
    }
    if (event.kind == StreamEvent::Kind::End) return finish();
  }
}

Napi::Value StreamObject::writeFd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), stream_ ? stream_->writeFd() : -1);
}
Napi::Value StreamObject::path(const Napi::CallbackInfo& info) {
  const std::string path = stream_ ? stream_->path() : std::string();
  return path.empty() ? info.Env().Null() : Napi::Value(Napi::String::New(info.Env(), path));
}
Napi::Value StreamObject::childStarted(const Napi::CallbackInfo& info) {
  if (stream_) stream_->childStarted();
  return info.Env().Undefined();
}

Napi::Value StreamObject::writeTo(const Napi::CallbackInfo& info) {
  WriterObject* writer = info[0].IsObject() ? WriterObject::Unwrap(info[0].As<Napi::Object>()) : nullptr;
  if (writer == nullptr || writer->ring() == nullptr) {
    throwFailure(info.Env(), {Fault::BadArgument, "ring must be a ring writer", 0});
    return info.Env().Undefined();
  }
  // A header that was delivered just before the end: there is nothing left to write.
  if (!stream_) return info.Env().Undefined();
  if (!stream_->writeTo(writer->ring())) {
    throwFailure(info.Env(), {Fault::BadArgument, "the ring must have the size of the newest stream header", 0});
    return info.Env().Undefined();
  }
  writer->attach();
  return info.Env().Undefined();
}

Napi::Value StreamObject::pause(const Napi::CallbackInfo& info) {
  Arguments a(info);
  if (stream_) stream_->pause(a.flag(0));
  return info.Env().Undefined();
}

Napi::Value StreamObject::close(const Napi::CallbackInfo& info) {
  if (!stream_) return info.Env().Undefined();
  stream_->stop();
  stream_->childStarted();
  return info.Env().Undefined();
}

}  // namespace ivis
