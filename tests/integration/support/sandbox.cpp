#include "tests/integration/support/sandbox.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include <sys/wait.h>
#include <unistd.h>

namespace haldane::test {
namespace {

namespace fs = std::filesystem;

fs::path make_temporary_folder() {
  std::string name = (fs::temp_directory_path() / "haldane-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category());
  return name;
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream stream(path, std::ios::binary);
  stream.write(text.data(), static_cast<std::streamsize>(text.size()));
}

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

int exit_code_of(int status) {
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : -1;
}

constexpr std::string_view kPrologue = R"(set -o pipefail
export LC_ALL=C NO_COLOR=1
)";

}  // namespace

Sandbox::Sandbox() : root_(make_temporary_folder()), folder_(root_ / "files") {
  fs::create_directory(folder_);
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

Outcome Sandbox::run(std::string_view script) const {
  return run_with("bash", script);
}

Outcome Sandbox::run_unprivileged(std::string_view script) const {
  if (::geteuid() != 0) return run(script);
  fs::permissions(root_, fs::perms::others_all | fs::perms::group_all, fs::perm_options::add);
  fs::permissions(folder_, fs::perms::others_all | fs::perms::group_all, fs::perm_options::add);
  return run_with("setpriv --reuid=65534 --regid=65534 --clear-groups bash", script);
}

Outcome Sandbox::run_with(std::string_view shell, std::string_view script) const {
  // A copy of the program, since the build folder may lie where another user may not look.
  const fs::path program = root_ / "bin" / "haldane";
  if (!fs::exists(program)) {
    fs::create_directory(program.parent_path());
    fs::copy_file(HALDANE_BINARY, program);
  }
  std::string text(kPrologue);
  text += "PATH=" + quoted(program.parent_path()) + ":$PATH\n";
  text += "cd " + quoted(folder_) + "\n";
  text += script;
  // The shell reads a script as it runs it, and one left behind by an earlier run may still do so:
  // it keeps its own file.
  const fs::path file = root_ / "script";
  write_file(root_ / "script.next", text);
  fs::rename(root_ / "script.next", file);
  std::string command(shell);
  command += " " + quoted(file) + " >" + quoted(root_ / "out") + " 2>" + quoted(root_ / "err") +
             " </dev/null";
  const int status = std::system(command.c_str());
  return {exit_code_of(status), read_file(root_ / "out"), read_file(root_ / "err")};
}

void Sandbox::write(std::string_view name, std::string_view text) const {
  write_file(folder_ / name, text);
}

std::string Sandbox::read(std::string_view name) const {
  return read_file(folder_ / name);
}

bool Sandbox::exists(std::string_view name) const {
  return fs::exists(folder_ / name);
}

std::size_t Sandbox::entries() const {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
}

}  // namespace haldane::test
