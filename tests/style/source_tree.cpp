#include "tests/style/source_tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <source_folder.h>

namespace haldane::style {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 14> kRooms = {
    "sim",    "config",    "models", "analysis", "release", "cli",  "server",
    "schema", "scenarios", "cmake",  "bench",    "tests",   "docs", ".ci"};

constexpr std::array<std::string_view, 9> kTextExtensions = {
    ".h", ".cpp", ".cmake", ".txt", ".md", ".yaml", ".yml", ".json", ".sh"};

bool is_text(const fs::path& path) {
  const std::string extension = path.extension().string();
  const std::string name = path.filename().string();
  return name == "dev" || name == "run" ||
         std::find(kTextExtensions.begin(), kTextExtensions.end(), extension) !=
             kTextExtensions.end();
}

// Corpora hold broken input on purpose; golden files are programs' output, byte for byte.
bool is_data(std::string_view path) {
  return path.starts_with("tests/fuzz/corpus") || path.starts_with("tests/golden/") ||
         path.find("/corpus/") != std::string_view::npos ||
         path.find("/data/") != std::string_view::npos;
}

SourceFile read_file(const fs::path& root, const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  return make_file(path.lexically_relative(root).generic_string(), text);
}

void read_room(const fs::path& root, const fs::path& room, std::vector<SourceFile>& files) {
  if (!fs::is_directory(room)) return;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(room)) {
    if (!entry.is_regular_file() || !is_text(entry.path())) continue;
    if (is_data(entry.path().lexically_relative(root).generic_string())) continue;
    files.push_back(read_file(root, entry.path()));
  }
}

std::vector<SourceFile> read_tree() {
  const fs::path root = HALDANE_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const std::string_view room : kRooms) read_room(root, root / room, files);
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    if (entry.is_regular_file() && is_text(entry.path()))
      files.push_back(read_file(root, entry.path()));
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace

bool SourceFile::has_extension(std::string_view extension) const {
  return path.ends_with(extension);
}
bool SourceFile::is_cpp() const {
  return has_extension(".h") || has_extension(".cpp");
}
bool SourceFile::is_header() const {
  return has_extension(".h");
}
bool SourceFile::is_script() const {
  return has_extension(".sh") || path == "dev" || path == ".ci/run";
}
bool SourceFile::is_document() const {
  return has_extension(".md") && !is_under("scenarios");
}
bool SourceFile::is_under(std::string_view folder) const {
  return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

SourceFile make_file(std::string path, std::string_view text) {
  SourceFile file;
  file.path = std::move(path);
  file.ends_with_newline = text.empty() || text.back() == '\n';
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    file.lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return file;
}

const std::vector<SourceFile>& source_tree() {
  static const std::vector<SourceFile> files = read_tree();
  return files;
}

std::string to_string(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.path;
    if (finding.line > 0) text += ":" + std::to_string(finding.line);
    text += ": " + finding.text + "\n";
  }
  return text;
}

}  // namespace haldane::style
