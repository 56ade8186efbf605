// What a cell remembers of results that workers write to it: those on their way, and those that
// sites are to be told of.
#pragma once

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/link/site_results.h"
#include "sim/kernel/event_queue.h"

namespace haldane::models {

/// Of one cell. Workers know of results long before they come where jobs wait: what is not due yet
/// stays out of the cell's inbox, which is looked through in every window.
struct WriteBacks {
  /// **Domain** the plan writes results to the API.
  explicit WriteBacks(const Plan& plan) : rules(*plan.api_writes), results(plan) {}

  ApiWritesPlan rules;
  sim::EventQueue<ApiRequest> coming;
  SiteResults results;
};

}  // namespace haldane::models
