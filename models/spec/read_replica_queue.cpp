// `api.queue`: who is served next at a replica, and who is given up.
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

void read_codel(const Value& value, std::optional<CodelSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping codel = value.mapping();
  CodelSpec spec;
  const auto range = config::above_to(Duration{}, Duration::seconds(3'600));
  codel.optional("target").duration(spec.target, range);
  codel.optional("interval").duration(spec.interval, range);
  codel.finish();
  out = spec;
}

void read_deadline(const Value& value, ReplicaQueueSpec& out) {
  if (!value.present() || value.is_word("none")) return;
  if (value.is_word("client")) {
    out.drop_client_gone = true;
    return;
  }
  value.duration(out.deadline, config::above_to(Duration{}, Duration::seconds(86'400)));
}

}  // namespace

void read_replica_queue(const Value& value, ReplicaQueueSpec& out) {
  Mapping queue = value.mapping();
  queue.optional("discipline")
      .choice<QueueDiscipline>(out.discipline, {{"fifo", QueueDiscipline::fifo},
                                                {"lifo", QueueDiscipline::lifo},
                                                {"priority", QueueDiscipline::priority},
                                                {"adaptive_lifo", QueueDiscipline::adaptive_lifo}});
  read_deadline(queue.optional("deadline_drop"), out);
  read_codel(queue.optional("codel"), out.codel);
  queue.finish();
}

}  // namespace haldane::models
