// What a server serves besides its judges: the caller's, since libraries read neither files nor
// clocks, and whom a server asks is for its operator to say, never for a request.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/base/expected.h"

namespace haldane::server {

/// A text that GET gives as it is.
struct Document {
  std::string path;  ///< "/openapi.json"
  std::string text;  ///< JSON
};

/// A question to the operator's Prometheus. **Units** Unix seconds.
struct RangeQuestion {
  std::string query;
  double start_s = 0;
  double end_s = 0;
  double step_s = 15;
};

struct RangeProblem {
  bool unavailable = false;  ///< no answer; else what is asked is wrong
  std::string text;
};

/// **Returns** the document of /api/v1/query_range. Called on several threads at once.
using AskRange = std::function<Expected<std::string, RangeProblem>(const RangeQuestion&)>;

struct Site {
  std::string version;  ///< of the program
  std::vector<Document> documents;
  AskRange ask_range;             ///< empty = arms must come as text
  std::function<double()> now_s;  ///< Unix seconds; needed with ask_range
};

}  // namespace haldane::server
