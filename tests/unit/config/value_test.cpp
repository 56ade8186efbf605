// Reading values out of a document: every mistake is reported, at its place, by its name.
#include "config/value.h"

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/document.h"

namespace haldane::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A document together with what was found wrong with it.
struct Fixture {
  explicit Fixture(const std::string& text)
      : root(parse_document(text, std::make_shared<const Source>(Source{"a.yaml", 0}), problems)) {}

  Mapping mapping() { return Value(&root, "", &problems).mapping(); }
  std::string report() { return to_string(problems.take()); }

  Problems problems;
  Node root;
};

enum class Fruit { apple, pear };

TEST(Value, ReadsEachQuantityIntoItsTarget) {
  Fixture f("d: 250ms\nr: 100k/s\nc: 1M\nz: 4MiB\ns: 5%\nn: 1.5\nb: true\nt: hello\nf: pear\n");
  Mapping m = f.mapping();
  Duration duration;
  double rate = 0;
  std::uint32_t count = 0;
  std::int64_t size = 0;
  double share = 0;
  double number = 0;
  bool flag = false;
  std::string text;
  Fruit fruit = Fruit::apple;
  EXPECT_TRUE(m.required("d").duration(duration, positive<Duration>()));
  EXPECT_TRUE(m.required("r").rate(rate, positive<double>()));
  EXPECT_TRUE(m.required("c").count(count, 1, 10'000'000));
  EXPECT_TRUE(m.required("z").size(size, any<std::int64_t>()));
  EXPECT_TRUE(m.required("s").share(share, between(0.0, 1.0)));
  EXPECT_TRUE(m.required("n").number(number, any<double>()));
  EXPECT_TRUE(m.required("b").boolean(flag));
  EXPECT_TRUE(m.required("t").text(text));
  EXPECT_TRUE(
      m.required("f").choice<Fruit>(fruit, {{"apple", Fruit::apple}, {"pear", Fruit::pear}}));
  m.finish();
  EXPECT_EQ(f.report(), "");
  EXPECT_EQ(duration, Duration::milliseconds(250));
  EXPECT_EQ(rate, 100'000);
  EXPECT_EQ(count, 1'000'000U);
  EXPECT_EQ(size, 4 << 20);
  EXPECT_EQ(share, 0.05);
  EXPECT_EQ(number, 1.5);
  EXPECT_TRUE(flag);
  EXPECT_EQ(text, "hello");
  EXPECT_EQ(fruit, Fruit::pear);
}

TEST(Mapping, UnknownKeyNamesTheNearestOne) {
  Fixture f("capcity: 5\n");
  Mapping m = f.mapping();
  (void)m.optional("capacity");
  (void)m.optional("ttl");
  m.finish();
  EXPECT_EQ(f.report(),
            "a.yaml:1:1 CFG-102 capcity unknown key \"capcity\" (did you mean \"capacity\"?)\n");
}

TEST(Mapping, UnknownKeyThatResemblesNothingListsTheKnownOnes) {
  Fixture f("zzzzzz: 5\n");
  Mapping m = f.mapping();
  (void)m.optional("capacity");
  (void)m.optional("ttl");
  m.finish();
  EXPECT_THAT(f.report(), HasSubstr("(known: capacity, ttl)"));
}

TEST(Mapping, ReportsAllMistakesAtOnceInDocumentOrder) {
  Fixture f("z: 5\na: 250\nb: 2\nc:\n");
  Mapping m = f.mapping();
  Duration duration;
  bool flag = false;
  std::string text;
  m.required("missing").text(text);
  m.required("b").boolean(flag);
  m.required("a").duration(duration, positive<Duration>());
  m.required("c").text(text);
  m.finish();
  std::vector<std::string> found;
  for (const Diagnostic& d : f.problems.take()) found.push_back(d.id + " " + d.path);
  EXPECT_THAT(found,
              ElementsAre("CFG-103 missing", "CFG-102 z", "CFG-106 a", "CFG-104 b", "CFG-103 c"));
}

TEST(Mapping, AbsentMappingReportsNothing) {
  Fixture f("a: 1\n");
  Mapping m = f.mapping().optional("nothing").mapping();
  Duration duration = Duration::seconds(3);
  EXPECT_FALSE(m.required("x").duration(duration, positive<Duration>()));
  m.finish();
  EXPECT_EQ(duration, Duration::seconds(3));
  EXPECT_EQ(f.report(), "");
}

TEST(Mapping, ExactlyOneRefusesNoneAndSeveral) {
  Fixture none("{}\n");
  EXPECT_FALSE(none.mapping().exactly_one({"a", "b"}).second.present());
  EXPECT_THAT(none.report(), HasSubstr("CFG-103 must have one of a, b"));
  Fixture several("{a: 1, b: 2}\n");
  EXPECT_FALSE(several.mapping().exactly_one({"a", "b"}).second.present());
  EXPECT_THAT(several.report(), HasSubstr("CFG-109 must have exactly one of a, b, but has 2"));
  Fixture one("{b: 2}\n");
  EXPECT_EQ(one.mapping().exactly_one({"a", "b"}).first, "b");
  EXPECT_EQ(one.report(), "");
}

TEST(Value, RangeIsStatedInTheUnitOfTheQuantity) {
  Fixture f("d: -5s\ns: 150%\nc: 0\n");
  Mapping m = f.mapping();
  Duration duration;
  double share = 0;
  std::uint32_t count = 0;
  m.required("d").duration(duration, positive<Duration>());
  m.required("s").share(share, between(0.0, 1.0));
  m.required("c").count(count, 1, 64);
  EXPECT_EQ(f.report(),
            "a.yaml:1:4 CFG-107 d must be > 0, but was -5s\n"
            "a.yaml:2:4 CFG-107 s must be >= 0% and <= 100%, but was 150%\n"
            "a.yaml:3:4 CFG-107 c must be >= 1 and <= 64, but was 0\n");
}

TEST(Value, ListElementsAreNamedByIndex) {
  Fixture f("timeline:\n  - at: 1s\n  - at: 5\n");
  for (const Value& element : f.mapping().required("timeline").elements()) {
    Duration at;
    element.mapping().required("at").duration(at, any<Duration>());
  }
  EXPECT_THAT(f.report(), HasSubstr("a.yaml:3:9 CFG-106 timeline[1].at must be a duration"));
}

TEST(Value, WrongShapesAreToldApart) {
  Fixture f("a: [1]\nb: {c: 1}\nd: text\ne: key:value\n");
  Mapping m = f.mapping();
  std::string text;
  m.required("a").text(text);
  m.required("b").text(text);
  EXPECT_THAT(m.required("d").elements(), IsEmpty());
  EXPECT_FALSE(m.required("e").mapping().present());
  const std::string report = f.report();
  EXPECT_THAT(report, HasSubstr("CFG-104 a must be text, but was a list"));
  EXPECT_THAT(report, HasSubstr("CFG-104 b must be text, but was a mapping"));
  EXPECT_THAT(report, HasSubstr("CFG-104 d must be a list, but was \"text\""));
  EXPECT_THAT(report, HasSubstr("write a space after the colon"));
}

TEST(Value, ChoiceSuggestsTheNearestWord) {
  Fixture f("f: paer\n");
  Fruit fruit = Fruit::apple;
  EXPECT_FALSE(f.mapping().required("f").choice<Fruit>(
      fruit, {{"apple", Fruit::apple}, {"pear", Fruit::pear}}));
  EXPECT_EQ(f.report(),
            "a.yaml:1:4 CFG-105 f must be one of apple, pear, but was \"paer\" "
            "(did you mean \"pear\"?)\n");
}

TEST(Value, NonFiniteNumbersHaveTheirOwnId) {
  for (const char* word : {".nan", ".inf", "-.inf", "nan", "Infinity"}) {
    Fixture f(std::string("n: ") + word + "\n");
    double number = 7;
    EXPECT_FALSE(f.mapping().required("n").number(number, any<double>()));
    EXPECT_EQ(number, 7);
    EXPECT_THAT(f.report(), HasSubstr("CFG-108 n must be finite")) << word;
  }
}

}  // namespace
}  // namespace haldane::config
