#include "cli/usage_problems.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "config/nearest.h"

namespace haldane::cli {
namespace {

using Problems = std::vector<std::string>;
using Options = std::vector<CLI::Option*>;

bool is_option(std::string_view argument) {
  return argument.size() > 1 && argument[0] == '-';
}

std::string unknown_option(const std::string& argument, const Options& options) {
  std::vector<std::string_view> names;
  for (const CLI::Option* option : options) {
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  const std::string_view name = std::string_view(argument).substr(0, argument.find('='));
  const std::size_t dashes = std::min(name.find_first_not_of('-'), name.size());
  const auto near = config::nearest_name(name.substr(dashes), names);
  return fmt::format("unknown option {}{}", argument,
                     near ? fmt::format("; did you mean --{}?", *near) : std::string());
}

void add_unknown(const CLI::App& app, const Options& options, Problems& problems) {
  bool may_be_value = false;  // of the unknown option before it
  for (const std::string& argument : app.remaining(true)) {
    if (is_option(argument)) problems.push_back(unknown_option(argument, options));
    if (!is_option(argument) && !may_be_value)
      problems.push_back(fmt::format("unexpected argument '{}'", argument));
    may_be_value = is_option(argument);
  }
}

void add_refused_values(const Options& options, Problems& problems) {
  for (CLI::Option* option : options) {
    if (option->count() == 0) continue;
    try {
      option->run_callback();
    } catch (const CLI::ParseError& error) {
      problems.emplace_back(error.what());
    }
  }
}

void add_missing(const Options& options, Problems& problems) {
  for (const CLI::Option* option : options) {
    if (option->get_required() && option->count() == 0)
      problems.push_back(option->get_name() + " is required");
  }
}

// CLI11 keeps what an option needs and excludes in the order of addresses.
void add_wrong_company(const Options& options, Problems& problems) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (options[i]->count() == 0) continue;
    const std::set<CLI::Option*> needs = options[i]->get_needs();
    const std::set<CLI::Option*> excludes = options[i]->get_excludes();
    for (std::size_t j = 0; j < options.size(); ++j) {
      const bool given = options[j]->count() > 0;
      if (!given && needs.contains(options[j])) {
        problems.push_back(
            fmt::format("{} needs {}", options[i]->get_name(), options[j]->get_name()));
      }
      if (i < j && given && excludes.contains(options[j])) {
        problems.push_back(
            fmt::format("{} excludes {}", options[i]->get_name(), options[j]->get_name()));
      }
    }
  }
}

bool stopped_on_the_way(const CLI::ParseError& error) {
  return error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ArgumentMismatch);
}

}  // namespace

std::vector<std::string> usage_problems(const CLI::App& app, const CLI::ParseError& error) {
  if (stopped_on_the_way(error)) return {error.what()};
  const Options options =
      app.get_subcommands().front()->get_options([](CLI::Option*) { return true; });
  Problems problems;
  add_unknown(app, options, problems);
  add_refused_values(options, problems);
  add_missing(options, problems);
  add_wrong_company(options, problems);
  if (problems.empty()) problems.emplace_back(error.what());
  return problems;
}

}  // namespace haldane::cli
