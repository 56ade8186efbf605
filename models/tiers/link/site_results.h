// Results of jobs on their way to the sites.
//
// What one worker, or one cell of the API, says concerns all sites alike, so that it is written
// once and read by each of them, a window later.
#pragma once

#include <algorithm>

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/link/outbox.h"

namespace haldane::models {

/// Of one sender. **Determinism** depends on the calls only.
class SiteResults {
 public:
  explicit SiteResults(const Plan& plan)
      : write_back_(plan.scenario.workers->write_back.edge), end_(plan.end) {}

  /// Something became of an object at `since`, and sites learn it at `order`. What would arrive
  /// after the end of the run is nobody's business.
  void write(const sim::EventOrder& order, SimTime since, const Job& job) {
    if (write_back_ == WriteBack::none || order.time >= end_) return;
    EdgeEvent& event = outbox_.append();
    event.order = order;
    event.tag = {};
    event.tag.id = job.id;
    event.tag.asked = since;
    event.tag.object = job.object;
    event.tag.canary = job.canary;
    event.kind = write_back_ == WriteBack::purge ? EdgeEvent::Kind::result_purges
                                                 : EdgeEvent::Kind::result_updates;
    event.detail = 0;
    earliest_ = std::min(earliest_, order.time);
  }
  /// When the first of what was not taken yet arrives; never if nothing.
  [[nodiscard]] SimTime earliest() const { return earliest_; }
  /// Moves everything since the last call to the end of `into`.
  void take(Outbox<EdgeEvent>& into) {
    if (into.empty()) {
      into.swap(outbox_);
    } else {
      into.append(outbox_.messages());
    }
    outbox_.clear();
    earliest_ = SimTime::never();
  }

 private:
  WriteBack write_back_;
  SimTime end_;
  Outbox<EdgeEvent> outbox_;
  SimTime earliest_ = SimTime::never();
};

}  // namespace haldane::models
