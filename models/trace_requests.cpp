#include "models/trace_requests.h"

#include <algorithm>

#include "models/edge_stack.h"

namespace haldane::models {

TracedReplication trace_requests(const Plan& plan, const ReplicationOptions& options,
                                 const RequestChoice& choice, Nodes nodes) {
  EdgeStack stack(plan, options);
  if (nodes == Nodes::watched) stack.watch_nodes();
  stack.trace(choice);
  stack.run(nullptr);
  TracedReplication result;
  // The report says what became of those who wait for ever.
  result.digest = stack.take_result().measurements.digest;
  result.visits = stack.visits();
  result.nodes = stack.nodes();
  std::sort(result.visits.begin(), result.visits.end());
  return result;
}

}  // namespace haldane::models
