// Reading and checking what JavaScript hands over. Built with -ffast-math, so NaN is recognised by its bits.
#pragma once
#include <napi.h>

#include <cstring>
#include <string>

#include "ivis/mapping.h"

namespace ivis {

inline const char* kindName(Fault kind) {
  switch (kind) {
    case Fault::ShmFull: return "shm-full";
    case Fault::NameExists: return "name-exists";
    case Fault::NotFound: return "not-found";
    case Fault::BadLayout: return "bad-layout";
    case Fault::ReaderTableFull: return "reader-table-full";
    case Fault::BadArgument: return "bad-argument";
    default: return "os";
  }
}

inline void throwFailure(Napi::Env env, const Failure& failure) {
  if (env.IsExceptionPending()) return;
  Napi::Error error = Napi::Error::New(env, failure.message);
  error.Set("kind", Napi::String::New(env, kindName(failure.kind)));
  if (failure.bytesNeeded > 0) {
    error.Set("bytesNeeded", Napi::Number::New(env, static_cast<double>(failure.bytesNeeded)));
  }
  error.ThrowAsJavaScriptException();
}

inline bool finiteBits(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return (bits >> 52 & 0x7FF) != 0x7FF;
}

/** Arguments of one call; the first wrong one throws and makes `ok()` false. */
class Arguments {
 public:
  explicit Arguments(const Napi::CallbackInfo& info) : info_(info), env_(info.Env()) {}
  bool ok() const { return ok_; }
  Napi::Env env() const { return env_; }

  double number(size_t index, const char* name, double low, double high) {
    if (!info_[index].IsNumber()) return wrong(name, "must be a number"), low;
    const double value = info_[index].As<Napi::Number>().DoubleValue();
    return inRange(value, name, low, high);
  }
  double inRange(double value, const char* name, double low, double high) {
    if (!finiteBits(value) || value < low || value > high) return wrong(name, "is out of range"), low;
    return value;
  }
  uint64_t whole(size_t index, const char* name, double low, double high) {
    return asWhole(number(index, name, low, high), name);
  }
  uint64_t asWhole(double value, const char* name) {
    const auto whole = static_cast<uint64_t>(value);
    if (static_cast<double>(whole) != value) wrong(name, "must be a whole number");
    return whole;
  }
  std::string text(size_t index, const char* name) {
    if (!info_[index].IsString()) return wrong(name, "must be a string"), std::string();
    return info_[index].As<Napi::String>().Utf8Value();
  }
  bool flag(size_t index) { return info_[index].IsBoolean() && info_[index].As<Napi::Boolean>().Value(); }
  uint8_t* bytes(size_t index, const char* name, uint64_t atLeast) {
    return static_cast<uint8_t*>(array(index, name, napi_uint8_array, atLeast));
  }
  float* floats(size_t index, const char* name, uint64_t atLeast) {
    return static_cast<float*>(array(index, name, napi_float32_array, atLeast));
  }
  const double* doubles(size_t index, const char* name, uint64_t atLeast) {
    return static_cast<const double*>(array(index, name, napi_float64_array, atLeast));
  }
  void wrong(const std::string& name, const char* what) {
    if (ok_) throwFailure(env_, {Fault::BadArgument, name + " " + what, 0});
    ok_ = false;
  }

 private:
  void* array(size_t index, const char* name, napi_typedarray_type wanted, uint64_t atLeast) {
    napi_typedarray_type type = napi_int8_array;
    size_t length = 0;
    void* data = nullptr;
    if (!ok_) return nullptr;
    if (!info_[index].IsTypedArray() ||
        napi_get_typedarray_info(env_, info_[index], &type, &length, &data, nullptr, nullptr) != napi_ok ||
        type != wanted) {
      wrong(name, "is not the kind of array wanted");
      return nullptr;
    }
    if (length < atLeast || data == nullptr) {
      wrong(name, "is too short");
      return nullptr;
    }
    return data;
  }

  const Napi::CallbackInfo& info_;
  Napi::Env env_;
  bool ok_ = true;
};

}  // namespace ivis
