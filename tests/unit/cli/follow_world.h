// A world for the follow loop in which time passes only while it waits, and files grow meanwhile.
#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <stdlib.h>

#include "cli/judge/follow.h"

namespace haldane::cli {

class FollowWorldTest : public ::testing::Test {
 protected:
  FollowWorldTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "haldane_follow_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    folder_ = pattern;
    write("p.yaml",
          "schema: haldane.policy/1\nmetrics:\n  - {name: latency_ms, kind: samples, "
          "quantiles: [p50], margin: {relative: 5%}}\n");
    options_.baseline = path("b.csv");
    options_.canary = path("c.csv");
    options_.policy = path("p.yaml");
    options_.format = "json";
    options_.follow.enabled = true;
  }
  ~FollowWorldTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  void append(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary | std::ios::app) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  /// Latencies that spread evenly over their logarithm, `scale` times the same in both arms.
  [[nodiscard]] static std::string rows(int from, int count, double scale) {
    std::string text;
    for (int i = from; i < from + count; ++i) {
      const double u = std::fmod((i + 1) * 0.6180339887498949, 1.0);
      text += std::to_string(scale * 20 * std::exp(u)) + "\n";
    }
    return text;
  }

  /// Both arms begin with a header; then `count` rows come at every wait, the canary's slower.
  void grow_by(int count, double slower) {
    write("b.csv", "latency_ms\n");
    write("c.csv", "latency_ms\n");
    meanwhile_ = [this, count, slower] {
      append("b.csv", rows(grown_, count, 1));
      append("c.csv", rows(grown_ + count / 3, count, slower));
      grown_ += count;
    };
  }

  ExitCode run() {
    printed_.clear();
    messages_.clear();
    return follow(options_, {[this] { return now_s_; },
                             [this](double seconds) {
                               now_s_ += seconds;
                               ++waits_;
                               if (meanwhile_) meanwhile_();
                               // A loop that should have ended is a failure, not a hanging test.
                               if (waits_ > 1000) throw std::runtime_error("waited 1,000 times");
                             },
                             [this] {
                               return stop_after_ == waits_ ? std::optional(ExitCode::interrupted)
                                                            : std::nullopt;
                             },
                             [this](std::string_view text) {
                               printed_.emplace_back(text);
                               return ExitCode::success;
                             },
                             [this](std::string_view text) { messages_ += text; }});
  }

  [[nodiscard]] nlohmann::json look(std::size_t i) const {
    return nlohmann::json::parse(printed_.at(i));
  }

  std::filesystem::path folder_;
  JudgeOptions options_;
  double now_s_ = 1.7e9;
  int waits_ = 0;
  int stop_after_ = -1;
  int grown_ = 0;
  std::function<void()> meanwhile_;
  std::vector<std::string> printed_;
  std::string messages_;
};

}  // namespace haldane::cli
