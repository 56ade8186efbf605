#include "analysis/ingest/formats/hdr_decode.h"

#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <vector>

#include <zlib.h>

namespace haldane::analysis {
namespace {

constexpr std::uint32_t compressed_cookie = 0x1c849304;
constexpr std::uint32_t counts_cookie = 0x1c849303;
constexpr std::uint32_t cookie_mask = 0xffffff0f;  // the rest says how wide a word is
constexpr std::size_t inflated_max = std::size_t{64} << 20U;
constexpr std::size_t header_bytes = 40;

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::optional<std::string> from_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t word = 0;
  int bits = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    word = (word << 6U) | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((word >> static_cast<unsigned>(bits)) & 0xffU);
  }
  return bytes;
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value = (value << 8U) | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

std::optional<std::string> inflated(std::string_view compressed) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return std::nullopt;
  std::string input(compressed);  // zlib wants it mutable
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::string out;
  std::array<char, 1U << 14U> block{};
  int state = Z_OK;
  while (state == Z_OK && out.size() <= inflated_max) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(block.data(), block.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END ? std::optional(std::move(out)) : std::nullopt;
}

// ZigZag LEB128 of 64 bits: at most nine bytes, the ninth with all eight bits.
std::optional<std::int64_t> take_zig_zag(std::string_view bytes, std::size_t& position) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 9; ++i) {
    if (position >= bytes.size()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(bytes[position++]);
    const bool last = i == 8 || (byte & 0x80U) == 0;
    value |= static_cast<std::uint64_t>(i == 8 ? byte : byte & 0x7fU) << (7 * i);
    if (last) break;
  }
  return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
}

// Where a slot's values lie: half of each power of two's slots are covered by the one below.
class SlotValues {
 public:
  SlotValues(std::uint64_t digits, std::uint64_t lowest)
      : unit_(static_cast<unsigned>(std::bit_width(lowest)) - 1) {
    std::uint64_t largest = 2;
    for (std::uint64_t i = 0; i < digits; ++i) largest *= 10;
    half_magnitude_ = static_cast<unsigned>(std::bit_width(largest - 1)) - 1;
  }

  [[nodiscard]] double width(std::uint64_t slot) const {
    return std::ldexp(1.0, static_cast<int>(unit_ + bucket(slot)));
  }
  [[nodiscard]] double low(std::uint64_t slot) const {
    const std::uint64_t half = std::uint64_t{1} << half_magnitude_;
    const std::uint64_t within = (slot & (half - 1)) + (slot >= half ? half : 0);
    return static_cast<double>(within) * width(slot);
  }
  [[nodiscard]] std::uint64_t slots_max() const { return std::uint64_t{64} << half_magnitude_; }

 private:
  [[nodiscard]] unsigned bucket(std::uint64_t slot) const {
    const std::uint64_t index = slot >> half_magnitude_;
    return index == 0 ? 0 : static_cast<unsigned>(index - 1);
  }

  unsigned unit_;
  unsigned half_magnitude_ = 0;
};

std::string give_slots(std::string_view counts, const SlotValues& values, const TakeSlot& take) {
  std::uint64_t slot = 0;
  for (std::size_t position = 0; position < counts.size();) {
    const auto count = take_zig_zag(counts, position);
    if (!count) return "its counts end in the middle of a number";
    if (*count < 0) {
      slot += std::uint64_t{0} - static_cast<std::uint64_t>(*count);  // so many empty slots
    } else {
      if (*count > 0) {
        const double low = values.low(slot);
        take(low, low + values.width(slot), static_cast<double>(*count));
      }
      ++slot;
    }
    if (slot > values.slots_max()) return "it has more slots than its precision allows";
  }
  return {};
}

}  // namespace

std::string decode_hdr(std::string_view base64, const TakeSlot& take) {
  const auto envelope = from_base64(base64);
  if (!envelope || envelope->size() < 8) return "it is no base64";
  if ((big_endian(*envelope, 0, 4) & cookie_mask) != (compressed_cookie & cookie_mask)) {
    return "it is no compressed histogram of version 2";
  }
  const auto bytes = inflated(std::string_view(*envelope).substr(8));
  if (!bytes) return "it cannot be decompressed";
  if (bytes->size() < header_bytes ||
      (big_endian(*bytes, 0, 4) & cookie_mask) != (counts_cookie & cookie_mask)) {
    return "it holds no histogram of version 2";
  }
  const std::uint64_t payload = big_endian(*bytes, 4, 4);
  const std::uint64_t digits = big_endian(*bytes, 12, 4);
  const std::uint64_t lowest = big_endian(*bytes, 16, 8);
  // hdr-histogram-js always writes 1 and means none; Java writes what its shifts left behind.
  if (big_endian(*bytes, 8, 4) > 1) return "its values are shifted, which is not read";
  if (digits > 5 || lowest == 0 || lowest > (std::uint64_t{1} << 40U)) {
    return "its precision or lowest value is out of range";
  }
  if (payload > bytes->size() - header_bytes) return "it is shorter than it says";
  return give_slots(std::string_view(*bytes).substr(header_bytes, payload), {digits, lowest}, take);
}

}  // namespace haldane::analysis
