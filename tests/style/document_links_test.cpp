#include "tests/style/document_links.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <source_folder.h>

namespace haldane::style {
namespace {

TEST(DocumentLinks, LeadSomewhere) {
  const std::filesystem::path root = HALDANE_SOURCE_DIR;
  const Findings findings =
      check_links(source_tree(), [&root](const std::string& path) { return exists(root / path); });
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

std::size_t problems(std::string_view text) {
  const std::vector<SourceFile> files = {
      make_file("docs/a.md", text),
      make_file("docs/b.md", "# One page\n\n## `--out`, and so on\n")};
  return check_links(files,
                     [](const std::string& path) {
                       return path == "docs/a.md" || path == "docs/b.md" || path == "LICENSE";
                     })
      .size();
}

TEST(DocumentLinks, NeedTheirFile) {
  EXPECT_EQ(problems("[b](b.md), [c](c.md) and [d](../docs/d.md)\n"), 2U);
  EXPECT_EQ(problems("[licence](../LICENSE), [elsewhere](https://example.org/x#y)\n"), 0U);
}

TEST(DocumentLinks, NeedTheirHeading) {
  EXPECT_EQ(problems("[b](b.md#one-page), [b](b.md#--out-and-so-on), [b](b.md#two)\n"), 1U);
  EXPECT_EQ(problems("## Here\n\n[here](#here), [there](#there)\n"), 1U);
}

}  // namespace
}  // namespace haldane::style
