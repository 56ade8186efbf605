#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/completion/completion_scripts.h"

namespace haldane::cli {

Action add_completion(CLI::App& app) {
  CLI::App* command = app.add_subcommand("completion", "Print a completion script for your shell");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  return [&app, shell] {
    const auto commands = outline(app);
    if (*shell == "bash") return print(bash_completion(commands));
    if (*shell == "zsh") return print(zsh_completion(commands));
    return print(fish_completion(commands));
  };
}

}  // namespace haldane::cli
