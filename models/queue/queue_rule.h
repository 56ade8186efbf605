// How a replica's queue is run: who is next, and who is given up.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/time.h"

namespace haldane::models {

enum class QueueDiscipline : std::uint8_t {
  fifo,
  lifo,
  priority,      ///< the most urgent level first, within it first come, first served
  adaptive_lifo  ///< fifo while the queue drains now and then, lifo while it stands
};

/// **Source** target and interval: RFC 8289, section 4; as bounds on the wait in an adaptive-LIFO
/// queue: Maurer, "Fail at Scale", ACM Queue 13(8), 2015.
struct CodelSpec {
  Duration target = Duration::milliseconds(5);
  Duration interval = Duration::milliseconds(100);
};

struct ReplicaQueueSpec {
  QueueDiscipline discipline = QueueDiscipline::fifo;
  std::optional<CodelSpec> codel;
  bool drop_client_gone = false;        ///< `deadline_drop: client`
  Duration deadline = Duration::max();  ///< `deadline_drop: DURATION`, from the arrival
};

}  // namespace haldane::models
