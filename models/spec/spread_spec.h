// `edge.spread`: which node of its site a request goes to.
#pragma once

#include <cstdint>

#include "sim/base/time.h"

namespace haldane::models {

struct SpreadSpec {
  enum class Kind : std::uint8_t {
    hash,        ///< by object, evenly: modulo the number of nodes
    consistent,  ///< by object, on a ring of points of all nodes
    bounded,     ///< likewise, but a node that has more than its share passes on
    random,      ///< any
  };
  Kind kind = Kind::hash;
  std::uint32_t points = 160;              ///< consistent, bounded: of each node on the ring
  double load_factor = 1.25;               ///< bounded: times the mean load of the nodes
  Duration window = Duration::seconds(1);  ///< bounded: load is the requests of such a span
};

}  // namespace haldane::models
