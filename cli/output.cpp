#include "cli/output.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/signals.h"

namespace haldane::cli {
namespace {

/// Writes everything. **Returns** 0 or errno.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

void open_if_closed(int descriptor, int flags) {
  if (::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) return;
  const int opened = ::open("/dev/null", flags);
  if (opened >= 0 && opened != descriptor) {
    ::dup2(opened, descriptor);
    ::close(opened);
  }
}

std::string reason(int error) {
  return std::strerror(error);
}

/// The mode the finished file should have: the old file's, else what the umask leaves.
mode_t final_mode(const struct stat* existing) {
  if (existing != nullptr) return existing->st_mode & 07777U;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666U & ~mask;
}

}  // namespace

void prepare_standard_streams() {
  open_if_closed(0, O_RDONLY);
  // Read-only on purpose: results written to a standard output that is closed must fail.
  open_if_closed(1, O_RDONLY);
  open_if_closed(2, O_WRONLY);
  std::signal(SIGPIPE, SIG_IGN);
  // Over the limit of file sizes, write() then fails like on a full disk instead of ending the
  // process.
  std::signal(SIGXFSZ, SIG_IGN);
}

std::optional<std::string> write_standard_output(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0 || error == EPIPE) return std::nullopt;
  return reason(error);
}

void write_message(std::string_view text) {
  static_cast<void>(write_all(STDERR_FILENO, text));
}

OutputFile::~OutputFile() {
  discard();
}

void OutputFile::discard() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  if (temporary_.empty()) return;
  ::unlink(temporary_.c_str());
  forget_temporary_file(temporary_);
  temporary_.clear();
}

std::optional<std::string> OutputFile::open(const std::string& path) {
  path_ = path;
  std::error_code ignored;
  const auto resolved = std::filesystem::weakly_canonical(path, ignored);
  target_ = ignored ? path : resolved.string();
  struct stat existing{};
  const bool exists = ::stat(target_.c_str(), &existing) == 0;
  if (exists && S_ISDIR(existing.st_mode)) return reason(EISDIR);
  if (exists && !S_ISREG(existing.st_mode)) {
    descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    return descriptor_ < 0 ? std::optional(reason(errno)) : std::nullopt;
  }
  // A file that the user protected stays as it is, although a rename could replace it.
  if (exists && ::access(target_.c_str(), W_OK) != 0) return reason(errno);
  std::string name = target_ + ".XXXXXX";
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) return reason(errno);
  temporary_ = name;
  remember_temporary_file(temporary_);
  if (::fchmod(descriptor_, final_mode(exists ? &existing : nullptr)) != 0) return reason(errno);
  return std::nullopt;
}

std::optional<std::string> OutputFile::commit(std::string_view text) {
  append(text);
  return finish();
}

void OutputFile::append(std::string_view text) {
  if (error_ == 0) error_ = write_all(descriptor_, text);
}

std::optional<std::string> OutputFile::finish() {
  int error = std::exchange(error_, 0);
  if (error == EPIPE && temporary_.empty()) error = 0;
  if (error == 0 && !temporary_.empty() && ::fsync(descriptor_) != 0) error = errno;
  if (::close(descriptor_) != 0 && error == 0) error = errno;
  descriptor_ = -1;
  if (error == 0 && !temporary_.empty()) {
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
      error = errno;
    } else {
      forget_temporary_file(temporary_);
      temporary_.clear();
    }
  }
  discard();
  return error == 0 ? std::nullopt : std::optional(reason(error));
}

}  // namespace haldane::cli
