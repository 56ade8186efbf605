// Who asks for what, and the calls that the edge makes for them.
#pragma once

#include <cstdint>

#include "sim/base/time.h"
#include "tests/support/oracle/event_loop.h"

namespace haldane::test::oracle {

struct Request {
  std::uint32_t site = 0;
  std::uint64_t number = 0;  ///< at its site
  SimTime asked;
  std::uint32_t object = 0;
  std::uint32_t attempt = 1;
  bool canary = false;
  bool after_timeout = false;  ///< a retry of an attempt that was given up

  [[nodiscard]] std::uint64_t id() const { return (std::uint64_t{site} << 40) | number; }
};

/// One request from an edge to a cell.
struct Call {
  Request request;
  bool background = false;    ///< a refresh: no client waits for it
  bool leader = false;        ///< others wait for what it brings
  bool is_write = false;      ///< of a worker: the result of the request's job
  bool alone = false;         ///< of one who has waited for another's: nobody stores what it brings
  bool not_modified = false;  ///< answered 304: what the site has is still good
  SimTime sent;
  SimTime arrival;  ///< at the cell
  SimTime born;     ///< since when what it brings ages
  std::uint32_t cell = 0;
  std::uint64_t sender = 0;    ///< the site, for most
  std::uint64_t sequence = 0;  ///< of the sender's calls
  bool departed = false;       ///< an answer is on its way
  bool concluded = false;      ///< the client has its answer or has given up
  bool settled = false;        ///< the site has its answer or has given up

  /// Marks the `part`-th of the things that follow from this call.
  [[nodiscard]] Stamp stamp(std::uint64_t part) const {
    return {1 + std::uint64_t{cell}, static_cast<std::uint64_t>(arrival.count_ns()), sender,
            sequence, part};
  }
};

}  // namespace haldane::test::oracle
