#include "cli/follow_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace haldane::cli {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 18U;
constexpr std::size_t window_bytes = 4096;  // of the beginning and the end, compared at every look

}  // namespace

class FollowFile::Descriptor {
 public:
  Descriptor() = default;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  // Without waiting: to open a pipe that nobody writes to would hang. Returns errno or 0.
  int open(const std::string& path) {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor_ < 0 || ::fstat(descriptor_, &status_) != 0) return errno;
    return 0;
  }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] const struct stat& status() const { return status_; }

  // Up to `size` bytes from `offset`; fewer at the end of the file or on an error.
  [[nodiscard]] std::string read(std::uint64_t offset, std::size_t size) const {
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
      const ssize_t count = ::pread(descriptor_, bytes.data() + filled, size - filled,
                                    static_cast<off_t>(offset + filled));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      filled += static_cast<std::size_t>(count);
    }
    bytes.resize(filled);
    return bytes;
  }

 private:
  int descriptor_ = -1;
  struct stat status_{};
};

std::string hexadecimal(const Sha256::Value& value) {
  std::string text;
  for (const char byte : value) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::string FollowFile::sha256() const {
  return hexadecimal(hash_.value());
}

FollowProblem FollowFile::changed(const std::string& how) const {
  return {ExitCode::bad_input,
          fmt::format("{}: {}, so the verdict would stand for data that are gone; follow a file "
                      "that is only appended to",
                      path_, how)};
}

// Returns the length of the file, 0 while it is not there.
Expected<std::uint64_t, FollowProblem> FollowFile::open(Descriptor& file) const {
  const int error = file.open(path_);
  if (error == ENOENT && bytes_ == 0) return std::uint64_t{0};
  if (error == ENOENT)
    return Unexpected{
        changed(fmt::format("was removed after {} bytes of it "
                            "were read",
                            bytes_))};
  if (error != 0) {
    return Unexpected{
        FollowProblem{ExitCode::input_not_found,
                      fmt::format("{}: cannot be read: {}", path_, std::strerror(error))}};
  }
  if (!S_ISREG(file.status().st_mode)) {
    return Unexpected{
        FollowProblem{ExitCode::bad_input,
                      fmt::format("{}: is no regular file, and only such can be followed", path_)}};
  }
  return static_cast<std::uint64_t>(file.status().st_size);
}

std::optional<FollowProblem> FollowFile::check_digest(const Descriptor& file) const {
  Sha256 hash;
  for (std::uint64_t at = 0; at < bytes_;) {
    const std::string block =
        file.read(at, static_cast<std::size_t>(std::min<std::uint64_t>(block_bytes, bytes_ - at)));
    if (block.empty()) break;
    hash.add(block);
    at += block.size();
  }
  if (hash.value() == hash_.value()) return std::nullopt;
  return changed(fmt::format("no longer begins with the {} bytes that were read", bytes_));
}

std::optional<FollowProblem> FollowFile::check_beginning(const Descriptor& file) {
  const auto length = static_cast<std::uint64_t>(file.status().st_size);
  if (length < bytes_) {
    return changed(
        fmt::format("shrank to {} bytes after {} were read (cut or rotated)", length, bytes_));
  }
  const bool replaced =
      bytes_ > 0 && (file.status().st_dev != device_ || file.status().st_ino != inode_);
  device_ = file.status().st_dev;
  inode_ = file.status().st_ino;
  if (replaced) return check_digest(file);
  if (file.read(0, head_.size()) == head_ &&
      file.read(bytes_ - tail_.size(), tail_.size()) == tail_) {
    return std::nullopt;
  }
  return changed(fmt::format("no longer begins with the {} bytes that were read", bytes_));
}

void FollowFile::remember(std::string_view lines) {
  hash_.add(lines);
  bytes_ += lines.size();
  if (head_.size() < window_bytes) head_.append(lines.substr(0, window_bytes - head_.size()));
  tail_.append(lines.substr(lines.size() - std::min(lines.size(), window_bytes)));
  if (tail_.size() > window_bytes) tail_.erase(0, tail_.size() - window_bytes);
}

std::optional<FollowProblem> FollowFile::read_to(const Descriptor& file, std::uint64_t end,
                                                 const Take& take) {
  std::string pending;
  for (std::uint64_t at = bytes_; at < end;) {
    const std::string block =
        file.read(at, static_cast<std::size_t>(std::min<std::uint64_t>(block_bytes, end - at)));
    if (block.empty()) break;  // it shrank meanwhile: the next look sees that
    at += block.size();
    pending += block;
    const std::size_t line_end = pending.rfind('\n');
    if (line_end == std::string::npos) {
      if (pending.size() <= line_max) continue;
      return FollowProblem{ExitCode::bad_input,
                           fmt::format("{}: has a line of more than {} bytes", path_, line_max)};
    }
    const std::string_view lines(pending.data(), line_end + 1);
    if (auto problem = take(lines)) return problem;
    remember(lines);
    pending.erase(0, line_end + 1);
  }
  return std::nullopt;
}

Expected<std::uint64_t, FollowProblem> FollowFile::read_new(const Take& take) {
  Descriptor file;
  const auto length = open(file);
  if (!length) return Unexpected{length.error()};
  found_ = file.is_open();
  if (!found_) return std::uint64_t{0};
  if (auto problem = check_beginning(file)) return Unexpected{std::move(*problem)};
  const std::uint64_t before = bytes_;
  if (auto problem = read_to(file, *length, take)) return Unexpected{std::move(*problem)};
  return bytes_ - before;
}

std::optional<FollowProblem> FollowFile::restore(std::uint64_t bytes, const std::string& sha256,
                                                 const Take& take) {
  Descriptor file;
  const auto length = open(file);
  if (!length) return length.error();
  found_ = file.is_open();
  const auto differs = [&](const std::string& how) {
    return FollowProblem{ExitCode::bad_input,
                         fmt::format("{}: is not the input that the state is of: {}", path_, how)};
  };
  if (!found_ && bytes > 0) return differs("it was not found");
  if (*length < bytes) {
    return differs(fmt::format("it has {} bytes, but {} were judged", *length, bytes));
  }
  if (!found_) return std::nullopt;
  device_ = file.status().st_dev;
  inode_ = file.status().st_ino;
  if (auto problem = read_to(file, bytes, take)) return problem;
  if (bytes_ == bytes && this->sha256() == sha256) return std::nullopt;
  return differs(fmt::format("its first {} bytes are others than those that were judged", bytes));
}

std::optional<FollowProblem> FollowFile::verify() const {
  Descriptor file;
  const auto length = open(file);
  if (!length) return length.error();
  return bytes_ == 0 ? std::nullopt : check_digest(file);
}

}  // namespace haldane::cli
