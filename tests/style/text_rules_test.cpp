// The rules on lines, words and headers hold in the whole tree, and each of them can be broken.
#include "tests/style/text_rules.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace haldane::style {
namespace {

Findings in_whole_tree(Findings (*check)(const SourceFile&)) {
  Findings findings;
  for (const SourceFile& file : source_tree()) {
    const Findings found = check(file);
    findings.insert(findings.end(), found.begin(), found.end());
  }
  return findings;
}

TEST(SourceTree, HoldsTheRoomsOfTheHouse) {
  const auto contains = [](std::string_view path) {
    for (const SourceFile& file : source_tree()) {
      if (file.path == path) return true;
    }
    return false;
  };
  EXPECT_TRUE(contains("sim/base/time.h"));
  EXPECT_TRUE(contains("dev"));
  EXPECT_TRUE(contains("CMakeLists.txt"));
  EXPECT_TRUE(contains("README.md"));
}

TEST(TextRules, NoLineIsTooWide) {
  const Findings findings = in_whole_tree(check_columns);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(TextRules, NoStrayWhiteSpace) {
  const Findings findings = in_whole_tree(check_white_space);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(TextRules, NoFileIsTooLong) {
  const Findings findings = in_whole_tree(check_file_length);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(TextRules, NoBannedWord) {
  const Findings findings = in_whole_tree(check_banned_words);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(TextRules, EveryHeaderOpensWithAParagraph) {
  const Findings findings = in_whole_tree(check_header_opening);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(SourceTree, RoomsExplainThemselves) {
  for (const char* room : {"sim", "config", "models", "models/spec", "models/tiers", "analysis",
                           "analysis/judge", "server", "cli", "bench", "tests", "scenarios"}) {
    const std::string page = std::string(room) + "/README.md";
    EXPECT_TRUE(std::ranges::any_of(source_tree(), [&page](const SourceFile& file) {
      return file.path == page;
    })) << page;
  }
}

using Check = Findings (*)(const SourceFile&);

std::size_t problems(Check check, std::string path, std::string_view text) {
  return check(make_file(std::move(path), text)).size();
}

TEST(TextRules, WidthCountsCharactersNotBytes) {
  const std::string wide(101, 'x');
  EXPECT_EQ(problems(check_columns, "sim/a.cpp", wide + "\n"), 1U);
  EXPECT_EQ(problems(check_columns, "sim/a.cpp", wide.substr(1) + "\n"), 0U);
  EXPECT_EQ(problems(check_columns, "sim/a.cpp", "\xC3\xA9" + wide.substr(2) + "\n"), 0U);
  EXPECT_EQ(problems(check_columns, "docs/a.md", wide + "\n"), 0U);
}

TEST(TextRules, WidthLeavesRawStringsAlone) {
  const std::string wide(101, 'x');
  EXPECT_EQ(problems(check_columns, "sim/a.cpp", "a = R\"(" + wide + ")\";\n"), 0U);
  EXPECT_EQ(problems(check_columns, "sim/a.cpp", "a = R\"x(\n" + wide + "\n)x\";\n"), 0U);
  EXPECT_EQ(problems(check_columns, "sim/a.cpp", "a = R\"(\n)\";\n" + wide + "\n"), 1U);
  EXPECT_EQ(problems(check_columns, "sim/a.cpp", "a = R\"(x)\";\n" + wide + "\n"), 1U);
}

TEST(TextRules, WhiteSpaceProblemsAreSeen) {
  EXPECT_EQ(problems(check_white_space, "sim/a.cpp", "\tx\ny \nz\r\nlast"), 4U);
  EXPECT_EQ(problems(check_white_space, "sim/a.cpp", ""), 0U);
}

TEST(TextRules, LongFilesAreSeen) {
  std::string text;
  for (std::size_t i = 0; i <= kFileLinesMax; ++i) text += "x\n";
  EXPECT_EQ(problems(check_file_length, "sim/a.cpp", text), 1U);
  EXPECT_EQ(problems(check_file_length, "sim/a.cpp", text.substr(2)), 0U);
}

TEST(TextRules, WordsAreBannedWhereTheTableSays) {
  EXPECT_EQ(problems(check_banned_words, "docs/a.md", "a TODO\n"), 1U);
  EXPECT_EQ(problems(check_banned_words, "sim/a.cpp", "std::printf(x);\n"), 1U);
  EXPECT_EQ(problems(check_banned_words, "sim/a.cpp", "std::snprintf(x);\n"), 0U);
  EXPECT_EQ(problems(check_banned_words, "cli/a.cpp", "std::printf(x);\n"), 0U);
  EXPECT_EQ(problems(check_banned_words, "analysis/a.h", "std::chrono::steady_clock c;\n"), 1U);
  EXPECT_EQ(problems(check_banned_words, "docs/a.md", "steady_clock\n"), 0U);
  EXPECT_EQ(problems(check_banned_words, "sim/a.h", "x = std::exp(y);\n"), 1U);
  EXPECT_EQ(problems(check_banned_words, "models/spec/read_law.cpp", "x = std::exp(y);\n"), 0U);
  EXPECT_EQ(problems(check_banned_words, "models/a.h", "std::unordered_map<int, int> m;\n"), 1U);
  EXPECT_EQ(problems(check_banned_words, "analysis/a.cpp", "x = std::exp(y);\n"), 0U);
  EXPECT_EQ(problems(check_banned_words, "CMakeLists.txt", "-ffast-math\n"), 1U);
}

TEST(TextRules, HeadersWithoutParagraphOrGuardAreSeen) {
  EXPECT_EQ(problems(check_header_opening, "sim/a.h", "// Why.\n#pragma once\n"), 0U);
  EXPECT_EQ(problems(check_header_opening, "sim/a.h", "#pragma once\n"), 1U);
  EXPECT_EQ(problems(check_header_opening, "sim/a.h", "// Why.\n\nint x;\n"), 1U);
  EXPECT_EQ(problems(check_header_opening, "sim/a.cpp", "int x;\n"), 0U);
}

}  // namespace
}  // namespace haldane::style
