#include "cli/simulate/checkpoint_identity.h"

#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "models/plan.h"

namespace haldane::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "haldane.checkpoint/1";

// 64-bit numbers stand as text: JSON readers may keep 53 bits of a number.
std::optional<std::uint64_t> parse_word(const Json& value, int base) {
  if (!value.is_string()) return std::nullopt;
  const std::string& text = value.get_ref<const std::string&>();
  std::uint64_t word = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, word, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return word;
}

}  // namespace

CheckpointIdentity identity_of(const models::Scenario& scenario, double sample_share) {
  models::Scenario without_seed = scenario;
  without_seed.seed = 0;
  return {HALDANE_VERSION, HALDANE_ENGINE, scenario.name, models::fingerprint(without_seed),
          scenario.seed,   sample_share};
}

std::string header_line(const CheckpointIdentity& identity) {
  const Json header = {{"schema", schema},
                       {"version", identity.version},
                       {"engine", identity.engine},
                       {"scenario", identity.scenario},
                       {"parameters", fmt::format("{:016x}", identity.parameters)},
                       {"seed", fmt::format("{}", identity.seed)},
                       {"sample_share", identity.sample_share}};
  return header.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::optional<CheckpointIdentity> parse_header(const std::string& line) {
  const Json header = Json::parse(line, nullptr, false);
  if (!header.is_object() || header.value("schema", Json()) != schema) return std::nullopt;
  for (const char* key : {"version", "engine", "scenario"}) {
    if (!header.contains(key) || !header[key].is_string()) return std::nullopt;
  }
  const auto parameters = parse_word(header.value("parameters", Json()), 16);
  const auto seed = parse_word(header.value("seed", Json()), 10);
  const Json share = header.value("sample_share", Json());
  if (!parameters || !seed || !share.is_number()) return std::nullopt;
  return CheckpointIdentity{
      header["version"],  header["engine"], header["scenario"], *parameters, *seed,
      share.get<double>()};
}

std::string difference(const CheckpointIdentity& file, const CheckpointIdentity& run) {
  std::vector<std::string> parts;
  if (file.version != run.version || file.engine != run.engine) {
    parts.push_back(fmt::format("version (there {} engine {}, here {} engine {})", file.version,
                                file.engine, run.version, run.engine));
  }
  if (file.scenario != run.scenario) {
    parts.push_back(fmt::format("scenario (there '{}', here '{}')", file.scenario, run.scenario));
  }
  if (file.parameters != run.parameters) {
    parts.push_back(
        fmt::format("parameters of the scenario (fingerprint there {:016x}, here "
                    "{:016x})",
                    file.parameters, run.parameters));
  }
  if (file.seed != run.seed) {
    parts.push_back(fmt::format("seed (there {}, here {})", file.seed, run.seed));
  }
  if (run.sample_share > 0 && file.sample_share != run.sample_share) {
    parts.emplace_back("samples (this run needs them for --arms or --html, the file has none)");
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace haldane::cli
