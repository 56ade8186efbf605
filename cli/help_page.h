// The page that --help prints.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace haldane::cli {

/// CLI11's page, folded to `width` columns: options in two columns, or on a narrow terminal with
/// what they do on lines of its own. What options check and exclude is left to error messages.
class HelpPage final : public CLI::Formatter {
 public:
  explicit HelpPage(int width);

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_footer(const CLI::App* app) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;

 private:
  /// A name and what it stands for.
  [[nodiscard]] std::string entry(const std::string& name, const std::string& text) const;

  int width_;
  int text_column_;
};

}  // namespace haldane::cli
