// Functions stay short: a hard limit, and a ratchet on the number of long ones.
#include "tests/style/function_length.h"

#include <array>
#include <map>

#include <gtest/gtest.h>

namespace haldane::style {
namespace {

struct RatchetRow {
  std::string_view folder;
  std::size_t long_functions;  // of more than kFunctionLinesLong lines
};

// These counts may only shrink. The failing test prints the rows to paste; raising one needs a
// reason in the commit.
constexpr std::array<RatchetRow, 8> kRatchet = {{
    {"analysis", 12},
    {"bench", 0},
    {"cli", 2},
    {"config", 1},
    {"models", 4},
    {"server", 0},
    {"sim", 1},
    {"tests", 5},
}};

std::string top_folder(std::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

std::map<std::string, std::size_t> count_long_functions() {
  std::map<std::string, std::size_t> counts;
  for (const SourceFile& file : source_tree()) {
    if (!file.is_cpp()) continue;
    for (const Function& function : functions_in(file)) {
      if (function.lines > kFunctionLinesLong) ++counts[top_folder(file.path)];
    }
  }
  return counts;
}

std::string list_long_functions(std::string_view folder) {
  std::string text;
  for (const SourceFile& file : source_tree()) {
    if (!file.is_cpp() || !file.is_under(folder)) continue;
    for (const Function& function : functions_in(file)) {
      if (function.lines > kFunctionLinesLong)
        text += to_string(
            Findings{{file.path, function.first_line, std::to_string(function.lines) + " lines"}});
    }
  }
  return text;
}

TEST(FunctionLength, NoFunctionPassesTheHardLimit) {
  Findings findings;
  for (const SourceFile& file : source_tree()) {
    if (!file.is_cpp()) continue;
    for (const Function& function : functions_in(file)) {
      if (function.lines > kFunctionLinesMax)
        findings.push_back({file.path, function.first_line,
                            std::to_string(function.lines) + " lines, at most " +
                                std::to_string(kFunctionLinesMax)});
    }
  }
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(FunctionLength, LongFunctionsOnlyBecomeFewer) {
  const std::map<std::string, std::size_t> counts = count_long_functions();
  for (const RatchetRow& row : kRatchet) {
    const auto found = counts.find(std::string(row.folder));
    const std::size_t count = found == counts.end() ? 0 : found->second;
    EXPECT_LE(count, row.long_functions) << "    {\"" << row.folder << "\", " << count << "},\n"
                                         << list_long_functions(row.folder);
  }
}

std::vector<std::size_t> lengths_in(std::string_view text) {
  std::vector<std::size_t> lengths;
  for (const Function& function : functions_in(make_file("sim/base/x.cpp", text)))
    lengths.push_back(function.lines);
  return lengths;
}

using Lengths = std::vector<std::size_t>;

TEST(FunctionLength, CountsFromTheDeclarationToTheClosingBrace) {
  EXPECT_EQ(lengths_in("int f() { return 1; }\n"), Lengths{1});
  EXPECT_EQ(lengths_in("int f(int a,\n      int b)\n    const {\n  return a;\n}\n"), Lengths{5});
}

TEST(FunctionLength, LooksIntoNamespacesAndClasses) {
  EXPECT_EQ(lengths_in("namespace a {\nclass B : public C {\n  int f() {\n    return 1;\n  }\n"
                       "  int x_ = 0;\n};\n}\nint g() {}\n"),
            (Lengths{3, 1}));
}

TEST(FunctionLength, BlocksInsideAFunctionBelongToIt) {
  EXPECT_EQ(
      lengths_in("void f() {\n  if (a) {\n    g([](int i) {\n      return i;\n    });\n  }\n}\n"),
      Lengths{7});
}

TEST(FunctionLength, InitialisersAreNoFunctions) {
  EXPECT_EQ(lengths_in("constexpr int a[] = {1,\n2};\nenum class E { x };\nint b{3};\n"),
            Lengths{});
  EXPECT_EQ(lengths_in("A::A(int x) : x_{x}, y_{2} {\n  f();\n}\n"), Lengths{3});
  EXPECT_EQ(lengths_in("void f(B b = {}) {\n}\n"), Lengths{2});
}

TEST(FunctionLength, ClassesWithAnAlignmentAreNoFunctions) {
  EXPECT_EQ(lengths_in("class alignas(64) A {\n  int x;\n  void f() {\n  }\n};\n"), Lengths{2});
}

TEST(FunctionLength, BracesInTextAndCommentsDoNotCount) {
  EXPECT_EQ(lengths_in("int f() {\n  g(\"{{\\\"\", '{');  // {\n  /* { */\n}\n"), Lengths{4});
  EXPECT_EQ(lengths_in("int f() {\n  g(R\"x({ )\" { )x\");\n  return 1'000;\n}\nint h() {}\n"),
            (Lengths{4, 1}));
}

TEST(FunctionLength, TestBodiesCountToo) {
  EXPECT_EQ(lengths_in("TEST(A, B) {\n  f();\n}\n"), Lengths{3});
}

}  // namespace
}  // namespace haldane::style
