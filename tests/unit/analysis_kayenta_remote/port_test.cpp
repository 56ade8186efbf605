// Requests that no test of Kayenta's holds: all kinds of values, options, weights and thresholds,
// drawn at random, and what a port of the judge by other hands in another language said of them.
// Re-pinning is legitimate only where the published algorithm was misread.
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <source_folder.h>

#include "analysis/kayenta/remote/judge_request.h"
#include "analysis/kayenta/remote/request.h"

namespace haldane::analysis::kayenta {
namespace {

using Json = nlohmann::json;

Json cases() {
  std::ifstream file(std::string(HALDANE_SOURCE_DIR) + "/tests/data/kayenta_by_port.json");
  return Json::parse(file);
}

TEST(KayentaByPort, ClassesScoresAndLabelsAreThose) {
  int judged = 0;
  for (const Json& one : cases()) {
    const auto parsed = read_judge_request(one["request"].dump(), "r.json");
    ASSERT_TRUE(parsed) << to_string(parsed.error());
    const Json answer = Json::parse(judge_result_json(*parsed, judge_request(*parsed)));
    std::vector<std::string> classes;
    std::vector<bool> critical;
    for (const Json& result : answer["results"]) {
      classes.push_back(result["classification"]);
      critical.push_back(result["critical"]);
    }
    EXPECT_EQ(Json(classes), one["classes"]) << one["request"];
    EXPECT_EQ(Json(critical), one["critical"]) << one["request"];
    EXPECT_DOUBLE_EQ(answer["score"]["score"], one["score"]) << one["request"];
    EXPECT_EQ(answer["score"]["classification"], one["label"]) << one["request"];
    ++judged;
  }
  EXPECT_EQ(judged, 30);
}

}  // namespace
}  // namespace haldane::analysis::kayenta
