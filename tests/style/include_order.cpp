#include "tests/style/include_order.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace haldane::style {
namespace {

struct Room {
  std::string_view folder;
  std::string_view may_include;  // folders and files, separated by spaces
};

// The longest folder that fits a path decides. A room may always include itself.
constexpr std::array<Room, 38> kRooms = {{
    {"sim/base", ""},
    {"sim/random", "sim/base"},
    {"sim/measure", "sim/base"},
    {"sim/kernel", "sim/base"},
    {"sim/parallel", "sim"},
    {"config", "sim/base"},
    {"models/scale", "sim/base"},
    {"models/clients", "sim/base sim/random sim/measure"},
    {"models/balance", "sim/base"},
    {"models/queue", "sim/base"},
    {"models/limit", "sim/base"},
    {"models/spec",
     "sim/base sim/random config models/scale models/clients models/trace models/queue "
     "models/limit models/balance"},
    {"models/workload", "sim/base sim/random sim/measure models/spec models/plan.h"},
    {"models/cache", "sim/base sim/random"},
    {"models/trace", "sim/base"},
    {"models/replay", "sim/base sim/parallel models/cache models/trace"},
    {"models/tiers/record", "sim/base sim/measure models/plan.h models/metrics.h"},
    {"models/tiers/link", "sim models/tiers/record models/plan.h models/metrics.h"},
    {"models/tiers/scaling",
     "sim models/spec models/workload models/scale models/balance models/tiers/record "
     "models/plan.h models/metrics.h"},
    {"models/tiers/edge",
     "sim models/spec models/workload models/cache models/clients models/tiers/record "
     "models/tiers/link models/tiers/scaling models/plan.h models/metrics.h"},
    {"models/tiers/api",
     "sim models/limit models/queue models/balance models/tiers/record models/tiers/link "
     "models/tiers/scaling models/tiers/edge models/plan.h models/metrics.h"},
    {"models/tiers/workers",
     "sim models/tiers/record models/tiers/link models/tiers/scaling models/plan.h "
     "models/metrics.h"},
    {"models", "sim config"},
    {"analysis/compare", "sim/base"},
    {"analysis/estimate", "sim/base sim/measure"},
    {"analysis/ingest", "sim/base config"},
    {"analysis/sequential", "sim/base"},
    {"analysis/kayenta", "sim/base analysis/compare"},
    {"analysis/kayenta/remote", "sim/base config analysis"},
    {"analysis/judge",
     "sim/base sim/parallel config analysis/compare analysis/sequential analysis/ingest "
     "analysis/kayenta"},
    {"analysis/study", "sim/base config analysis"},
    {"analysis/report", "sim/base sim/measure config analysis"},
    {"analysis", "sim/base sim/measure config"},
    {"server", "sim/base config analysis"},
    {"cli", "sim config models analysis server"},
    {"bench", "sim config models analysis"},
    {"tests/style", ""},
    {"tests", "sim config models analysis server cli bench"},
}};

bool is_inside(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

const Room* find_room(std::string_view path) {
  const Room* best = nullptr;
  for (const Room& room : kRooms) {
    if (!is_inside(path, room.folder)) continue;
    if (best == nullptr || room.folder.size() > best->folder.size()) best = &room;
  }
  return best;
}

bool may_include(const Room& room, std::string_view target) {
  if (is_inside(target, room.folder)) return true;
  std::string_view rest = room.may_include;
  while (!rest.empty()) {
    const std::size_t space = rest.find(' ');
    const std::string_view allowed = rest.substr(0, space);
    if (target == allowed || is_inside(target, allowed)) return true;
    rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
  }
  return false;
}

// The quoted path of an #include line; empty for any other line and for system headers.
std::string_view quoted_include(std::string_view line) {
  constexpr std::string_view kStart = "#include \"";
  if (!line.starts_with(kStart)) return {};
  line.remove_prefix(kStart.size());
  return line.substr(0, line.find('"'));
}

std::string problem_of(const Room& room, std::string_view target) {
  if (find_room(target) == nullptr)
    return fmt::format("\"{}\" is no path from the root of the project", target);
  if (may_include(room, target)) return "";
  return fmt::format("{} may not include \"{}\"", room.folder, target);
}

}  // namespace

std::string_view room_of(std::string_view path) {
  const Room* room = find_room(path);
  return room == nullptr ? std::string_view{} : room->folder;
}

Findings check_include_order(const SourceFile& file) {
  if (!file.is_cpp()) return {};
  const Room* room = find_room(file.path);
  if (room == nullptr) return {{file.path, 0, "belongs to no room of the house"}};
  Findings findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string_view target = quoted_include(file.lines[i]);
    if (target.empty()) continue;
    const std::string problem = problem_of(*room, target);
    if (!problem.empty()) findings.push_back({file.path, i + 1, problem});
  }
  return findings;
}

}  // namespace haldane::style
