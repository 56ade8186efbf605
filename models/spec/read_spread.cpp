// `edge.spread`: a word, or a mapping where a kind has numbers of its own.
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;
using Kind = SpreadSpec::Kind;

bool read_kind(const Value& value, Kind& out) {
  return value.choice<Kind>(out, {{"hash", Kind::hash},
                                  {"consistent", Kind::consistent},
                                  {"bounded", Kind::bounded},
                                  {"random", Kind::random}});
}

}  // namespace

void read_spread(const Value& value, SpreadSpec& out) {
  if (!value.present()) return;
  if (!value.is_mapping()) {
    read_kind(value, out.kind);
    return;
  }
  Mapping spread = value.mapping();
  if (!read_kind(spread.required("kind"), out.kind)) return;
  if (out.kind == Kind::consistent || out.kind == Kind::bounded)
    spread.optional("points").count(out.points, 1, 10'000);
  if (out.kind == Kind::bounded) {
    spread.optional("load_factor").number(out.load_factor, config::between(1.0, 100.0));
    spread.optional("window").duration(
        out.window, config::between(Duration::milliseconds(1), Duration::seconds(86'400)));
  }
  spread.finish();
}

}  // namespace haldane::models
