#include "cli/help_page.h"

#include <algorithm>
#include <utility>

#include "analysis/report/text_table.h"

namespace haldane::cli {
namespace {

constexpr int width_max = 100;  // longer lines are hard to read
constexpr int two_columns_width_min = 60;
constexpr int wide_text_column = 30;
constexpr int narrow_text_column = 6;

/// The type as it was named, without what CLI11 adds of its checks.
std::string type_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  if (type == "TEXT") return {};  // of positional arguments, whose names say more
  return type.substr(0, std::min({type.find(":{"), type.find(":INT in"), type.find(":UINT in")}));
}

}  // namespace

HelpPage::HelpPage(int width)
    : width_(std::min(width, width_max)),
      text_column_(width < two_columns_width_min ? narrow_text_column : wide_text_column) {}

std::string HelpPage::make_help(const CLI::App* app, std::string name,
                                CLI::AppFormatMode mode) const {
  // CLI11 leaves two blank lines between groups.
  return CLI::detail::find_and_replace(CLI::Formatter::make_help(app, std::move(name), mode),
                                       "\n\n\n", "\n\n");
}

std::string HelpPage::make_description(const CLI::App* app) const {
  return analysis::fold_text(app->get_description(), width_, 0) + "\n";
}

std::string HelpPage::make_footer(const CLI::App* app) const {
  return analysis::fold_text(app->get_footer(), width_, 0) + "\n";
}

std::string HelpPage::make_subcommand(const CLI::App* command) const {
  return entry(command->get_name(), command->get_description());
}

std::string HelpPage::make_option(const CLI::Option* option, bool is_positional) const {
  const std::string name = make_option_name(option, is_positional);
  if (!is_positional && option->get_positional()) {
    return entry(name + " " + type_of(*option),
                 make_option_name(option, true) + ", given by its name");
  }
  return entry(name + make_option_opts(option), make_option_desc(option));
}

std::string HelpPage::make_option_opts(const CLI::Option* option) const {
  const std::string type = type_of(*option);
  return (type.empty() ? "" : " " + type) + (option->get_required() ? " (required)" : "");
}

std::string HelpPage::entry(const std::string& name, const std::string& text) const {
  const auto room = static_cast<std::size_t>(text_column_);
  std::string head = "  " + name;
  if (head.size() + 2 <= room) {
    head.append(room - head.size(), ' ');
  } else {
    head += "\n" + std::string(room, ' ');
  }
  const std::string body = analysis::fold_text(text, width_ - text_column_, 0);
  std::string page = head;
  for (const char c : body) {
    page += c;
    if (c == '\n') page.append(room, ' ');
  }
  return page + "\n";
}

}  // namespace haldane::cli
