#include "cli/signals.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>

#include <signal.h>
#include <unistd.h>

namespace haldane::cli {
namespace {

// All of this is read inside a signal handler: lock-free atomics and plain arrays only.
struct TemporaryFile {
  std::atomic<bool> used = false;
  std::array<char, 4096> path{};
};
std::array<TemporaryFile, 8> temporary_files;
std::atomic<int> pending_signal = 0;
std::atomic<bool> deferred = false;

void on_signal(int signal) {
  const bool first = pending_signal.exchange(signal) == 0;
  if (deferred && first) return;
  for (TemporaryFile& file : temporary_files) {
    if (file.used) ::unlink(file.path.data());
  }
  ::_exit(128 + signal);
}

}  // namespace

void install_signal_handlers() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

DeferredStop::DeferredStop() {
  deferred = true;
}
DeferredStop::~DeferredStop() {
  deferred = false;
}

std::optional<ExitCode> stop_requested() {
  const int signal = pending_signal;
  if (signal == 0) return std::nullopt;
  return signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated;
}

void remember_temporary_file(const std::string& path) {
  for (TemporaryFile& file : temporary_files) {
    if (file.used || path.size() >= file.path.size()) continue;
    std::memcpy(file.path.data(), path.c_str(), path.size() + 1);
    file.used = true;
    return;
  }
}

void forget_temporary_file(const std::string& path) {
  for (TemporaryFile& file : temporary_files) {
    if (file.used && path == file.path.data()) file.used = false;
  }
}

}  // namespace haldane::cli
