// The NUT reader on streams made here: every feature of the format it must understand, and bytes it must refuse.
#include <algorithm>
#include <cstring>

#include "check.h"
#include "nut_stream.h"

using namespace ivis;
using namespace nut;

namespace {

/** Hands out the bytes in pieces of at most `piece`, as a pipe may. */
class Memory final : public ByteSource {
 public:
  explicit Memory(const Bytes& bytes, size_t piece = 7) : bytes_(bytes), piece_(piece) {}
  bool read(uint8_t* target, size_t bytes, size_t& got) override {
    got = std::min({bytes, piece_, bytes_.size() - at_});
    if (got == 0) return false;
    std::memcpy(target, bytes_.data() + at_, got);
    at_ += got;
    return true;
  }

 private:
  const Bytes& bytes_;
  const size_t piece_;
  size_t at_ = 0;
};

struct Seen {
  std::vector<NutHeader> headers;
  std::vector<double> pts;
  std::vector<Bytes> pictures;
  NutEvent last = NutEvent::End;
  std::string error;
  uint64_t partial = 0;
};

Seen readAll(const Bytes& bytes, size_t piece = 7) {
  Memory memory(bytes, piece);
  NutReader reader(memory);
  Seen seen;
  for (;;) {
    const NutEvent event = reader.next();
    if (event == NutEvent::Header) {
      seen.headers.push_back(reader.header());
      continue;
    }
    if (event == NutEvent::Frame) {
      // The ring takes only frames of the header's size; others are passed over here.
      Bytes picture(i420Bytes(reader.header().width, reader.header().height));
      if (reader.frame().bytes != picture.size()) {
        if (reader.skipPayload()) continue;
        seen.last = NutEvent::Truncated;
        break;
      }
      if (!reader.readPayload(picture.data())) {
        seen.last = NutEvent::Truncated;
        seen.partial = reader.partialBytes();
        break;
      }
      seen.pts.push_back(reader.frame().ptsMs);
      if (seen.pictures.size() < 64) seen.pictures.push_back(picture);
      continue;
    }
    seen.last = event;
    seen.partial = reader.partialBytes();
    break;
  }
  seen.error = reader.error();
  return seen;
}

Bytes plain(const Options& o, int frames) {
  Out out;
  out.raw(id()).raw(headers(o)).raw(packet(kInfo, Out().v(0).v(0).v(0).v(0).v(0).bytes));
  for (int i = 0; i < frames; i++) {
    const auto n = static_cast<uint64_t>(i);
    out.raw(syncpoint(n * 40)).raw(frame(n * 40, picture(o, static_cast<uint8_t>(i + 1))));
  }
  return out.raw(headers(o)).raw(index()).bytes;
}

void aWholeStreamIsRead() {
  const Options o;
  for (const size_t piece : {1U, 7U, 4096U, 100000U}) {
    const Seen seen = readAll(plain(o, 5), piece);
    CHECK(seen.last == NutEvent::End);
    CHECK(seen.headers.size() == 1 && seen.headers[0].width == 8 && seen.headers[0].height == 6);
    CHECK(seen.headers[0].timeBaseNum == 1 && seen.headers[0].timeBaseDen == 1000);
    CHECK((seen.pts == std::vector<double>{0, 40, 80, 120, 160}));
    for (int i = 0; i < 5; i++) CHECK(seen.pictures[static_cast<size_t>(i)] == picture(o, static_cast<uint8_t>(i + 1)));
  }
}

void timesComeFromTheStream() {
  Options o;
  o.num = 1001;
  o.den = 30000;
  const Seen seen = readAll(Out().raw(id()).raw(headers(o)).raw(syncpoint(0)).raw(frame(3, picture(o, 1))).raw(index()).bytes);
  CHECK(seen.pts.size() == 1 && std::abs(seen.pts[0] - 100.1) < 1e-9);
  // Coded pts below 2^8 is a low part: the value nearest to the last one, here around a syncpoint at 1000.
  const Options ms;
  Out low;
  low.raw(id()).raw(headers(ms)).raw(syncpoint(1000));
  Out head;
  head.u8(1).v(kKey | kCodedPts | kSizeMsb | kChecksum | kCoded).v((1000 + 33) & 255).v(72);
  head.u32(nutCrc(0, head.bytes.data(), head.bytes.size()));
  low.raw(head.bytes).raw(picture(ms, 1));
  // Frame code 2: no coded field at all, one tick after the last.
  low.u8(2).raw(picture(ms, 2)).raw(index());
  const Seen near = readAll(low.bytes);
  CHECK((near.pts == std::vector<double>{1033, 1034}));
  // ffmpeg's step for 25 frames/s in a time base of 1/1200000 is larger than the specification allows.
  Options fine;
  fine.den = 1200000;
  fine.delta = 48000;
  Out steps;
  steps.raw(id()).raw(headers(fine)).raw(syncpoint(0)).raw(frame(0, picture(fine, 1)));
  const Seen large = readAll(steps.u8(2).raw(picture(fine, 2)).raw(index()).bytes);
  CHECK((large.pts == std::vector<double>{0, 40}));
}

void elidedHeadersComeBack() {
  Options o;
  o.elision = {9, 8, 7};
  Out out;
  out.raw(id()).raw(headers(o)).raw(syncpoint(0)).u8(3);
  out.raw(Bytes(69, 1)).raw(index());
  const Seen seen = readAll(out.bytes);
  CHECK(seen.last == NutEvent::End && seen.pictures.size() == 1);
  const Bytes& picture = seen.pictures[0];
  CHECK(picture[0] == 9 && picture[1] == 8 && picture[2] == 7 && picture[3] == 1 && picture[71] == 1);
}

void sideDataAndReservedFieldsArePassedOver() {
  Options o;
  o.version = 4;
  Out side;
  // Side data: a name with a text, a number, a time, a rational, a typed value; then empty metadata.
  side.v(5).text("a").s(-1).text("words").text("b").s(77).text("c").s(-4).v(5).text("d").s(-9).s(3);
  side.text("e").s(-2).text("JPEG").text("xyz").v(0);
  Bytes payload = side.bytes;
  const Bytes pixels = picture(o, 5);
  payload.insert(payload.end(), pixels.begin(), pixels.end());
  Out out;
  out.raw(id()).raw(headers(o)).raw(syncpoint(0)).raw(frame(0, payload, kSideData));
  out.raw(frame(40, pixels, kReserved, {1, 2, 3})).raw(index());
  const Seen seen = readAll(out.bytes);
  CHECK(seen.last == NutEvent::End && seen.pictures.size() == 2 && seen.pictures[0] == pixels);
  o.version = 3;
  Out refused;
  refused.raw(id()).raw(headers(o)).raw(syncpoint(0)).raw(frame(0, payload, kSideData));
  CHECK(readAll(refused.bytes).last == NutEvent::Corrupt);
}

void aChangedSizeIsANewHeader() {
  const Options small;
  Options large;
  large.width = 16;
  large.height = 10;
  Out out;
  out.raw(id()).raw(headers(small)).raw(syncpoint(0)).raw(frame(0, picture(small, 1)));
  out.raw(headers(small)).raw(syncpoint(40)).raw(frame(40, picture(small, 2)));
  out.raw(headers(large)).raw(syncpoint(80)).raw(frame(80, picture(large, 3))).raw(index());
  const Seen seen = readAll(out.bytes);
  CHECK(seen.last == NutEvent::End && seen.headers.size() == 2 && seen.headers[1].width == 16);
  CHECK(seen.pictures.size() == 3 && seen.pictures[2] == picture(large, 3));
}

void unknownPacketsAndEndMarksArePassedOver() {
  const Options o;
  Out out;
  out.raw(id()).raw(headers(o)).raw(packet(0x4E55112233445566ULL, Bytes(9000, 'x')));
  out.raw(syncpoint(0)).raw(frame(0, picture(o, 1))).raw(frame(40, {}, kEor)).raw(index());
  const Seen seen = readAll(out.bytes);
  CHECK(seen.last == NutEvent::End && seen.pts.size() == 1);
}

void everyCutIsTruncatedAndNothingElse() {
  const Bytes whole = plain(Options(), 3);
  for (size_t cut = 0; cut < whole.size(); cut++) {
    const Seen seen = readAll(Bytes(whole.begin(), whole.begin() + static_cast<long>(cut)));
    CHECK(seen.last == NutEvent::Truncated);
  }
  CHECK(readAll(whole).last == NutEvent::End);
  // Half a picture: its bytes are told.
  const Options o;
  const Bytes half = Out().raw(id()).raw(headers(o)).raw(syncpoint(0)).raw(frame(0, picture(o, 1))).bytes;
  const Seen seen = readAll(Bytes(half.begin(), half.end() - 30));
  CHECK(seen.last == NutEvent::Truncated && seen.partial == 42);
  // Headers three times and no frame: a stream that ended in good order with nothing in it.
  const Bytes none = Out().raw(id()).raw(headers(o)).raw(headers(o)).raw(headers(o)).bytes;
  CHECK(readAll(none).last == NutEvent::End);
}

void otherStreamsAreRefused() {
  CHECK(readAll(Bytes(100, 'x')).last == NutEvent::Corrupt);
  Options yv12;
  yv12.fourcc = "YV12";
  CHECK(readAll(plain(yv12, 1)).last == NutEvent::Corrupt);
  Options wide;
  wide.width = 100000;
  CHECK(readAll(Out().raw(id()).raw(headers(wide)).bytes).last == NutEvent::Corrupt);
  Options old;
  old.version = 2;
  CHECK(readAll(plain(old, 1)).last == NutEvent::Corrupt);
  const Options o;
  Bytes damaged = plain(o, 2);
  damaged[60] ^= 1;
  CHECK(readAll(damaged).last == NutEvent::Corrupt);
}

uint64_t mix(uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  uint64_t z = state;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
  return z ^ z >> 31;
}

/** Recomputes the checksum of the packet whose body lies at [from, to), so that a change gets past it. */
void reseal(Bytes& bytes, size_t from, size_t to) {
  const uint32_t crc = nutCrc(0, bytes.data() + from, to - from);
  for (int i = 0; i < 4; i++) bytes[to + static_cast<size_t>(i)] = static_cast<uint8_t>(crc >> (24 - 8 * i));
}

// Changed, cut, repeated and reordered bytes: any answer is right but a crash, an endless loop or a picture of
// another length. Half of the rounds repair the main header's checksum so that its fields themselves are hostile.
void hostileBytesDoNoHarm(uint64_t rounds) {
  Options o;
  o.version = 4;
  o.elision = {1, 2};
  const Bytes whole = plain(o, 4);
  const size_t mainBody = 25 + 8 + 1;
  const size_t mainEnd = 25 + mainHeader(o).size() - 4;
  const size_t streamBody = mainEnd + 4 + 8 + 1;
  const size_t streamEnd = mainEnd + streamHeader(o).size();
  uint64_t state = 42;
  uint64_t ended[5] = {};
  for (uint64_t round = 0; round < rounds; round++) {
    Bytes bytes = whole;
    const uint64_t changes = 1 + mix(state) % 6;
    for (uint64_t i = 0; i < changes; i++) {
      const bool inHeaders = mix(state) % 2 == 0;
      const size_t at = inHeaders ? 25 + mix(state) % (streamEnd - 25) : mix(state) % bytes.size();
      switch (mix(state) % 4) {
        case 0: bytes[at] = static_cast<uint8_t>(mix(state)); break;
        case 1: bytes[at] = 255; break;
        case 2: bytes[at] ^= static_cast<uint8_t>(1U << mix(state) % 8); break;
        default: bytes[at] = 0; break;
      }
    }
    if (round % 2 == 0) {
      reseal(bytes, mainBody, mainEnd);
      reseal(bytes, streamBody, streamEnd);
    }
    if (mix(state) % 4 == 0) bytes.resize(mix(state) % bytes.size());
    if (mix(state) % 8 == 0) {
      const size_t from = mix(state) % (bytes.size() + 1);
      bytes.insert(bytes.end(), whole.begin() + static_cast<long>(from % whole.size()), whole.end());
    }
    ended[static_cast<size_t>(readAll(bytes, 1 + mix(state) % 64).last)]++;
  }
  std::printf("  of %llu: read to the end %llu, truncated %llu, corrupt %llu\n", static_cast<unsigned long long>(rounds),
              static_cast<unsigned long long>(ended[2]), static_cast<unsigned long long>(ended[3]),
              static_cast<unsigned long long>(ended[4]));
}

}  // namespace

int main(int argc, char** argv) {
  RUN(aWholeStreamIsRead);
  RUN(timesComeFromTheStream);
  RUN(elidedHeadersComeBack);
  RUN(sideDataAndReservedFieldsArePassedOver);
  RUN(aChangedSizeIsANewHeader);
  RUN(unknownPacketsAndEndMarksArePassedOver);
  RUN(everyCutIsTruncatedAndNothingElse);
  RUN(otherStreamsAreRefused);
  std::puts("hostileBytesDoNoHarm");
  hostileBytesDoNoHarm(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20000);
  std::puts("nut_test: all passed");
  return 0;
}
