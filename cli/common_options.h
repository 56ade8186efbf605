// Options that several commands have: said once, so that they read and refuse alike.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace haldane::cli {

/// Checks for `CLI::Option::check`. **Returns** what is wrong with `text`, empty if nothing is.
/// CLI11 alone turns -1 and what is too large into 2^64 - 1; an empty name, as an unset variable of
/// the shell leaves it, would pass for an option that was not given.
[[nodiscard]] std::string whole_number_problem(const std::string& text);
[[nodiscard]] std::string file_name_problem(const std::string& text);

/// What is wrong with the words of an option that takes several: all of it at once.
class WrongWords {
 public:
  explicit WrongWords(std::string option) : option_(std::move(option)) {}
  void add(const std::string& problem);
  /// **Errors** throws CLI::ValidationError when there are problems.
  void complain() const;

 private:
  std::string option_;
  std::string problems_;
};

// Each adds one option to `command` and returns it. Targets must outlive the parsing.

CLI::Option* add_scenario(CLI::App& command, std::string& target);
CLI::Option* add_sets(CLI::App& command, std::vector<std::string>& target);
CLI::Option* add_threads(CLI::App& command, std::uint32_t& target);
CLI::Option* add_format(CLI::App& command, std::string& target, const std::string& help,
                        const std::vector<std::string>& formats);
CLI::Option* add_file(CLI::App& command, const std::string& name, std::string& target,
                      const std::string& help);

/// `Target` is a std::uint64_t or an optional of one.
template <class Target>
CLI::Option* add_seed(CLI::App& command, Target& target, const std::string& help) {
  return command.add_option("--seed", target, help)->type_name("N")->check(whole_number_problem);
}

/// What `parse(text)` returns becomes `target`, or its `error()` a usage error.
template <class Target, class Parse>
CLI::Option* add_parsed(CLI::App& command, const std::string& name, Target& target, Parse parse,
                        const std::string& help) {
  return command.add_option_function<std::string>(
      name,
      [name, &target, parse](const std::string& text) {
        auto parsed = parse(text);
        if (!parsed) throw CLI::ValidationError(name, parsed.error());
        target = *parsed;
      },
      help);
}

}  // namespace haldane::cli
