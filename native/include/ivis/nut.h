// Demuxer for the NUT container, written from the NUT Open Container Format specification (version 3 and 4).
// Reads one I420 raw-video stream; every number is bounded before it is used, since the bytes are not ours.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ivis {

/** Where the bytes come from. Returns false when none are left (or the reading was stopped). */
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual bool read(uint8_t* target, size_t bytes, size_t& got) = 0;
};

struct NutHeader {
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t timeBaseNum = 0;
  uint32_t timeBaseDen = 1;
};

struct NutFrame {
  uint64_t bytes = 0;
  double ptsMs = 0;
  bool key = false;
};

enum class NutEvent { Header, Frame, End, Truncated, Corrupt };

class NutReader {
 public:
  explicit NutReader(ByteSource& source) : source_(source) {}

  /**
   * Advances to the next thing of interest. After Frame its `frame().bytes` bytes must be taken with readPayload or
   * skipPayload. End: the writer finished its stream. Truncated: the bytes ended anywhere else. Corrupt: see error().
   */
  NutEvent next();
  /** Reads the picture of the current frame. False: the bytes ended, `partialBytes()` of it had come. */
  bool readPayload(uint8_t* target);
  bool skipPayload();

  const NutHeader& header() const { return header_; }
  const NutFrame& frame() const { return frame_; }
  const std::string& error() const { return error_; }
  uint64_t partialBytes() const { return partialBytes_; }
  uint64_t totalBytes() const { return totalBytes_; }

 private:
  struct FrameCode {
    uint32_t flags = 0;
    uint32_t stream = 0;
    uint32_t sizeMul = 0;
    uint32_t sizeLsb = 0;
    int32_t ptsDelta = 0;
    uint32_t reserved = 0;
    uint32_t headerIdx = 0;
  };
  struct TimeBase {
    uint32_t num = 0;
    uint32_t den = 1;
  };
  struct Stream {
    bool seen = false;
    bool video = false;
    uint32_t timeBase = 0;
    uint32_t msbShift = 0;
    int64_t lastPts = 0;
    uint32_t width = 0;
    uint32_t height = 0;
  };
  /** Fields of one packet held in memory. */
  struct Fields {
    const uint8_t* at;
    const uint8_t* end;
    bool bad = false;
    uint64_t v();
    int64_t s();
    const uint8_t* vb(uint64_t& length);
  };
  enum class Step { Go, Emit, Short, Bad };

  bool fill();
  bool byte(uint8_t& value);
  bool take(uint8_t* target, size_t bytes);
  Step skip(uint64_t bytes, uint32_t* crc);
  Step fail(const std::string& why);
  Step v(uint64_t& value, int maxBytes);
  Step s(int64_t& value);
  Step packet();
  Step body(uint64_t startcode, std::vector<uint8_t>& bytes);
  Step mainHeader(Fields fields);
  Step streamHeader(Fields fields);
  Step syncpoint(Fields fields);
  Step frameHeader(uint8_t code);
  Step sideData(uint64_t& left);
  Step sideField(uint64_t& left, uint64_t& value);
  Step sideBytes(uint64_t& left);

  ByteSource& source_;
  std::array<uint8_t, 4096> buffer_{};
  size_t begin_ = 0;
  size_t end_ = 0;
  bool started_ = false;
  bool haveMain_ = false;
  bool indexSeen_ = false;
  bool announced_ = false;
  uint32_t mainHeaders_ = 0;
  uint64_t frames_ = 0;
  uint32_t version_ = 0;
  uint64_t maxDistance_ = 0;
  uint32_t headerCrc_ = 0;  // running checksum of the frame header being read
  std::array<FrameCode, 256> codes_{};
  std::vector<TimeBase> timeBases_;
  std::vector<std::vector<uint8_t>> elision_;
  std::vector<Stream> streams_;
  uint32_t picked_ = UINT32_MAX;
  NutHeader header_;
  NutFrame frame_;
  const std::vector<uint8_t>* prefix_ = nullptr;
  uint64_t pending_ = 0;
  uint64_t partialBytes_ = 0;
  uint64_t totalBytes_ = 0;
  std::string error_;
};

/** CRC-32 of NUT: polynomial 0x04C11DB7, most significant bit first, starts at zero, not inverted. */
uint32_t nutCrc(uint32_t crc, const uint8_t* data, size_t bytes);

}  // namespace ivis
