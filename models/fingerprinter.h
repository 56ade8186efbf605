// How the parts of a scenario are hashed, for fingerprint().
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/spec/scenario.h"
#include "sim/base/hash.h"

namespace haldane::models {

/// Feeds every field to a digest; optional parts feed their presence too, so that "absent" and
/// "default" differ.
class Fingerprinter {
 public:
  void number(double value) { digest_.add(std::bit_cast<std::uint64_t>(value)); }
  void integer(std::uint64_t value) { digest_.add(value); }
  void flag(bool value) { digest_.add(value ? 1 : 0); }
  void span(Duration value) { digest_.add(static_cast<std::uint64_t>(value.count_ns())); }
  void text(std::string_view value) {
    integer(value.size());
    for (const char c : value) integer(static_cast<unsigned char>(c));
  }
  template <class Enum>
  void choice(Enum value) {
    integer(static_cast<std::uint64_t>(value));
  }
  template <class T, class Feed>
  void optional(const std::optional<T>& value, Feed feed) {
    flag(value.has_value());
    if (value) feed(*value);
  }
  void numbers(const std::vector<double>& values) {
    integer(values.size());
    for (const double value : values) number(value);
  }
  void law(const LawSpec& law) {
    choice(law.kind);
    for (const double value : {law.value, law.shape, law.scale, law.low, law.high}) number(value);
    for (const auto* values : {&law.means, &law.weights, &law.samples}) numbers(*values);
  }
  void backoff(const BackoffSpec& backoff) {
    span(backoff.base);
    number(backoff.factor);
    span(backoff.cap);
    choice(backoff.jitter);
  }
  [[nodiscard]] std::uint64_t value() const { return digest_.value(); }

 private:
  Digest digest_;
};

/// What holds requests up at the API's replicas: queues, limits, what they depend on.
void add_hold_ups(Fingerprinter& f, const ApiSpec& a);

}  // namespace haldane::models
