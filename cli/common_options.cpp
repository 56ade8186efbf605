#include "cli/common_options.h"

#include "config/quantity.h"

namespace haldane::cli {
namespace {

constexpr int threads_max = 1'024;

}  // namespace

std::string whole_number_problem(const std::string& text) {
  const auto number = config::parse_unsigned(text);
  return number ? std::string() : number.error().message;
}

std::string file_name_problem(const std::string& text) {
  return text.empty() ? "a file name is required" : "";
}

void WrongWords::add(const std::string& problem) {
  problems_ += (problems_.empty() ? "" : "\n  ") + problem;
}

void WrongWords::complain() const {
  if (!problems_.empty()) throw CLI::ValidationError(option_, problems_);
}

CLI::Option* add_scenario(CLI::App& command, std::string& target) {
  return command
      .add_option("SCENARIO", target,
                  "A scenario file, a folder that holds scenario.yaml, or a name under scenarios/")
      ->required();
}

CLI::Option* add_sets(CLI::App& command, std::vector<std::string>& target) {
  return command.add_option("--set", target, "Override one key of the scenario (repeat)")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->take_all();
}

CLI::Option* add_threads(CLI::App& command, std::uint32_t& target) {
  return command.add_option("--threads", target, "Threads (default: all of the machine)")
      ->type_name("T")
      ->check(CLI::Range(1, threads_max));
}

CLI::Option* add_format(CLI::App& command, std::string& target, const std::string& help,
                        const std::vector<std::string>& formats) {
  return command.add_option("--format", target, help)
      ->type_name("FORMAT")
      ->check(CLI::IsMember(formats));
}

CLI::Option* add_file(CLI::App& command, const std::string& name, std::string& target,
                      const std::string& help) {
  return command.add_option(name, target, help)->type_name("FILE")->check(file_name_problem);
}

}  // namespace haldane::cli
