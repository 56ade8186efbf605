#include "cli/completion/completion_scripts.h"

#include <fmt/format.h>

namespace haldane::cli {
namespace {

std::string names_of(const std::vector<CommandOutline>& commands) {
  std::string names;
  for (const CommandOutline& command : commands) names += (names.empty() ? "" : " ") + command.name;
  return names;
}

/// A single-quoted shell word; the descriptions are ours and hold no exotic characters.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char letter : text)
    word += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return word + "'";
}

}  // namespace

std::string bash_completion(const std::vector<CommandOutline>& commands) {
  std::string cases;
  for (const CommandOutline& command : commands) {
    cases +=
        fmt::format("    {}) words=\"{}\" ;;\n", command.name, fmt::join(command.options, " "));
  }
  return fmt::format(R"(# haldane completion for bash: source <(haldane completion bash)
_haldane() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{} --help --version" -- "$word"))
    return
  fi
  case "${{COMP_WORDS[1]}}" in
{}  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=() ;;
  esac
}}
complete -o default -F _haldane haldane
)",
                     names_of(commands), cases);
}

std::string zsh_completion(const std::vector<CommandOutline>& commands) {
  std::string described;
  std::string cases;
  for (const CommandOutline& command : commands) {
    described += fmt::format("      {}\n", quoted(command.name + ":" + command.description));
    cases +=
        fmt::format("    {}) options=({}) ;;\n", command.name, fmt::join(command.options, " "));
  }
  return fmt::format(R"(#compdef haldane
# haldane completion for zsh: haldane completion zsh > "${{fpath[1]}}/_haldane"
_haldane() {{
  local -a commands options
  if (( CURRENT == 2 )); then
    commands=(
{}    )
    _describe command commands
    return
  fi
  case "${{words[2]}}" in
{}  esac
  if [[ "${{words[CURRENT]}}" == -* ]]; then
    compadd -- $options
  else
    _files
  fi
}}
compdef _haldane haldane
)",
                     described, cases);
}

std::string fish_completion(const std::vector<CommandOutline>& commands) {
  std::string script =
      "# haldane completion for fish: haldane completion fish | source\n"
      "complete -c haldane -n __fish_use_subcommand -l help -d 'Print help'\n"
      "complete -c haldane -n __fish_use_subcommand -l version -d 'Print the version'\n";
  for (const CommandOutline& command : commands) {
    script += fmt::format("complete -c haldane -n __fish_use_subcommand -f -a {} -d {}\n",
                          command.name, quoted(command.description));
    for (const std::string& option : command.options) {
      script += fmt::format("complete -c haldane -n '__fish_seen_subcommand_from {}' -l {}\n",
                            command.name, option.substr(2));
    }
  }
  return script;
}

}  // namespace haldane::cli
