// Messages on their way from one logical process to another: written in one phase of a window, read
// and cleared in the next.
//
// An array that appends in place and keeps its elements when cleared: a message is written once,
// field by field, and never constructed, copied or zeroed on the way.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace haldane::models {

/// **Cost** O(1) amortised an append; memory of the fullest window.
template <class Message>
class Outbox {
  static_assert(std::is_trivially_copyable_v<Message>);

 public:
  /// Room for one message more. Whatever was there before: the caller sets every field.
  [[gnu::always_inline]] Message& append() {
    if (next_ == end_) [[unlikely]]
      grow();
    return *next_++;
  }
  void append(std::span<const Message> messages) {
    for (const Message& message : messages) append() = message;
  }

  [[nodiscard]] bool empty() const { return next_ == storage_.get(); }
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(next_ - storage_.get());
  }
  [[nodiscard]] std::span<Message> messages() { return {storage_.get(), next_}; }
  [[nodiscard]] std::span<const Message> messages() const { return {storage_.get(), next_}; }

  void clear() { next_ = storage_.get(); }
  /// Drops the first `count` messages. **Cost** O(messages that stay).
  void drop_front(std::size_t count) {
    next_ = std::copy(storage_.get() + count, next_, storage_.get());
  }
  void swap(Outbox& other) noexcept {
    storage_.swap(other.storage_);
    std::swap(next_, other.next_);
    std::swap(end_, other.end_);
  }

 private:
  [[gnu::noinline]] void grow() {
    const std::size_t capacity = std::max<std::size_t>(16, 2 * size());
    auto larger = std::make_unique<Message[]>(capacity);
    next_ = std::copy(storage_.get(), next_, larger.get());
    end_ = larger.get() + capacity;
    storage_ = std::move(larger);
  }

  std::unique_ptr<Message[]> storage_;
  Message* next_ = nullptr;  // where the next message goes
  Message* end_ = nullptr;
};

/// The outboxes of one sender, and which of them have been written to: of hundreds of addressees a
/// window concerns few, and looking into every box costs more than what lies in them.
template <class Message>
class Outboxes {
 public:
  explicit Outboxes(std::size_t addressees) : boxes_(addressees) {}

  /// As Outbox::append.
  [[gnu::always_inline]] Message& append(std::uint32_t addressee) {
    Outbox<Message>& box = boxes_[addressee];
    if (box.empty()) [[unlikely]]
      addressed_.push_back(addressee);
    return box.append();
  }
  /// Whoever reads it clears it.
  [[nodiscard]] Outbox<Message>& to(std::uint32_t addressee) { return boxes_[addressee]; }

  /// Calls `visit` with each addressee that has got its first message since the last call, in the
  /// order of these messages. **Cost** O(those).
  template <class Visit>
  void visit_addressed(const Visit& visit) {
    for (const std::uint32_t addressee : addressed_) visit(addressee);
    addressed_.clear();
  }

 private:
  std::vector<Outbox<Message>> boxes_;
  std::vector<std::uint32_t> addressed_;
};

}  // namespace haldane::models
