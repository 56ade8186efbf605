// What jobs that are done do with their results.
#pragma once

#include <cstdint>
#include <optional>

#include "models/clients/backoff.h"
#include "models/spec/law_spec.h"

namespace haldane::models {

/// What the result of a job does to the object of its request, at all sites.
enum class WriteBack : std::uint8_t {
  none,
  purge,   ///< what sites hold of it is out of date
  update,  ///< sites store the new content
};

/// Results that are written to the API: each is a request to one of its cells.
struct ApiWriteBackSpec {
  double share = 1;                ///< of the jobs that are done
  std::optional<LawSpec> service;  ///< absent = that of other requests
  std::uint32_t max_attempts = 3;  ///< the first one included; then the result is lost
  BackoffSpec backoff;
};

struct WriteBackSpec {
  WriteBack edge = WriteBack::none;
  std::optional<ApiWriteBackSpec> api;  ///< then it is the API that tells the edge
};

}  // namespace haldane::models
