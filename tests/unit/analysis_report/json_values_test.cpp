#include "analysis/report/json_values.h"

#include <array>
#include <limits>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

TEST(JsonList, HasTheShortestDigitsAndAlwaysAPointOrExponent) {
  const std::vector<double> values = {1, 0.1, -2.5, 1e300, 1e-7, 0.1 + 0.2, 123456789};
  EXPECT_EQ(json_list(values), "[1.0,0.1,-2.5,1e+300,1e-07,0.30000000000000004,123456789.0]");
  EXPECT_EQ(Json::parse(json_list(values)).get<std::vector<double>>(), values);
}

TEST(JsonList, SaysNullForWhatIsEmptyOrNotFinite) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<std::optional<double>> some = {
      1.0, {}, infinity, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(json_list(some), "[1.0,null,null,null]");
  EXPECT_EQ(json_list(std::vector<double>{}), "[]");
}

TEST(JsonDocument, WithTextMembersIsTheDocumentThatHasThem) {
  const std::array<JsonMember, 2> inner = {{{"t\"s", "[1.0,2.0]"}, {"v", "[null]"}}};
  const std::array<JsonMember, 1> outer = {{{"one", json_object(inner, 2)}}};
  const std::array<JsonMember, 2> more = {
      {{"series", json_object(outer, 1)}, {"none", json_object({}, 1)}}};
  const Json document = {{"schema", "x/1"}, {"list", Json::array({1, 2})}};
  Json whole = document;
  whole["series"]["one"]["t\"s"] = {1.0, 2.0};
  whole["series"]["one"]["v"] = Json::array({nullptr});
  whole["none"] = Json::object();
  EXPECT_EQ(json_document(document, more), json_document(whole));
}

}  // namespace
}  // namespace haldane::analysis
