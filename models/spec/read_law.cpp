#include "models/spec/read_law.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "models/spec/read_samples.h"

namespace haldane::models {
namespace {

using config::Mapping;
using config::Range;
using config::Value;
using Kind = LawSpec::Kind;

constexpr double seconds_max = 100 * 86'400.0;
constexpr double bytes_max = 1'099'511'627'776.0;
constexpr std::size_t phases_max = 64;

constexpr std::array<std::pair<std::string_view, Kind>, 10> laws = {{
    {"deterministic", Kind::deterministic},
    {"exponential", Kind::exponential},
    {"lognormal", Kind::lognormal},
    {"gamma", Kind::gamma},
    {"erlang", Kind::erlang},
    {"hyperexponential", Kind::hyperexponential},
    {"uniform", Kind::uniform},
    {"weibull", Kind::weibull},
    {"pareto", Kind::pareto},
    {"empirical", Kind::empirical},
}};

double quantity_max(LawUnit unit) {
  return unit == LawUnit::seconds ? seconds_max : bytes_max;
}

bool read_quantity(const Value& value, LawUnit unit, const Range<double>& range, double& out) {
  return unit == LawUnit::seconds ? value.seconds(out, range) : value.bytes(out, range);
}

/// Reads the parameters of one law. Each member reads one kind.
class LawReader {
 public:
  LawReader(Mapping parameters, LawUnit unit, const config::FileReader& files, LawSpec& out)
      : parameters_(std::move(parameters)), unit_(unit), files_(files), out_(out) {}

  bool read() {
    const bool good = read_parameters();
    parameters_.finish();
    return good;
  }

 private:
  bool read_parameters() {
    switch (out_.kind) {
      case Kind::deterministic:
        return quantity("value", out_.value, config::between(0.0, quantity_max(unit_)));
      case Kind::exponential:
        return quantity("mean", out_.value, scale_range());
      case Kind::lognormal:
        return all({quantity("median", out_.value, scale_range()),
                    number("sigma", config::between(0.0, 10.0))});
      case Kind::gamma:
        return all({quantity("mean", out_.value, scale_range()),
                    number("shape", config::between(0.01, 1e6))});
      case Kind::erlang:
        return all({quantity("mean", out_.value, scale_range()), read_phases()});
      case Kind::hyperexponential:
        return read_mixture();
      case Kind::uniform:
        return read_uniform();
      case Kind::weibull:
        return all({quantity("scale", out_.scale, scale_range()),
                    number("shape", config::between(0.05, 1000.0))});
      case Kind::pareto:
        return read_pareto();
      case Kind::empirical:
        return read_samples();
    }
    return false;
  }

  /// All are read, in this order, before this is called: `&&` would skip the mistakes of the
  /// second, and plain arguments have no order.
  static bool all(std::initializer_list<bool> good) {
    return std::find(good.begin(), good.end(), false) == good.end();
  }

  [[nodiscard]] Range<double> scale_range() const {
    return config::above_to(0.0, quantity_max(unit_));
  }

  bool quantity(std::string_view key, double& out, const Range<double>& range) {
    return read_quantity(parameters_.required(key), unit_, range, out);
  }

  bool number(std::string_view key, const Range<double>& range) {
    return parameters_.required(key).number(out_.shape, range);
  }

  bool read_phases() {
    std::uint32_t phases = 1;
    if (!parameters_.required("k").count(phases, 1, 1'000'000)) return false;
    out_.shape = phases;
    return true;
  }

  bool read_uniform() {
    const Range<double> range = config::between(0.0, quantity_max(unit_));
    if (!all({quantity("low", out_.low, range), quantity("high", out_.high, range)})) return false;
    if (out_.low <= out_.high) return true;
    parameters_.fail_key("low", "SCN-202", "must be <= high");
    return false;
  }

  bool read_pareto() {
    if (!all({quantity("scale", out_.scale, scale_range()),
              number("shape", config::above_to(0.0, 1000.0))})) {
      return false;
    }
    if (out_.shape > 1) return true;
    parameters_.fail_key("shape", "SCN-201",
                         fmt::format("must be > 1, but was {}: with a shape of 1 or less the mean "
                                     "is infinite",
                                     out_.shape));
    return false;
  }

