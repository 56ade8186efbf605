#include "cli/result_files.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "cli/command.h"

namespace haldane::cli {
namespace {

ExitCode open_file(OutputFile& file, const std::string& path) {
  const auto problem = file.open(path);
  if (!problem) return ExitCode::success;
  return fail(ExitCode::output_failed, fmt::format("{}: cannot be written: {}", path, *problem));
}

}  // namespace

ExitCode commit(OutputFile& file, std::string_view text) {
  const auto problem = file.commit(text);
  if (!problem) return ExitCode::success;
  return fail(ExitCode::output_failed,
              fmt::format("{}: could not be written: {}", file.path(), *problem));
}

ExitCode open_directory_files(const std::string& directory,
                              const std::vector<std::pair<std::string, OutputFile*>>& files) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) {
    return fail(ExitCode::output_failed,
                fmt::format("{}: cannot be created: {}", directory, failed.message()));
  }
  for (const auto& [name, file] : files) {
    const ExitCode opened = open_file(*file, (std::filesystem::path(directory) / name).string());
    if (opened != ExitCode::success) return opened;
  }
  return ExitCode::success;
}

ExitCode ResultFiles::open(const std::string& out, const std::string& html) {
  if (!out.empty() && out == html) {
    return fail(ExitCode::usage, "--out and --html name the same file");
  }
  if (!out.empty()) {
    const ExitCode opened = open_file(out_, out);
    if (opened != ExitCode::success) return opened;
  }
  return html.empty() ? ExitCode::success : open_file(html_, html);
}

ExitCode ResultFiles::write(std::string_view text, std::string_view page) {
  // The page first: who reads the text may open the page at once.
  if (html_.is_open()) {
    const ExitCode written = commit(html_, page);
    if (written != ExitCode::success) return written;
  }
  return out_.is_open() ? commit(out_, text) : print(text);
}

}  // namespace haldane::cli
