// Documents over documents, overrides over those, and files that cannot be read.
#include "config/load.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace haldane::config {
namespace {

using testing::HasSubstr;

/// Files in memory.
FileReader files_of(std::map<std::string, std::string> files) {
  return [files](const std::string& path, std::size_t) -> Expected<std::string, FileError> {
    const auto found = files.find(path);
    if (found != files.end()) return found->second;
    return Unexpected{FileError{FileError::Kind::not_found, path, "does not exist"}};
  };
}

struct Loaded {
  Node root;
  std::string report;
};

Loaded load(const std::string& text, const std::vector<std::string>& overrides = {},
            const FileReader& files = {}) {
  LoadOptions options;
  options.allow_extends = true;
  options.files = files;
  options.alternatives = {"exponential", "lognormal"};
  Problems problems;
  Loaded loaded;
  loaded.root = load_document(text, "dir/a.yaml", overrides, options, problems);
  loaded.report = to_string(problems.take());
  return loaded;
}

std::string text_at(const Loaded& loaded, const std::string& path) {
  return nearest_node(loaded.root, path).text;
}

TEST(Overrides, ReplaceCreateAndReachIntoLists) {
  const Loaded loaded = load("a: {b: 1}\nlist: [{at: 1s}, {at: 2s}]\n",
                             {"a.b=7", "a.c.d=8", "list[1].at=5s", "list[2].at=6s", "e={f: [9]}"});
  EXPECT_EQ(loaded.report, "");
  EXPECT_EQ(text_at(loaded, "a.b"), "7");
  EXPECT_EQ(text_at(loaded, "a.c.d"), "8");
  EXPECT_EQ(text_at(loaded, "list[0].at"), "1s");
  EXPECT_EQ(text_at(loaded, "list[1].at"), "5s");
  EXPECT_EQ(text_at(loaded, "list[2].at"), "6s");
  EXPECT_EQ(text_at(loaded, "e.f[0]"), "9");
}

TEST(Overrides, LaterOnesWin) {
  EXPECT_EQ(text_at(load("a: 1\n", {"a=2", "a=3"}), "a"), "3");
}

TEST(Overrides, AnAlternativeReplacesItsSiblings) {
  const Loaded loaded = load("law: {lognormal: {median: 5ms}}\n", {"law.exponential.mean=3ms"});
  EXPECT_EQ(loaded.root.find("law")->members.size(), 1U);
  EXPECT_EQ(text_at(loaded, "law.exponential.mean"), "3ms");
}

TEST(Overrides, ProblemsNameTheOption) {
  const std::string report =
      load("a: 1\nb: [1]\n", {"novalue", "=5", "a.c=1", "b[3]=1", "b.x=1", "c={x: [",
                              "a=", "a..b=1", "b[x]=1", "d=*ref", "b[0=1"})
          .report;
  EXPECT_THAT(report, HasSubstr("--set CFG-201 must be path=value, but was \"novalue\""));
  EXPECT_THAT(report, HasSubstr("--set CFG-201 must be path=value, but was \"=5\""));
  EXPECT_THAT(report, HasSubstr("--set CFG-202 a has no key \"c\", because it is \"1\""));
  EXPECT_THAT(report, HasSubstr("--set CFG-203 b has no element [3]: the list has 1"));
  EXPECT_THAT(report, HasSubstr("--set CFG-202 b has no key \"x\", because it is a list"));
  EXPECT_THAT(report, HasSubstr("--set CFG-002 c is not valid YAML"));
  EXPECT_THAT(report, HasSubstr("--set CFG-201 a has no value after ="));
  EXPECT_THAT(report, HasSubstr("but was \"a..b=1\""));
  EXPECT_THAT(report, HasSubstr("but was \"b[x]=1\""));
  EXPECT_THAT(report, HasSubstr("but was \"b[0=1\""));
  EXPECT_THAT(report, HasSubstr("--set CFG-00"));
}

TEST(Extends, MergesMappingsAndReplacesTheRest) {
  const Loaded loaded = load(
      "extends: ../base.yaml\na: {b: 2}\nlist: [9]\nlaw: {exponential: {mean: 1s}}\n", {},
      files_of({{"base.yaml", "a: {b: 1, c: 3}\nlist: [1, 2]\nlaw: {lognormal: {median: 1s}}\n"}}));
  EXPECT_EQ(loaded.report, "");
  EXPECT_EQ(text_at(loaded, "a.b"), "2");
  EXPECT_EQ(text_at(loaded, "a.c"), "3");
  EXPECT_EQ(loaded.root.find("list")->items.size(), 1U);
  EXPECT_EQ(loaded.root.find("law")->members.size(), 1U);
  EXPECT_EQ(loaded.root.find("extends"), nullptr);
}

TEST(Extends, EachNodeKnowsItsFile) {
  const Loaded loaded =
      load("extends: base.yaml\na: 1\n", {"c=3"}, files_of({{"dir/base.yaml", "# first\nb: 2\n"}}));
  EXPECT_EQ(loaded.root.find("a")->place.source->name, "dir/a.yaml");
  EXPECT_EQ(loaded.root.find("b")->place.source->name, "dir/base.yaml");
  EXPECT_EQ(loaded.root.find("b")->place.line, 2);
  EXPECT_EQ(loaded.root.find("c")->place.source->name, "--set");
}

TEST(Extends, CannotGoInCirclesOrForEver) {
  const FileReader circle = files_of({{"dir/b.yaml", "extends: a.yaml\n"}});
  EXPECT_THAT(load("extends: b.yaml\n", {}, circle).report,
              HasSubstr("dir/b.yaml:1:10 CFG-303 extends leads back to dir/a.yaml"));
  const FileReader endless = [](const std::string& path, std::size_t) {
    return Expected<std::string, FileError>("extends: x" + path.substr(4) + "\n");
  };
  EXPECT_THAT(load("extends: b.yaml\n", {}, endless).report, HasSubstr("CFG-304"));
}

TEST(Extends, AMissingBaseIsAProblemOfTheFileThatNamesIt) {
  EXPECT_EQ(load("a: 1\nextends: b.yaml\n", {}, files_of({})).report,
            "dir/a.yaml:2:10 CFG-302 extends dir/b.yaml does not exist\n");
  EXPECT_THAT(load("extends: b.yaml\n").report, HasSubstr("CFG-301"));
  EXPECT_THAT(load("extends: [b]\n", {}, files_of({})).report, HasSubstr("CFG-104"));
}

TEST(Load, TheRootMustBeAMapping) {
  EXPECT_THAT(load("- a\n- b\n").report, HasSubstr("CFG-104 the document must be a mapping"));
  EXPECT_THAT(load("just words\n").report, HasSubstr("CFG-104"));
}

class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("haldane_load_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& content) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  static std::string id_of(const std::string& path, std::size_t bytes_max = 100) {
    const auto content = read_file(path, bytes_max);
    return content ? "good" : content.error().to_diagnostic().id;
  }

