#include "models/trace/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/trace/zstd_source.h"

namespace haldane::models {
namespace {

TraceError system_error(const std::string& path, int code) {
  if (code == ENOENT || code == ENOTDIR) {
    return trace_error(TraceFailure::not_found, "TRC-001", path, "was not found");
  }
  return trace_error(TraceFailure::unreadable, "TRC-002", path,
                     "cannot be read: " + std::generic_category().message(code));
}

class FileBytes final : public ByteSource {
 public:
  FileBytes(std::string path, int descriptor, std::uint64_t bytes)
      : path_(std::move(path)), descriptor_(descriptor), bytes_(bytes) {}
  ~FileBytes() override {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  Expected<std::size_t, TraceError> read(char* buffer, std::size_t capacity) override {
    ssize_t count = 0;
    do {
      count = ::read(descriptor_, buffer, capacity);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return Unexpected{system_error(path_, errno)};
    return static_cast<std::size_t>(count);
  }
  [[nodiscard]] std::uint64_t expected_bytes() const override { return bytes_; }
  [[nodiscard]] const std::string& name() const override { return path_; }

 private:
  std::string path_;
  int descriptor_;
  std::uint64_t bytes_;
};

class MemoryBytes final : public ByteSource {
 public:
  MemoryBytes(std::string_view bytes, std::string name) : rest_(bytes), name_(std::move(name)) {}

  Expected<std::size_t, TraceError> read(char* buffer, std::size_t capacity) override {
    const std::size_t count = std::min(capacity, rest_.size());
    std::memcpy(buffer, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }
  [[nodiscard]] std::uint64_t expected_bytes() const override { return rest_.size(); }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  std::string_view rest_;
  std::string name_;
};

// Gives back the bytes that were read to look at them, then the rest.
class PeekedBytes final : public ByteSource {
 public:
  PeekedBytes(std::unique_ptr<ByteSource> rest, std::string peeked)
      : rest_(std::move(rest)), peeked_(std::move(peeked)) {}

  Expected<std::size_t, TraceError> read(char* buffer, std::size_t capacity) override {
    if (given_ == peeked_.size()) return rest_->read(buffer, capacity);
    const std::size_t count = std::min(capacity, peeked_.size() - given_);
    std::memcpy(buffer, peeked_.data() + given_, count);
    given_ += count;
    return count;
  }
  [[nodiscard]] std::uint64_t expected_bytes() const override { return rest_->expected_bytes(); }
  [[nodiscard]] const std::string& name() const override { return rest_->name(); }

 private:
  std::unique_ptr<ByteSource> rest_;
  std::string peeked_;
  std::size_t given_ = 0;
};

}  // namespace

TraceError trace_error(TraceFailure failure, std::string id, std::string file, std::string message,
                       int line) {
  Diagnostic diagnostic;
  diagnostic.id = std::move(id);
  diagnostic.file = std::move(file);
  diagnostic.line = line;
  diagnostic.message = std::move(message);
  return {failure, {std::move(diagnostic)}};
}

std::unique_ptr<ByteSource> put_back(std::unique_ptr<ByteSource> source, std::string bytes) {
  return std::make_unique<PeekedBytes>(std::move(source), std::move(bytes));
}

Expected<std::unique_ptr<ByteSource>, TraceError> open_bytes(const std::string& path) {
  const int descriptor =
      path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return Unexpected{system_error(path, errno)};
  struct stat status{};
  const int failed = ::fstat(descriptor, &status) != 0 ? errno : 0;
  const auto bytes = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
  auto file = std::make_unique<FileBytes>(path, descriptor, bytes);
  if (failed != 0) return Unexpected{system_error(path, failed)};
  if (S_ISDIR(status.st_mode)) return Unexpected{system_error(path, EISDIR)};
  return unpacked(std::move(file));
}

Expected<std::unique_ptr<ByteSource>, TraceError> bytes_of(std::string_view bytes,
                                                           std::string name) {
  return unpacked(std::make_unique<MemoryBytes>(bytes, std::move(name)));
}

}  // namespace haldane::models
