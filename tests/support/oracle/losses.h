// Packets that get lost between the tiers and are sent again after a time-out that doubles.
#pragma once

#include <cstdint>
#include <vector>

#include "models/plan.h"
#include "tests/support/oracle/books.h"
#include "tests/support/oracle/draws.h"

namespace haldane::test::oracle {

class Losses {
 public:
  enum class Way : std::uint8_t { request, answer, job, write };

  Losses(const models::Plan& plan, const Draws& draws, std::vector<Books>& arms)
      : plan_(plan), draws_(draws), arms_(arms) {}

  /// How much longer than its link takes a message needs that is first sent at `sent`.
  [[nodiscard]] Duration delay(Way way, SimTime sent, const Call& call);

 private:
  const models::Plan& plan_;
  const Draws& draws_;
  std::vector<Books>& arms_;
};

}  // namespace haldane::test::oracle
