#include "models/trace/zstd_source.h"

#include <utility>
#include <vector>

#include <zstd.h>

#include "sim/base/check.h"

namespace haldane::models {
namespace {

constexpr std::string_view magic("\x28\xb5\x2f\xfd", 4);

class ZstdBytes final : public ByteSource {
 public:
  explicit ZstdBytes(std::unique_ptr<ByteSource> packed)
      : packed_(std::move(packed)), stream_(ZSTD_createDStream()), input_(ZSTD_DStreamInSize()) {
    HALDANE_CHECK(stream_ != nullptr);
  }
  ~ZstdBytes() override { ZSTD_freeDStream(stream_); }
  ZstdBytes(const ZstdBytes&) = delete;
  ZstdBytes& operator=(const ZstdBytes&) = delete;

  Expected<std::size_t, TraceError> read(char* buffer, std::size_t capacity) override {
    ZSTD_outBuffer out{buffer, capacity, 0};
    while (out.pos == 0) {
      // A full buffer may have left output inside the decoder, which needs no input to come out.
      if (in_.pos == in_.size && (!was_full_ || wanted_ == 0)) {
        auto count = packed_->read(input_.data(), input_.size());
        if (!count) return Unexpected{count.error()};
        if (*count == 0) return at_end();
        in_ = {input_.data(), *count, 0};
      }
      wanted_ = ZSTD_decompressStream(stream_, &out, &in_);
      was_full_ = out.pos == out.size;
      if (ZSTD_isError(wanted_) != 0) return Unexpected{damaged(ZSTD_getErrorName(wanted_))};
    }
    return out.pos;
  }
  [[nodiscard]] const std::string& name() const override { return packed_->name(); }

 private:
  // A frame that still wants bytes when there are none was cut off.
  Expected<std::size_t, TraceError> at_end() {
    if (wanted_ == 0) return std::size_t{0};
    return Unexpected{damaged("ends in the middle of a frame")};
  }
  [[nodiscard]] TraceError damaged(const char* why) const {
    return trace_error(TraceFailure::bad_content, "TRC-104", name(),
                       std::string("its zstd frames cannot be unpacked: ") + why);
  }

  std::unique_ptr<ByteSource> packed_;
  ZSTD_DStream* stream_;
  std::vector<char> input_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  std::size_t wanted_ = 0;  // bytes the decoder hopes for next; 0 at the end of a frame
  bool was_full_ = false;
};

}  // namespace

Expected<std::unique_ptr<ByteSource>, TraceError> unpacked(std::unique_ptr<ByteSource> packed) {
  std::string first(magic.size(), '\0');
  std::size_t have = 0;
  while (have < first.size()) {
    auto count = packed->read(first.data() + have, first.size() - have);
    if (!count) return Unexpected{count.error()};
    if (*count == 0) break;
    have += *count;
  }
  first.resize(have);
  const bool is_packed = first == magic;
  std::unique_ptr<ByteSource> whole = put_back(std::move(packed), std::move(first));
  if (is_packed) whole = std::make_unique<ZstdBytes>(std::move(whole));
  return whole;
}

}  // namespace haldane::models
