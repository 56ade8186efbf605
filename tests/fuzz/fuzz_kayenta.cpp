// Any bytes are a remote-judge request or a list of problems; a request always gets a result.
#include <cstddef>
#include <cstdint>
#include <string>

#include "analysis/kayenta/remote/judge_request.h"
#include "analysis/kayenta/remote/request.h"
#include "sim/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace kayenta = haldane::analysis::kayenta;
  const std::string text(data, data + size);
  const auto parsed = kayenta::read_judge_request(text, "fuzz.json");
  if (!parsed) {
    HALDANE_CHECK(!parsed.error().empty());
    HALDANE_CHECK(parsed.error().size() <= 51);
    return 0;
  }
  const kayenta::JudgeAnswer answer = kayenta::judge_request(*parsed);
  HALDANE_CHECK(answer.metrics.size() == parsed->pairs.size());
  HALDANE_CHECK(!kayenta::judge_result_json(*parsed, answer).empty());
  return 0;
}