  std::filesystem::path folder_;
};

TEST_F(Files, AreReadWhole) {
  const std::string content(100'000, 'x');
  EXPECT_EQ(read_file(write("a", content), content.size()).value(), content);
  EXPECT_EQ(read_file(write("empty", ""), 10).value(), "");
}

TEST_F(Files, FailuresAreToldApart) {
  EXPECT_EQ(id_of(folder_ / "absent"), "CFG-401");
  EXPECT_EQ(id_of(""), "CFG-401");
  EXPECT_EQ(id_of(write("file", "x") + "/below"), "CFG-401");
  EXPECT_EQ(id_of(folder_), "CFG-403");
  EXPECT_EQ(id_of(write("large", std::string(101, 'x'))), "CFG-404");
  EXPECT_EQ(id_of("/dev/zero"), "CFG-404");
}

TEST_F(Files, WithoutPermissionAreUnreadable) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string path = write("secret", "x");
  ::chmod(path.c_str(), 0);
  EXPECT_EQ(id_of(path), "CFG-402");
}

TEST(FileError, OnlyMissingInputCountsAsMissing) {
  const auto missing = [](FileError::Kind kind) {
    return input_is_missing({FileError{kind, "a", "m"}.to_diagnostic()});
  };
  EXPECT_TRUE(missing(FileError::Kind::not_found));
  EXPECT_TRUE(missing(FileError::Kind::unreadable));
  EXPECT_TRUE(missing(FileError::Kind::directory));
  EXPECT_FALSE(missing(FileError::Kind::too_large));
  EXPECT_FALSE(input_is_missing({}));
}

}  // namespace
}  // namespace haldane::config
