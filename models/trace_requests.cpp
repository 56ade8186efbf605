#include "models/trace_requests.h"

#include <algorithm>

#include "models/edge_stack.h"

namespace haldane::models {

TracedReplication trace_requests(const Plan& plan, const ReplicationOptions& options,
                                 const RequestChoice& choice) {
  EdgeStack stack(plan, options);
  stack.trace(choice);
  stack.run(nullptr);
  TracedReplication result;
  result.visits = stack.visits();
  std::sort(result.visits.begin(), result.visits.end());
  result.digest = stack.take_result().measurements.digest;
  return result;
}

}  // namespace haldane::models
