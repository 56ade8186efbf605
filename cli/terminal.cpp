#include "cli/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace haldane::cli {
namespace {

constexpr int width_default = 80;
constexpr int width_min = 20;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool is_capable_terminal(int descriptor) {
  return ::isatty(descriptor) == 1 && environment("TERM") != "dumb";
}

int width_of(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return std::max<int>(width_min, size.ws_col);
  }
  return width_default;
}

}  // namespace

bool progress_is_welcome() {
  return is_capable_terminal(STDERR_FILENO);
}

int message_width() {
  return width_of(STDERR_FILENO);
}

analysis::TextStyle output_style() {
  if (::isatty(STDOUT_FILENO) != 1) return {};
  const bool color = is_capable_terminal(STDOUT_FILENO) && environment("NO_COLOR").empty();
  return {width_of(STDOUT_FILENO), color};
}

}  // namespace haldane::cli
