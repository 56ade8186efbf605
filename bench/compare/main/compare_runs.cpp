// compare_runs OUR_FOLDER THEIR_FOLDER: the JSON outputs in two folders as a table of differences.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "bench/compare/run_table.h"

namespace haldane::bench {
namespace {

bool read_folder(const std::filesystem::path& folder, RunTable& table) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!add_output(table, json)) {
      fmt::print(stderr, "compare_runs: {} is no output of Google Benchmark\n",
                 entry.path().string());
      return false;
    }
  }
  return true;
}

}  // namespace
}  // namespace haldane::bench

int main(int argc, char** argv) {
  using haldane::bench::RunTable;
  if (argc != 3) {
    fmt::print(stderr, "usage: compare_runs OUR_FOLDER THEIR_FOLDER\n");
    return 64;
  }
  RunTable ours;
  RunTable theirs;
  if (!haldane::bench::read_folder(argv[1], ours) || !haldane::bench::read_folder(argv[2], theirs))
    return 65;
  fmt::print("{}", haldane::bench::comparison(ours, theirs));
  return 0;
}
