// What a server serves besides its judges: the caller's, since libraries read neither files nor
// clocks.
#pragma once

#include <string>
#include <vector>

namespace haldane::server {

/// A text that GET gives as it is.
struct Document {
  std::string path;  ///< "/openapi.json"
  std::string text;  ///< JSON
};

struct Site {
  std::string version;  ///< of the program
  std::vector<Document> documents;
};

}  // namespace haldane::server
