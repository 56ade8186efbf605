// Any bytes are a scenario or a list of problems; never a crash, a hang or a scenario that breaks a
// promise of its header. Overrides follow the document after a line "#set" each.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/spec/read_law.h"
#include "models/spec/read_scenario.h"
#include "sim/base/check.h"

namespace {

using haldane::models::Scenario;

constexpr std::string_view separator = "\n#set ";

/// Splits "document\n#set path=value\n#set path=value".
std::vector<std::string> take_overrides(std::string_view& text) {
  std::vector<std::string> overrides;
  std::size_t at = text.rfind(separator);
  while (at != std::string_view::npos && overrides.size() < 4) {
    overrides.emplace_back(text.substr(at + separator.size()));
    text = text.substr(0, at);
    at = text.rfind(separator);
  }
  return overrides;
}

void check_promises(const Scenario& scenario) {
  HALDANE_CHECK(scenario.duration >= haldane::Duration::milliseconds(1));
  HALDANE_CHECK(!scenario.warmup || *scenario.warmup < scenario.duration);
  HALDANE_CHECK(scenario.edge || scenario.api);
  HALDANE_CHECK(scenario.replications >= 1);
  for (std::size_t i = 1; i < scenario.timeline.size(); ++i) {
    HALDANE_CHECK(scenario.timeline[i - 1].at <= scenario.timeline[i].at);
  }
  if (scenario.api) HALDANE_CHECK(haldane::models::law_mean(scenario.api->service) <= 8.64e6);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  std::string_view text = bytes;
  const std::vector<std::string> overrides = take_overrides(text);
  const auto parsed = haldane::models::read_scenario(text, "fuzz.yaml", overrides);
  if (parsed) {
    check_promises(*parsed);
  } else {
    HALDANE_CHECK(!parsed.error().empty());
    HALDANE_CHECK(!haldane::to_string(parsed.error()).empty());
  }
  return 0;
}
