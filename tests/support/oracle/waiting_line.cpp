#include "tests/support/oracle/waiting_line.h"

#include <algorithm>
#include <utility>

namespace haldane::test::oracle {

using models::CodelSpec;
using models::QueueDiscipline;

WaitingLine::WaitingLine(const models::ReplicaQueueSpec& rule) : rule_(rule) {
  if (rule.codel && rule.discipline != QueueDiscipline::adaptive_lifo)
    codel_.emplace(rule.codel->target, rule.codel->interval);
}

std::vector<WaitingLine::Ticket> WaitingLine::all() const {
  std::vector<Ticket> tickets(urgent_.begin(), urgent_.end());
  tickets.insert(tickets.end(), others_.begin(), others_.end());
  return tickets;
}

bool WaitingLine::stands(SimTime now) const {
  return size() > 0 && now - empty_until_ > rule_.codel.value_or(CodelSpec{}).interval;
}

void WaitingLine::push(SimTime now, Customer customer) {
  if (size() == 0) empty_until_ = now;
  SimTime deadline = customer.deadline;
  if (rule_.discipline == QueueDiscipline::adaptive_lifo && rule_.codel)
    deadline =
        std::min(deadline, now + (stands(now) ? rule_.codel->target : rule_.codel->interval));
  const bool behind = rule_.discipline == QueueDiscipline::priority && !customer.urgent;
  (behind ? others_ : urgent_)
      .push_back({now, deadline, std::make_shared<Customer>(std::move(customer))});
}

std::optional<WaitingLine::Ticket> WaitingLine::take(SimTime now, const GiveUp& give_up) {
  const bool newest = rule_.discipline == QueueDiscipline::lifo ||
                      (rule_.discipline == QueueDiscipline::adaptive_lifo && stands(now));
  for (std::deque<Ticket>* line : {&urgent_, &others_}) {  // the oldest that are too late
    while (!line->empty() && line->front().deadline <= now) {
      const Ticket late = line->front();
      line->pop_front();
      give_up(late);
    }
  }
  const auto one = [&] { return take_in_time(now, newest, give_up); };
  const auto next = codel_ ? codel_->dequeue(now, one, [this] { return size(); }, give_up) : one();
  if (size() == 0) empty_until_ = now;
  return next;
}

std::optional<WaitingLine::Ticket> WaitingLine::take_in_time(SimTime now, bool newest,
                                                             const GiveUp& give_up) {
  while (size() > 0) {
    std::deque<Ticket>& line = urgent_.empty() ? others_ : urgent_;
    const Ticket ticket = newest ? line.back() : line.front();
    newest ? line.pop_back() : line.pop_front();
    if (ticket.deadline > now) return ticket;
    give_up(ticket);
  }
  return std::nullopt;
}

}  // namespace haldane::test::oracle
