#include "analysis/ingest/gunzip.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <zlib.h>

#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

constexpr int gzip_only = 16 + MAX_WBITS;  // how zlib is told that it is neither zlib's own nor raw

}  // namespace

struct Gunzip::State {
  z_stream stream{};
  std::array<char, std::size_t{1} << 16U> input{};
  bool within_member = true;

  State() { HALDANE_CHECK(inflateInit2(&stream, gzip_only) == Z_OK); }
  ~State() { inflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Gunzip::Gunzip(std::string path, Source source)
    : path_(std::move(path)), source_(std::move(source)), state_(std::make_unique<State>()) {}

Gunzip::~Gunzip() = default;

// Returns whether there was more.
Expected<bool, IngestError> Gunzip::refill() {
  const auto count = source_(state_->input.data(), state_->input.size());
  if (!count) return Unexpected{count.error()};
  state_->stream.next_in = reinterpret_cast<Bytef*>(state_->input.data());
  state_->stream.avail_in = static_cast<uInt>(*count);
  return *count > 0;
}

Expected<std::size_t, IngestError> Gunzip::read(char* buffer, std::size_t capacity) {
  z_stream& stream = state_->stream;
  const auto room =
      static_cast<uInt>(std::min<std::size_t>(capacity, std::numeric_limits<uInt>::max()));
  stream.next_out = reinterpret_cast<Bytef*>(buffer);
  stream.avail_out = room;
  while (stream.avail_out == room) {
    if (stream.avail_in == 0) {
      const auto more = refill();
      if (!more) return Unexpected{more.error()};
      if (!*more && state_->within_member) return Unexpected{damaged("it ends within them")};
      if (!*more) return std::size_t{0};
    }
    if (!state_->within_member) inflateReset(&stream);
    const int found = inflate(&stream, Z_NO_FLUSH);
    if (found != Z_OK && found != Z_STREAM_END)
      return Unexpected{damaged(stream.msg == nullptr ? "they are damaged" : stream.msg)};
    state_->within_member = found == Z_OK;
  }
  return std::size_t{room - stream.avail_out};
}

IngestError Gunzip::damaged(const char* why) const {
  Diagnostic diagnostic;
  diagnostic.id = "IN-002";
  diagnostic.file = path_;
  diagnostic.message = std::string("its gzip members cannot be unpacked: ") + why;
  return {IngestFailure::bad_content, {diagnostic}};
}

}  // namespace haldane::analysis
