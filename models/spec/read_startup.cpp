// `startup` of autoscalers and deploys.
#include <fmt/format.h>

#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

constexpr Duration startup_max = Duration::seconds(86'400);

}  // namespace

void read_startup(const Value& value, const FileReader& files, LawSpec& out) {
  if (!value.present()) return;
  if (!value.is_mapping()) {
    Duration constant;
    if (!value.duration(constant, config::between(Duration{}, startup_max))) return;
    out = {};
    out.value = constant.as_seconds();
    return;
  }
  if (!read_law(value, LawUnit::seconds, files, out)) return;
  if (law_mean(out) > startup_max.as_seconds()) {
    value.fail("SCN-204",
               fmt::format("must have a mean of at most 1d, but it is {:.3g} s", law_mean(out)));
  }
}

}  // namespace haldane::models