  bool read_mixture() {
    bool good = true;
    for (const Value& element : parameters_.required("means").elements()) {
      out_.means.push_back(0);
      good = read_quantity(element, unit_, scale_range(), out_.means.back()) && good;
    }
    for (const Value& element : parameters_.required("weights").elements()) {
      out_.weights.push_back(0);
      good = element.share(out_.weights.back(), config::between(0.0, 1e9)) && good;
    }
    if (!good || out_.means.empty() || out_.weights.empty()) return fail_if_empty();
    return normalise_weights();
  }

  bool fail_if_empty() {
    const Value means = parameters_.optional("means");
    if (means.present() && means.node().is_sequence() && out_.means.empty()) {
      means.fail("SCN-203", "must not be empty");
    }
    return false;
  }

  bool normalise_weights() {
    if (out_.means.size() != out_.weights.size() || out_.means.size() > phases_max) {
      parameters_.fail_key(
          "weights", "SCN-203",
          fmt::format("must have as many elements as means (at most {}), but has {} to its {}",
                      phases_max, out_.weights.size(), out_.means.size()));
      return false;
    }
    const double sum = std::accumulate(out_.weights.begin(), out_.weights.end(), 0.0);
    if (!(sum > 0)) {
      parameters_.fail_key("weights", "SCN-203", "must not all be 0");
      return false;
    }
    for (double& weight : out_.weights) weight /= sum;
    return true;
  }

  bool read_samples() {
    const Value file = parameters_.required("file");
    std::string unit_name;
    const Value unit_key = parameters_.optional("unit");
    if (unit_key.present() && !read_sample_unit(unit_key, unit_, unit_name)) return false;
    if (!file.text(out_.file)) return false;
    return read_sample_file(file, unit_, unit_name, files_, out_.samples);
  }

  Mapping parameters_;
  LawUnit unit_;
  const config::FileReader& files_;
  LawSpec& out_;
};

/// A law whose parameters are fine one by one may still have a mean beyond all sense.
bool check_mean(const Value& value, LawUnit unit, const LawSpec& law) {
  if (law_mean(law) <= quantity_max(unit)) return true;
  value.fail("SCN-204", fmt::format("must have a mean of at most {}, but it is {:.3g} {}",
                                    unit == LawUnit::seconds ? "100d" : "1TiB", law_mean(law),
                                    unit == LawUnit::seconds ? "s" : "B"));
  return false;
}

}  // namespace

const std::vector<std::string_view>& law_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> result;
    for (const auto& law : laws) result.push_back(law.first);
    return result;
  }();
  return names;
}

bool read_law(const Value& value, LawUnit unit, const config::FileReader& files, LawSpec& out) {
  if (!value.present()) return false;
  if (!value.is_mapping()) {
    value.fail_type("a law", unit == LawUnit::seconds
                                 ? "for example {exponential: {mean: 20ms}}"
                                 : "for example {lognormal: {median: 8kB, sigma: 1}}");
    return false;
  }
  Mapping mapping = value.mapping();
  const auto [name, parameters] = mapping.exactly_one(law_names());
  mapping.finish();
  if (!parameters.present()) return false;
  LawSpec law;
  for (const auto& [law_name, kind] : laws) {
    if (law_name == name) law.kind = kind;
  }
  if (!parameters.is_mapping()) {
    (void)parameters.mapping();
    return false;
  }
  if (!LawReader(parameters.mapping(), unit, files, law).read()) return false;
  if (!check_mean(value, unit, law)) return false;
  out = std::move(law);
  return true;
}

double law_mean(const LawSpec& law) {
  switch (law.kind) {
    case Kind::deterministic:
    case Kind::exponential:
    case Kind::gamma:
    case Kind::erlang:
      return law.value;
    case Kind::lognormal:
      return law.value * std::exp(law.shape * law.shape / 2);
    case Kind::hyperexponential:
      return std::inner_product(law.means.begin(), law.means.end(), law.weights.begin(), 0.0);
    case Kind::uniform:
      return (law.low + law.high) / 2;
    case Kind::weibull:
      return law.scale * std::tgamma(1 + 1 / law.shape);
    case Kind::pareto:
      return law.shape > 1 ? law.scale * law.shape / (law.shape - 1)
                           : std::numeric_limits<double>::infinity();
    case Kind::empirical:
      break;
  }
  if (law.samples.empty()) return 0;
  return std::accumulate(law.samples.begin(), law.samples.end(), 0.0) /
         static_cast<double>(law.samples.size());
}

}  // namespace haldane::models
