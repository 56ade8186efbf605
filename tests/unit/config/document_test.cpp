// YAML syntax: what is refused, and where it is said to be.
#include "config/document.h"

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::config {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string report_on(const std::string& text, const DocumentLimits& limits = {}) {
  Problems problems;
  (void)parse_document(text, std::make_shared<const Source>(Source{"a.yaml", 0}), problems, limits);
  return to_string(problems.take());
}

TEST(Document, KeepsPlacesAndOrder) {
  Problems problems;
  const Node root = parse_document("b: 1\na:\n  - x\n  - {c: 'y'}\n",
                                   std::make_shared<const Source>(Source{"a.yaml", 0}), problems);
  ASSERT_TRUE(problems.empty());
  ASSERT_EQ(root.members.size(), 2U);
  EXPECT_EQ(root.members[0].key, "b");
  const Node& inner = nearest_node(root, "a[1].c");
  EXPECT_EQ(inner.text, "y");
  EXPECT_TRUE(inner.quoted);
  EXPECT_EQ(inner.place.line, 4);
  EXPECT_EQ(inner.place.column, 9);
}

TEST(Document, EmptyTextIsAProblem) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "~\n", "null\n"}) {
    EXPECT_THAT(report_on(text), HasSubstr("CFG-003")) << '[' << text << ']';
  }
}

TEST(Document, BinaryRubbishIsToldFromText) {
  EXPECT_EQ(report_on(std::string("a: 1\nb: \0x", 10)),
            "a.yaml:2:4 CFG-001 is not UTF-8 text: a control character 0x00 (is this the right "
            "file?)\n");
  EXPECT_THAT(report_on("\x7f"
                        "ELF\x02\x01"),
              HasSubstr("a.yaml:1:1 CFG-001"));
  EXPECT_THAT(report_on("\xff\xfe"
                        "a"),
              HasSubstr("an invalid byte 0xff"));
  EXPECT_THAT(report_on("a: \xc0\xaf"), HasSubstr("CFG-001"));      // overlong
  EXPECT_THAT(report_on("a: \xed\xa0\x80"), HasSubstr("CFG-001"));  // surrogate
  EXPECT_THAT(report_on("a: \xe2\x82"), HasSubstr("CFG-001"));      // cut within a character
  EXPECT_EQ(report_on("a: \xe2\x82\xac \xf0\x9f\x90\xa6\n"), "");
}

TEST(Document, SyntaxErrorsHaveAPlace) {
  EXPECT_THAT(report_on("a: {b: [1, 2\n"), HasSubstr("CFG-002"));
  EXPECT_THAT(report_on("a: 1\n\tb: 2\n"), StartsWith("a.yaml:2:"));
}

TEST(Document, QuotesMustBeClosed) {
  for (const char* text : {"a: \"never closed", "a: 'never closed\n", "a: \"x\nb: \"y\"\n",
                           "a: \"ends in a backslash \\\"\n", "{a: 'x''\n"}) {
    EXPECT_THAT(report_on(text), HasSubstr("CFG-002")) << text;
  }
  for (const char* text :
       {"a: \"x\\\"y\"\n", "a: 'it''s'\n", "a: \"two\n  lines\"\nb: 'c'\n", "a: |\n  \"\nb: 1\n",
        "\xef\xbb\xbf"
        "'a': 'b'\r\nc: 'd'\r\n"}) {
    EXPECT_EQ(report_on(text), "") << text;
  }
}

TEST(Document, OnlyOneDocument) {
  EXPECT_THAT(report_on("a: 1\n---\nb: 2\n"), HasSubstr("CFG-004"));
  EXPECT_EQ(report_on("---\na: 1\n...\n"), "");
}

TEST(Document, AnchorsAndAliasesAreRefusedBeforeTheyExpand) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 9; ++k) bomb += ", " + before;
    bomb += "]\n";
  }
  const std::string report = report_on(bomb);
  EXPECT_THAT(report, HasSubstr("a.yaml:1:5 CFG-005 anchors (&name) are not allowed"));
  EXPECT_THAT(report, HasSubstr("aliases (*name) are not allowed"));
}

TEST(Document, TagsAreRefused) {
  EXPECT_THAT(report_on("a: !!str 5\n"), HasSubstr("CFG-008"));
  EXPECT_EQ(report_on("a: '5'\n"), "");
}

TEST(Document, DepthIsBounded) {
  EXPECT_THAT(report_on(std::string(100'000, '[')), HasSubstr("CFG-006"));
  EXPECT_THAT(report_on(std::string(40, '[') + std::string(40, ']')), HasSubstr("CFG-006"));
  EXPECT_EQ(report_on("a: " + std::string(30, '[') + std::string(30, ']')), "");
}

TEST(Document, SizeIsBounded) {
  EXPECT_THAT(report_on(std::string(2U << 20U, 'a')), HasSubstr("CFG-007"));
  std::string many = "a: [";
  for (int i = 0; i < 60'000; ++i) many += "1,";
  EXPECT_THAT(report_on(many + "1]"), HasSubstr("CFG-007 the document has more than 50000 values"));
}

TEST(Document, DuplicateKeysAreNamedWithTheirPath) {
  EXPECT_EQ(report_on("a:\n  - b: 1\n  - c: 1\n    d: 2\n    c: 3\n"),
            "a.yaml:5:5 CFG-101 a[1].c key \"c\" is given twice (keep one of them)\n");
}

TEST(Document, KeysAreText) {
  EXPECT_THAT(report_on("? [a, b]\n: c\n"), HasSubstr("CFG-104 a key must be plain text"));
  EXPECT_THAT(report_on("? {a: 1, a: 2}\n: c\n"), HasSubstr("CFG-101 a key \"a\" is given twice"));
}

TEST(Document, ProblemsAreLimitedInNumber) {
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "a: 1\n";
  Problems problems;
  (void)parse_document(text, std::make_shared<const Source>(Source{"a.yaml", 0}), problems);
  const Diagnostics found = problems.take();
  ASSERT_EQ(found.size(), Problems::limit_max + 1);
  EXPECT_EQ(found.back().message, "1999 more problems are not listed");
}

}  // namespace
}  // namespace haldane::config
