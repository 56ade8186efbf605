// Any of the limits, as one replica keeps it.
#pragma once

#include <optional>
#include <variant>

#include "models/limit/aimd.h"
#include "models/limit/gradient2.h"
#include "models/limit/sample_window.h"
#include "models/limit/vegas.h"

namespace haldane::models {

class ConcurrencyLimit {
 public:
  explicit ConcurrencyLimit(const LimitSpec& spec) : rule_(make(spec)) {
    if (spec.window > Duration{}) window_.emplace(spec.window);
  }

  /// Whether one more is taken beside those inside.
  [[nodiscard]] bool admits(std::uint64_t inside) const { return inside < limit(); }
  [[nodiscard]] std::uint64_t limit() const {
    return std::visit([](const auto& rule) -> std::uint64_t { return rule.limit(); }, rule_);
  }
  /// `jitter()` gives a number from [0.5, 1), by the count of those used before.
  template <class Jitter>
  void add(LimitSample sample, const Jitter& jitter) {
    if (sample.rtt <= Duration{}) return;
    if (window_) {
      const auto averaged = window_->add(sample);
      if (!averaged) return;
      sample = *averaged;
    }
    if (auto* vegas = std::get_if<VegasLimit>(&rule_)) {
      vegas->add(sample, jitter(vegas->probes()));
    } else if (auto* aimd = std::get_if<AimdLimit>(&rule_)) {
      aimd->add(sample);
    } else if (auto* gradient = std::get_if<Gradient2Limit>(&rule_)) {
      gradient->add(sample);
    }
  }

 private:
  struct Fixed {
    std::uint64_t bound;
    [[nodiscard]] std::uint64_t limit() const { return bound; }
  };
  using Rule = std::variant<Fixed, AimdLimit, VegasLimit, Gradient2Limit>;

  static Rule make(const LimitSpec& spec) {
    switch (spec.kind) {
      case LimitSpec::Kind::aimd:
        return AimdLimit(spec);
      case LimitSpec::Kind::vegas:
        return VegasLimit(spec);
      case LimitSpec::Kind::gradient2:
        return Gradient2Limit(spec);
      case LimitSpec::Kind::fixed:
        return Fixed{spec.initial};
      case LimitSpec::Kind::none:
        break;
    }
    return Fixed{~std::uint64_t{0}};
  }

  Rule rule_;
  std::optional<SampleWindow> window_;
};

}  // namespace haldane::models
