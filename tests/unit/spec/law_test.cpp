// Laws: each one's parameters, its mean, and measured values out of files.
#include <cmath>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/spec/read_law.h"
#include "models/spec/read_scenario.h"

namespace haldane::models {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* head =
    "schema: haldane.scenario/1\nname: a\nduration: 1m\n"
    "traffic: {arrivals: {process: poisson, rate: 1/s}}\n";

config::FileReader one_file(const std::string& content) {
  return [content](const std::string& path,
                   std::size_t) -> Expected<std::string, config::FileError> {
    if (path == "dir/samples.txt") return content;
    return Unexpected{config::FileError{config::FileError::Kind::not_found, path, "is not there"}};
  };
}

Parsed<Scenario> read(const std::string& law, const config::FileReader& files = {}) {
  return read_scenario(std::string(head) + "api: {replicas: 1, service: " + law + "}\n",
                       "dir/a.yaml", {}, files);
}

LawSpec law_of(const std::string& text, const config::FileReader& files = {}) {
  const auto parsed = read(text, files);
  EXPECT_TRUE(parsed.has_value()) << to_string(parsed.error());
  return parsed ? parsed->api->service : LawSpec{};
}

TEST(Law, MeansAreThoseOfTheTextbook) {
  EXPECT_DOUBLE_EQ(law_mean(law_of("{deterministic: {value: 5ms}}")), 5e-3);
  EXPECT_DOUBLE_EQ(law_mean(law_of("{exponential: {mean: 5ms}}")), 5e-3);
  EXPECT_DOUBLE_EQ(law_mean(law_of("{lognormal: {median: 5ms, sigma: 0.6}}")),
                   5e-3 * std::exp(0.18));
  EXPECT_DOUBLE_EQ(law_mean(law_of("{gamma: {mean: 5ms, shape: 0.5}}")), 5e-3);
  EXPECT_DOUBLE_EQ(law_mean(law_of("{erlang: {mean: 5ms, k: 3}}")), 5e-3);
  EXPECT_DOUBLE_EQ(law_mean(law_of("{uniform: {low: 2ms, high: 4ms}}")), 3e-3);
  EXPECT_DOUBLE_EQ(law_mean(law_of("{weibull: {scale: 5ms, shape: 1}}")), 5e-3);
  EXPECT_DOUBLE_EQ(law_mean(law_of("{pareto: {scale: 5ms, shape: 2}}")), 10e-3);
  EXPECT_DOUBLE_EQ(law_mean(law_of("{hyperexponential: {means: [1ms, 10ms], weights: [3, 1]}}")),
                   3.25e-3);
}

TEST(Law, WeightsAreBroughtToASumOfOne) {
  const LawSpec law = law_of("{hyperexponential: {means: [1ms, 10ms], weights: [150%, 50%]}}");
  EXPECT_THAT(law.weights, ElementsAre(0.75, 0.25));
}

TEST(Empirical, ValuesAreReadSortedFromBesideTheScenario) {
  const LawSpec law =
      law_of("{empirical: {file: samples.txt}}", one_file("# measured\n3ms\n\n  1.5ms \r\n2000us"));
  EXPECT_THAT(law.samples, ElementsAre(1.5e-3, 2e-3, 3e-3));
  EXPECT_NEAR(law_mean(law), 6.5e-3 / 3, 1e-15);
}

TEST(Empirical, OneUnitMayServeTheWholeFile) {
  const LawSpec law = law_of("{empirical: {file: samples.txt, unit: ms}}", one_file("3\n1.5\n0\n"));
  EXPECT_THAT(law.samples, ElementsAre(0, 1.5e-3, 3e-3));
}

TEST(Empirical, BadFilesAreTold) {
  const auto report = [](const std::string& content) {
    const auto parsed = read("{empirical: {file: samples.txt}}", one_file(content));
    return parsed ? std::string() : to_string(parsed.error());
  };
  EXPECT_THAT(report("5ms\n7\n"), HasSubstr("dir/a.yaml:5:48 SCN-206 api.service.empirical.file "
                                            "line 2: must be a duration, but was \"7\""));
  EXPECT_THAT(report("-5ms\n"), HasSubstr("SCN-206"));
  EXPECT_THAT(report("nan\n"), HasSubstr("SCN-206"));
  EXPECT_THAT(report(""), HasSubstr("SCN-205 api.service.empirical.file dir/samples.txt has no"));
  EXPECT_THAT(report(std::string("1ms\n\0", 5)), HasSubstr("SCN-206"));
  const auto absent = read("{empirical: {file: ../other.txt}}", one_file(""));
  EXPECT_THAT(to_string(absent.error()), HasSubstr("SCN-205 api.service.empirical.file other.txt"));
}

TEST(Empirical, AFullyWrongFileIsNotListedLineByLine) {
  std::string content;
  for (int i = 0; i < 1'000; ++i) content += "rubbish\n";
  const auto parsed = read("{empirical: {file: samples.txt}}", one_file(content));
  EXPECT_EQ(parsed.error().size(), 10U);
}

}  // namespace
}  // namespace haldane::models
