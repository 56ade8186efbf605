// OpenMetrics text against a checker of the rules that a strict parser enforces: metadata before
// samples and once a family, families in one piece, unique label sets, escapes, units, "# EOF".
#include <charconv>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/report/formats/pipeline_reports.h"
#include "tests/unit/analysis_report_formats/hostile.h"

namespace haldane::analysis {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  std::string value;
};

bool is_name(const std::string& name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), letter);
}

bool is_number(const std::string& text) {
  if (text == "NaN" || text == "+Inf" || text == "-Inf") return true;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

class Checker {
 public:
  // **Returns** what is wrong, or nothing.
  std::string check(const std::string& text) {
    if (!text.ends_with("# EOF\n")) return "no # EOF";
    std::istringstream lines(text.substr(0, text.size() - 6));
    for (std::string line; std::getline(lines, line);) {
      const bool good = line.starts_with("# ") ? metadata(line) : sample(line);
      if (!good) return line;
    }
    return "";
  }

  std::vector<Sample> samples;

 private:
  bool metadata(const std::string& line) {
    std::istringstream words(line.substr(2));
    std::string keyword;
    std::string name;
    std::string rest;
    words >> keyword >> name;
    std::getline(words, rest);
    if (keyword != "TYPE" && keyword != "UNIT" && keyword != "HELP") return false;
    if (name != family_) {
      if (!is_name(name) || keyword != "TYPE" || !families_.insert(name).second) return false;
      family_ = name;
      keywords_.clear();
      type_ = rest.substr(1);
      if (type_ != "gauge" && type_ != "stateset") return false;
    }
    if (keyword == "UNIT" && !name.ends_with("_" + rest.substr(1))) return false;
    return keywords_.insert(keyword).second && !has_samples_[name];
  }

  bool sample(const std::string& line) {
    Sample sample;
    std::size_t i = line.find_first_of("{ ");
    if (i == std::string::npos) return false;
    sample.name = line.substr(0, i);
    if (sample.name != family_) return false;
    if (line[i] == '{' && !labels(line, ++i, sample)) return false;
    if (line[i] != ' ') return false;
    sample.value = line.substr(i + 1);
    has_samples_[family_] = true;
    const bool state = sample.value == "0" || sample.value == "1";
    if (type_ == "stateset" && !(state && sample.labels.contains(family_))) return false;
    const bool fresh = seen_.emplace(sample.name, sample.labels).second;
    samples.push_back(sample);
    return fresh && is_number(sample.value);
  }

  // From behind the brace to behind the closing one.
  static bool labels(const std::string& line, std::size_t& i, Sample& sample) {
    while (true) {
      const std::size_t equals = line.find("=\"", i);
      if (equals == std::string::npos || !is_name(line.substr(i, equals - i))) return false;
      const std::string key = line.substr(i, equals - i);
      std::string value;
      for (i = equals + 2; i < line.size() && line[i] != '"'; ++i) {
        if (line[i] == '\\' && ++i < line.size() && std::string("\\\"n").find(line[i]) > 2) {
          return false;
        }
        value += line[i - 1] == '\\' && line[i] == 'n' ? '\n' : line[i];
      }
      if (i >= line.size() || !sample.labels.emplace(key, value).second) return false;
      const char after = line[++i];
      ++i;
      if (after == '}') return true;
      if (after != ',') return false;
    }
  }

  std::string family_;
  std::string type_;
  std::set<std::string> families_;
  std::set<std::string> keywords_;
  std::map<std::string, bool> has_samples_;
  std::set<std::pair<std::string, std::map<std::string, std::string>>> seen_;
};

TEST(OpenMetricsChecker, RefusesWhatAStrictParserRefuses) {
  for (const char* wrong :
       {"", "a 1\n# EOF\n", "# TYPE a gauge\na 1\n", "# TYPE a gauge\na{b=\"x} 1\n# EOF\n",
        "# TYPE a gauge\na 1\na 1\n# EOF\n", "# TYPE a gauge\na one\n# EOF\n",
        "# TYPE a gauge\n# UNIT a ratio\na 1\n# EOF\n", "# TYPE a gauge\na{b=\"\\x\"} 1\n# EOF\n",
        "# TYPE a gauge\n# TYPE b gauge\n# TYPE a gauge\n# EOF\n",
        "# TYPE a stateset\na{b=\"x\"} 1\n# EOF\n"}) {
    EXPECT_NE(Checker().check(wrong), std::string()) << wrong;
  }
  EXPECT_EQ(Checker().check("# TYPE a gauge\n# HELP a x\na{b=\"\\\"\\n\"} 1e-05\n# EOF\n"), "");
}

TEST(OpenMetrics, PassesTheChecker) {
  Checker checker;
  const std::string text = verdict_openmetrics(sample_verdict());
  EXPECT_EQ(checker.check(text), "");
  EXPECT_THAT(text, HasSubstr("haldane_verdict{haldane_verdict=\"rollback\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("haldane_score 25\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE haldane_change_ratio gauge\n# UNIT haldane_change_ratio "
                              "ratio\n"));
  EXPECT_THAT(text, HasSubstr("haldane_change_ratio{metric=\"latency_ms\",quantile=\"0.99\",role="
                              "\"critical\"} 0.231\n"));
  EXPECT_THAT(text, HasSubstr("haldane_margin{metric=\"errors<script>\",role=\"guardrail\"} "
                              "0.001\n"));
  EXPECT_THAT(text, Not(HasSubstr("haldane_p_value"))) << "no entry has one";
}

TEST(OpenMetrics, KeepsHostileNamesInTheirLabels) {
  Checker checker;
  EXPECT_EQ(checker.check(verdict_openmetrics(hostile_verdict())), "");
  std::set<std::string> names;
  for (const Sample& sample : checker.samples) {
    if (sample.labels.contains("metric")) names.insert(sample.labels.at("metric"));
  }
  EXPECT_TRUE(names.contains("quote\"backslash\\"));
  EXPECT_TRUE(names.contains("\" } 1\n# EOF\n"));
  EXPECT_EQ(names.size(), hostile_names().size() + 2);
}

TEST(OpenMetrics, NumbersEntriesWhoseLabelsAreAlike) {
  Verdict verdict = sample_verdict();
  verdict.metrics.push_back(verdict.metrics[0]);
  verdict.metrics[0].name = "x\xff";
  verdict.metrics[2].name = "x\xfe";
  Checker checker;
  EXPECT_EQ(checker.check(verdict_openmetrics(verdict)), "");
}

TEST(OpenMetrics, AnEmptyVerdictStillHasItsDecision) {
  Checker checker;
  EXPECT_EQ(checker.check(verdict_openmetrics(Verdict{})), "");
  EXPECT_EQ(checker.samples.size(), 4U);
}

}  // namespace
}  // namespace haldane::analysis
