#include "config/file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace haldane::config {
namespace {

using Kind = FileError::Kind;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Unexpected<FileError> failure(Kind kind, const std::string& path, std::string message) {
  return Unexpected{FileError{kind, path, std::move(message)}};
}

Unexpected<FileError> failure_of_errno(int code, const std::string& path) {
  const bool absent = code == ENOENT || code == ENOTDIR || code == ENAMETOOLONG || code == ELOOP;
  if (absent) return failure(Kind::not_found, path, "does not exist");
  if (code == EISDIR) return failure(Kind::directory, path, "is a directory, not a file");
  return failure(Kind::unreadable, path,
                 fmt::format("cannot be read: {}", std::generic_category().message(code)));
}

}  // namespace

Diagnostic FileError::to_diagnostic() const {
  Diagnostic diagnostic;
  constexpr std::string_view ids[] = {"CFG-401", "CFG-402", "CFG-403", "CFG-404"};
  diagnostic.id = ids[static_cast<std::size_t>(kind)];
  diagnostic.file = path;
  diagnostic.message = message;
  return diagnostic;
}

Expected<std::string, FileError> read_file(const std::string& path, std::size_t bytes_max) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return failure(Kind::not_found, path, "is no file name");
  }
  errno = 0;
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file) return failure_of_errno(errno, path);
  std::string content;
  constexpr std::size_t block = 1U << 16U;
  for (;;) {
    const std::size_t used = content.size();
    const std::size_t wanted = std::min(block, bytes_max + 1 - used);
    content.resize(used + wanted);
    const std::size_t got = std::fread(content.data() + used, 1, wanted, file.get());
    content.resize(used + got);
    if (content.size() > bytes_max) {
      return failure(Kind::too_large, path,
                     fmt::format("is too large: more than {} bytes", bytes_max));
    }
    if (got < wanted) break;
  }
  if (std::ferror(file.get()) != 0) return failure_of_errno(errno, path);
  return content;
}

bool input_is_missing(const Diagnostics& diagnostics) {
  return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
    return diagnostic.id == "CFG-401" || diagnostic.id == "CFG-402" || diagnostic.id == "CFG-403";
  });
}

std::string resolve_beside(const std::string& from, const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(from).parent_path();
  return (folder / path).lexically_normal().string();
}

}  // namespace haldane::config
