#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/schema/schemas.h"
#include "config/nearest.h"

namespace haldane::cli {
namespace {

ExitCode list_schemas() {
  std::string text;
  for (const Schema& schema : schemas()) text += fmt::format("{}\n", schema.name);
  return print(text);
}

ExitCode print_schema(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Schema& schema : schemas()) {
    if (schema.name == name) return print(schema.text);
    names.push_back(schema.name);
  }
  return fail(ExitCode::usage,
              fmt::format("unknown schema '{}'; {}", name, config::suggest(name, names)));
}

}  // namespace

Action add_schema(CLI::App& app) {
  CLI::App* command = app.add_subcommand("schema", "Print the JSON Schema of a public format");
  const auto name = std::make_shared<std::string>();
  command->add_option(
      "NAME", *name,
      "scenario, run, policy, verdict, kayenta, cache, power or openapi; without it, list them");
  return [name] { return name->empty() ? list_schemas() : print_schema(*name); };
}

}  // namespace haldane::cli
