#include "tests/style/document_links.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

namespace haldane::style {
namespace {

using Anchors = std::map<std::string, std::set<std::string>>;  // of each document

std::set<std::string> anchors_in(const SourceFile& file) {
  std::set<std::string> anchors;
  for (const std::string& line : file.lines) {
    const std::size_t text = line.find_first_not_of('#');
    if (text == 0 || text == std::string::npos || line[text] != ' ') continue;
    anchors.insert(anchor_of(std::string_view(line).substr(text + 1)));
  }
  return anchors;
}

/// What stands between "](" and ")" in a line.
std::vector<std::string> targets_in(const std::string& line) {
  std::vector<std::string> targets;
  for (std::size_t at = line.find("]("); at != std::string::npos; at = line.find("](", at + 2)) {
    const std::size_t end = line.find(')', at);
    if (end != std::string::npos) targets.push_back(line.substr(at + 2, end - at - 2));
  }
  return targets;
}

std::string problem_of(const SourceFile& file, const std::string& target, const Anchors& anchors,
                       const std::function<bool(const std::string&)>& exists) {
  if (target.find("://") != std::string::npos) return {};
  const std::size_t hash = target.find('#');
  const std::string to = target.substr(0, hash);
  const auto folder = std::filesystem::path(file.path).parent_path();
  const std::string path = to.empty() ? file.path : (folder / to).lexically_normal().string();
  if (!exists(path)) return fmt::format("links to {}, which is not there", path);
  const auto page = anchors.find(path);
  if (hash == std::string::npos || page == anchors.end()) return {};
  const std::string anchor = target.substr(hash + 1);
  if (page->second.contains(anchor)) return {};
  return fmt::format("links to #{}, a heading that {} does not have", anchor, path);
}

}  // namespace

std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char letter : heading) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || letter == '-' || letter == '_') {
      anchor += static_cast<char>(std::tolower(byte));
    } else if (letter == ' ') {
      anchor += '-';
    }
  }
  return anchor;
}

Findings check_links(const std::vector<SourceFile>& files,
                     const std::function<bool(const std::string&)>& exists) {
  Anchors anchors;
  for (const SourceFile& file : files) {
    if (file.is_document()) anchors[file.path] = anchors_in(file);
  }
  Findings findings;
  for (const SourceFile& file : files) {
    if (!file.is_document()) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      for (const std::string& target : targets_in(file.lines[i])) {
        const std::string problem = problem_of(file, target, anchors, exists);
        if (!problem.empty()) findings.push_back({file.path, i + 1, problem});
      }
    }
  }
  return findings;
}

}  // namespace haldane::style
