// A queue from which workers receive jobs: who holds a job has it until a time-out, and only who is
// in time may delete it. Jobs of several classes, in copies, and by the clock.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "models/plan.h"
#include "tests/support/oracle/books.h"
#include "tests/support/oracle/draws.h"
#include "tests/support/oracle/workers.h"

namespace haldane::test::oracle {

class Broker final : public JobTier {
 public:
  Broker(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::vector<Books>& arms,
         JobDone tell);

  void arrive(const Job& job) override;
  void close() override;

 private:
  struct Message {
    enum class State : std::uint8_t { waiting, received, hidden, deleted };
    std::uint64_t address = 0;  ///< of its draws: a copy meets its own luck
    std::uint64_t id = 0;
    std::uint32_t object = 0;
    SimTime arrived;
    SimTime since;  ///< visible since
    std::uint32_t receives = 0;
    State state = State::waiting;
    std::size_t job_class = 0;
    bool canary = false;
    bool poison = false;
    bool scheduled = false;  ///< of the clock, and of nobody's request
    bool crashed = false;    ///< who received it last is gone
  };
  using MessagePointer = std::shared_ptr<Message>;
  /// What a worker holds.
  struct Delivery {
    MessagePointer message;
    std::uint32_t receipt = 0;
    SimTime since;
    SimTime begun = SimTime::never();
    bool lost = false;
  };
  using DeliveryPointer = std::shared_ptr<Delivery>;
  struct Worker {
    std::vector<DeliveryPointer> running;
    std::deque<DeliveryPointer> prefetched;
    std::uint64_t turn = 0;  ///< of the last job that it finished
    bool up = true;
    [[nodiscard]] std::size_t held() const { return running.size() + prefetched.size(); }
  };
  struct Fleet {
    std::vector<Worker> workers;
    std::vector<std::deque<MessagePointer>> lines;  ///< one a class
    std::vector<std::int64_t> credits;              ///< weighted: likewise
    std::uint64_t turns = 0;
    SimTime head = SimTime::never();  ///< since when the oldest waits
    SimTime head_from;                ///< since when it is the oldest
    std::uint32_t number = 0;
  };

  void add_fleet(std::uint32_t workers, const std::vector<std::vector<models::Outage>>& outages);
  void come_by_the_clock(SimTime at);
  MessagePointer enqueue(std::uint64_t id, bool canary, std::uint64_t fate);
  void make_visible(const MessagePointer& message);
  void serve(Fleet& fleet);
  void receive(Fleet& fleet);
  MessagePointer take(Fleet& fleet);
  [[nodiscard]] Worker* with_room(Fleet& fleet) const;
  void begin_all(Fleet& fleet, std::uint32_t worker);
  void begin(Fleet& fleet, std::uint32_t worker, const DeliveryPointer& delivery);
  void end(Fleet& fleet, std::uint32_t worker, const DeliveryPointer& delivery);
  void finish(const Delivery& delivery);
  void go_down(Fleet& fleet, std::uint32_t worker);
  void come_up(Fleet& fleet, std::uint32_t worker);
  void crash(const DeliveryPointer& delivery);
  void fail(const MessagePointer& message);
  void expire(const MessagePointer& message);
  void bury(const MessagePointer& message, models::Counter cause);
  void note_dead_letter(bool canary);
  void note_head(Fleet& fleet);
  void close_head(Fleet& fleet, SimTime now);
  void serve_soon(Fleet& fleet);
  void later(SimTime at, std::function<void()> action);
  [[nodiscard]] static bool is_current(const Delivery& delivery);
  [[nodiscard]] static std::uint64_t waiting(const Fleet& fleet);
  [[nodiscard]] bool done_lately(std::uint64_t id) const;
  [[nodiscard]] bool counts(SimTime t) const { return t < plan_.end; }
  [[nodiscard]] Books& books(const Message& message) { return arms_[message.canary ? 1 : 0]; }
  void count(const Message& message, models::Counter counter) {
    books(message).count(counter, loop_.now());
  }

  EventLoop& loop_;
  const models::Plan& plan_;
  const models::JobPlan& rule_;
  const Draws& draws_;
  std::vector<Books>& arms_;
  JobDone tell_;
  std::deque<Fleet> fleets_;
  std::map<std::uint64_t, SimTime> done_;  // when last, by job
  std::vector<SimTime> emptied_;           // when somebody looks at an arm's dead letters next
  std::uint64_t scheduled_ = 0;
  std::uint64_t clock_jobs_ = 0;
};

}  // namespace haldane::test::oracle
