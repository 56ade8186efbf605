// Markdown, GitHub commands and outputs, and the escaping that all formats share.
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/report/formats/pipeline_reports.h"
#include "analysis/report/formats/safe_text.h"
#include "tests/unit/analysis_report_formats/hostile.h"

namespace haldane::analysis {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Pipes that separate cells: those without a backslash before them.
std::ptrdiff_t separators(const std::string& line) {
  std::ptrdiff_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else {
      count += line[i] == '|' ? 1 : 0;
    }
  }
  return count;
}

TEST(CleanText, ReplacesWhatIsNoCharacterOfXml) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(clean_text("a\xff"
                       "b"),
            "a" + mark + "b");
  EXPECT_EQ(clean_text("\xED\xA0\x80"), mark + mark + mark);
  EXPECT_EQ(clean_text("\xEF\xBF\xBE\xEF\xBF\xBF"), mark + mark);
  EXPECT_EQ(clean_text("\x1b\x7f"), mark + mark);
  EXPECT_EQ(clean_text("\xE2\x80\xAE 1\xE2\x81\xA6"), mark + " 1" + mark);
  EXPECT_EQ(clean_text("\xE2\x82\xAC\t\n"), "\xE2\x82\xAC\t\n");
}

TEST(Shorten, CutsAtCharacters) {
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("abcd", 3), "ab…");
  EXPECT_EQ(shorten("\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC", 2), "\xE2\x82\xAC…");
  EXPECT_EQ(shorten("", 3), "");
}

TEST(MarkdownEscape, LeavesNoMarkup) {
  EXPECT_EQ(markdown_escape("a|b"), "a\\|b");
  EXPECT_EQ(markdown_escape("<b>&@x"), "&#60;b&#62;&#38;&#64;x");
  EXPECT_EQ(markdown_escape("two\nlines"), "two lines");
  EXPECT_EQ(markdown_escape("latency_ms"), "latency_ms");
  EXPECT_EQ(markdown_escape("_x_ __y"), "\\_x\\_ \\_\\_y");
  EXPECT_EQ(markdown_escape("12. x"), "12\\. x");
  EXPECT_EQ(markdown_escape("- x"), "\\- x");
  EXPECT_EQ(markdown_escape("p99: 1.5 -> 2"), "p99: 1.5 -&#62; 2");
}

TEST(Markdown, BeginsWithTheVerdict) {
  const std::string text = verdict_markdown(sample_verdict());
  EXPECT_THAT(text, StartsWith("## Canary verdict: ROLLBACK (score 25 of 100)\n\n- latency_ms"));
  EXPECT_THAT(text, HasSubstr("| latency_ms p99 | critical | 71.50 | 88 | +23.1% | [+20.0%, "
                              "+26.0%] | 5.0% | **beyond margin** |\n"));
  EXPECT_THAT(text, HasSubstr("sha256 " + std::string(64, 'a')));
}

TEST(Markdown, EveryRowOfTheTableHasItsNineSeparators) {
  int rows = 0;
  for (const std::string& line : lines_of(verdict_markdown(hostile_verdict()))) {
    if (!line.starts_with("|")) continue;
    ++rows;
    EXPECT_EQ(separators(line), 9) << line;
  }
  EXPECT_EQ(rows, 2 + 2 + static_cast<int>(hostile_names().size()));
}

TEST(Markdown, KeepsHostileNamesFromBeingMarkup) {
  const std::string text = verdict_markdown(hostile_verdict());
  for (const char* markup : {"<img", "**bold**", "[link]", "@someone", "</testcase", "http://"}) {
    EXPECT_THAT(text, Not(HasSubstr(markup)));
  }
}

TEST(Markdown, StaysBelowTheLimitOfAStepSummary) {
  Verdict verdict = sample_verdict();
  Evidence huge = sample_latency_evidence();
  huge.name = std::string(5'000, '<');
  verdict.metrics.assign(2'000, huge);
  verdict.reasons.assign(500, huge.name);
  verdict.assumptions = verdict.reasons;
  verdict.inputs.assign(200, {huge.name, huge.name});
  const std::string text = verdict_markdown(verdict);
  EXPECT_LT(text.size(), std::size_t{1} << 20);
  EXPECT_THAT(text, HasSubstr("and 1500 more metrics"));
  EXPECT_THAT(text, HasSubstr("- and 480 more\n"));
}

TEST(WorkflowEscape, FollowsTheRunner) {
  EXPECT_EQ(workflow_message("100%\r\na:b,c"), "100%25%0D%0Aa:b,c");
  EXPECT_EQ(workflow_property("100%\r\na:b,c"), "100%25%0D%0Aa%3Ab%2Cc");
}

TEST(Github, NamesTheVerdictFirstAndThenWhatDecided) {
  const auto lines = lines_of(verdict_github(sample_verdict()));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0],
            "::error title=haldane rollback::ROLLBACK (score 25 of 100)%0Alatency_ms p99: +23.1 "
            "%25 [+20 %25, +26 %25] is beyond the margin of 5 %25");
  EXPECT_EQ(lines[1], "::error title=haldane rollback%3A latency_ms p99::beyond");
}

TEST(Github, LevelsFollowTheVerdict) {
  Verdict verdict = sample_verdict();
  verdict.decision = Decision::promote;
  EXPECT_THAT(lines_of(verdict_github(verdict)),
              testing::ElementsAre(StartsWith("::notice title=haldane promote::")));
  verdict.decision = Decision::inconclusive;
  verdict.metrics[0].outcome = Evidence::Outcome::undecided;
  const auto lines = lines_of(verdict_github(verdict));
  EXPECT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines, Each(StartsWith("::warning title=haldane inconclusive")));
}

TEST(Github, WritesOneCommandALineWhateverTheNames) {
  const auto lines = lines_of(verdict_github(hostile_verdict()));
  EXPECT_THAT(lines, SizeIs(10));
  EXPECT_THAT(lines, Each(StartsWith("::error title=haldane rollback")));
  for (const std::string& line : lines) EXPECT_LT(line.size(), 8'000U);
}

TEST(GithubOutputs, AreSimpleLinesAndOneBlock) {
  EXPECT_EQ(verdict_github_outputs(sample_verdict()),
            "verdict=rollback\nscore=25\npassed=false\nfailed=true\nreasons<<HALDANE_END\n"
            "latency_ms p99: +23.1 % [+20 %, +26 %] is beyond the margin of 5 %\nHALDANE_END\n");
}

TEST(GithubOutputs, CannotBeLeftByAName) {
  Verdict verdict = sample_verdict();
  verdict.reasons = {"x\nHALDANE_END\nverdict=promote", "HALDANE_END_\r\nHALDANE_END__"};
  const auto lines = lines_of(verdict_github_outputs(verdict));
  ASSERT_THAT(lines[4], StartsWith("reasons<<"));
  const std::string delimiter = lines[4].substr(9);
  EXPECT_EQ(lines.back(), delimiter);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), delimiter), 1);
  EXPECT_EQ(lines.size(), 4 + 2 + verdict.reasons.size()) << "a line a reason";
}

TEST(Reports, AreTheSameBytesEachTime) {
  const Verdict verdict = hostile_verdict();
  for (const auto& format : {verdict_junit, verdict_markdown, verdict_github,
                             verdict_github_outputs, verdict_openmetrics}) {
    EXPECT_EQ(format(verdict), format(hostile_verdict()));
    EXPECT_EQ(format(verdict), clean_text(format(verdict))) << "valid UTF-8 without controls";
  }
}

}  // namespace
}  // namespace haldane::analysis
