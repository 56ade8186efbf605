#include "cli/judge/follow_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
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
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(status_, other.status_);
    return *this;
  }
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

  [[nodiscard]] std::uint64_t length() const { return static_cast<std::uint64_t>(status_.st_size); }

  [[nodiscard]] bool begins_with(const FollowedPart& part) const {
    if (length() < part.bytes) return false;
    Sha256 hash;
    for (std::uint64_t at = 0; at < part.bytes;) {
      const std::uint64_t size = std::min<std::uint64_t>(block_bytes, part.bytes - at);
      const std::string block = read(at, static_cast<std::size_t>(size));
      if (block.empty()) return false;
      hash.add(block);
      at += block.size();
    }
    return hexadecimal(hash.value()) == part.sha256;
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
  return hexadecimal(all_.value());
}

FollowedPart FollowFile::present() const {
  return {bytes_, hexadecimal(hash_.value())};
}

FollowProblem FollowFile::changed(const std::string& how) const {
  return {ExitCode::bad_input,
          fmt::format("{}: {}, and no file beside it has what was read, so the verdict would stand "
                      "for data that are gone; follow a file that is only appended to, or keep "
                      "rotated ones, not compressed, under its name and an ending",
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
  if (file.begins_with(present())) return std::nullopt;
  return changed(fmt::format("no longer begins with the {} bytes that were read", bytes_));
}

// Looks beside the file for one that begins with `part`: "access.log.1", "access.log-20260102".
bool FollowFile::find_rotated(const FollowedPart& part, Descriptor& file) const {
  const std::filesystem::path path(path_);
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const std::string name = path.filename().string();
  std::vector<std::string> candidates;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string other = at->path().filename().string();
    if (other != name && other.starts_with(name)) candidates.push_back(at->path().string());
  }
  std::sort(candidates.begin(), candidates.end());
  return std::any_of(candidates.begin(), candidates.end(), [&](const std::string& candidate) {
    Descriptor other;
    if (other.open(candidate) != 0 || !S_ISREG(other.status().st_mode)) return false;
    if (!other.begins_with(part)) return false;
    file = std::move(other);
    return true;
  });
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
  all_.add(lines);
  bytes_ += lines.size();
  total_ += lines.size();
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

void FollowFile::begin_next() {
  rotated_.push_back(present());
  bytes_ = 0;
  hash_ = Sha256();
  head_.clear();
  tail_.clear();
}

Expected<std::uint64_t, FollowProblem> FollowFile::read_new(const Take& take,
                                                            std::uint64_t bytes_max) {
  const std::uint64_t before = total_;
  Descriptor file;
  const auto length = open(file);
  found_ = file.is_open();
  std::optional<FollowProblem> problem;
  if (!length) {
    problem = length.error();
  } else if (found_) {
    problem = check_beginning(file);
  }
  if (problem) {
    Descriptor old;
    if (bytes_ == 0 || problem->code != ExitCode::bad_input || !find_rotated(present(), old)) {
      return Unexpected{std::move(*problem)};
    }
    if (auto unread = read_to(old, old.length(), take)) return Unexpected{std::move(*unread)};
    // Until somebody writes to the new file, the old one may still be written to.
    if (!found_ || file.length() == 0) return total_ - before;
    begin_next();
    device_ = file.status().st_dev;
    inode_ = file.status().st_ino;
  }
  if (!found_) return std::uint64_t{0};
  const std::uint64_t unread = *length - std::min(*length, bytes_);
  problem = read_to(file, bytes_ + std::min(unread, bytes_max), take);
  if (problem) return Unexpected{std::move(*problem)};
  return total_ - before;
}

std::optional<FollowProblem> FollowFile::restore_part(const FollowedPart& part, const Take& take) {
  Descriptor file;
  const auto length = open(file);
  if (!length) return length.error();
  found_ = file.is_open();
  if (part.bytes == 0) return std::nullopt;
  if ((!found_ || !file.begins_with(part)) && !find_rotated(part, file)) {
    const std::string what =
        !found_ ? std::string("it was not found")
        : *length < part.bytes
            ? fmt::format("it has {} bytes, but {} were judged", *length, part.bytes)
            : fmt::format(
                  "its first {} bytes are others than those that "
                  "were judged",
                  part.bytes);
    return FollowProblem{ExitCode::bad_input,
                         fmt::format("{}: is not the input that the state is of: {}", path_, what)};
  }
  device_ = file.status().st_dev;
  inode_ = file.status().st_ino;
  return read_to(file, part.bytes, take);
}

std::optional<FollowProblem> FollowFile::restore(const std::vector<FollowedPart>& rotated,
                                                 const FollowedPart& present, const Take& take) {
  for (const FollowedPart& part : rotated) {
    if (auto problem = restore_part(part, take)) return problem;
    begin_next();
  }
  return restore_part(present, take);
}

std::optional<FollowProblem> FollowFile::verify() const {
  Descriptor file;
  const auto length = open(file);
  Descriptor old;
  for (const FollowedPart& part : rotated_) {
    if (!find_rotated(part, old)) return changed("was rotated");
  }
  if (bytes_ == 0) return std::nullopt;
  auto problem = length ? check_digest(file) : std::optional(length.error());
  return problem && find_rotated(present(), old) ? std::nullopt : problem;
}

}  // namespace haldane::cli
