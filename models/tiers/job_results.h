// Results of jobs on their way back to the sites.
//
// What one worker says concerns all sites alike, so that it is written once and read by each of
// them. Workers may be two windows behind the sites when they say it, which is why a window is at
// most half as long as the way from the edge to the workers and back (compile_plan).
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/plan.h"
#include "models/tiers/messages.h"
#include "models/tiers/outbox.h"

namespace haldane::models {

/// Of one run; without write-backs nothing is ever written. **Determinism** depends on the calls
/// only.
class JobResults {
 public:
  explicit JobResults(const Plan& plan)
      : write_back_(plan.scenario.workers->write_back),
        link_(plan.scenario.links.workers_to_edge),
        end_(plan.end) {}

  /// A worker has done the job at `done`. What would arrive after the end of the run is nobody's
  /// business.
  void write(SimTime done, const Job& job) {
    if (write_back_ == WriteBack::none || done + link_ >= end_) return;
    EdgeEvent& event = outbox_.append();
    event.order = {done + link_, stamp_()};
    event.tag = {};
    event.tag.id = job.id;
    event.tag.asked = done;
    event.tag.object = job.object;
    event.tag.canary = job.canary;
    event.kind = write_back_ == WriteBack::purge ? EdgeEvent::Kind::result_purges
                                                 : EdgeEvent::Kind::result_updates;
    event.detail = 0;
    earliest_ = std::min(earliest_, event.order.time);
  }
  /// When the first of what was not taken yet arrives; never if nothing.
  [[nodiscard]] SimTime earliest() const { return earliest_; }
  /// Everything since the last call, in exchange for an empty outbox.
  void take(Outbox<EdgeEvent>& into) {
    into.clear();
    into.swap(outbox_);
    earliest_ = SimTime::never();
  }

 private:
  WriteBack write_back_;
  Duration link_;
  SimTime end_;
  Outbox<EdgeEvent> outbox_;
  sim::KeyStamp stamp_{0xfffeU};
  SimTime earliest_ = SimTime::never();
};

}  // namespace haldane::models
