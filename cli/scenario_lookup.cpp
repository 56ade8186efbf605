#include "cli/scenario_lookup.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "config/nearest.h"

namespace haldane::cli {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  // Not only regular files: a pipe (process substitution) is as good.
  return fs::exists(path, ignored) && !fs::is_directory(path, ignored);
}

std::vector<std::string> known_names(const std::vector<fs::path>& roots) {
  std::vector<std::string> names;
  for (const fs::path& root : roots) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(root, ignored)) {
      if (is_file(entry.path() / "scenario.yaml"))
        names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string not_found(const std::string& name, const std::vector<fs::path>& roots) {
  std::error_code ignored;
  if (fs::is_directory(name, ignored)) return fmt::format("{}: holds no scenario.yaml", name);
  const bool is_path = name.find('/') != std::string::npos || name.ends_with(".yaml");
  if (is_path) return fmt::format("{}: no such file", name);
  const std::vector<std::string> names = known_names(roots);
  const std::string hint =
      config::suggest(name, std::vector<std::string_view>(names.begin(), names.end()));
  return fmt::format("no scenario is called '{}'{}", name, hint.empty() ? "" : "; " + hint);
}

}  // namespace

std::vector<fs::path> scenario_roots() {
  std::vector<fs::path> roots = {"scenarios"};
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) roots.push_back(program.parent_path().parent_path() / "scenarios");
  if (const char* folder = std::getenv("HALDANE_SCENARIOS"); folder != nullptr && *folder != '\0') {
    roots.emplace_back(folder);
  }
  roots.emplace_back(HALDANE_SCENARIO_DIR);
  return roots;
}

Expected<std::string, std::string> find_scenario(const std::string& name,
                                                 const std::vector<fs::path>& roots) {
  if (is_file(name)) return name;
  if (is_file(fs::path(name) / "scenario.yaml")) return (fs::path(name) / "scenario.yaml").string();
  for (const fs::path& root : roots) {
    if (name.empty() || name.front() == '/') break;
    if (is_file(root / name / "scenario.yaml")) return (root / name / "scenario.yaml").string();
    if (is_file(root / (name + ".yaml"))) return (root / (name + ".yaml")).string();
  }
  return Unexpected{not_found(name, roots)};
}

}  // namespace haldane::cli
