// Messages on their way from one logical process to another: written in one phase of a window, read
// and cleared in the next.
//
// A vector that appends in place and keeps its elements when cleared: a message is written once,
// field by field, and never constructed, copied or zeroed on the way.
#pragma once

#include <cstddef>
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
  Message& append() {
    if (size_ == storage_.size()) [[unlikely]]
      grow();
    return storage_[size_++];
  }
  void append(std::span<const Message> messages) {
    for (const Message& message : messages) append() = message;
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::span<Message> messages() { return {storage_.data(), size_}; }
  [[nodiscard]] std::span<const Message> messages() const { return {storage_.data(), size_}; }

  void clear() { size_ = 0; }
  /// Drops the first `count` messages. **Cost** O(messages that stay).
  void drop_front(std::size_t count) {
    for (std::size_t i = count; i < size_; ++i) storage_[i - count] = storage_[i];
    size_ -= count;
  }
  void swap(Outbox& other) noexcept {
    storage_.swap(other.storage_);
    std::swap(size_, other.size_);
  }

 private:
  [[gnu::noinline]] void grow() { storage_.resize(storage_.empty() ? 16 : 2 * storage_.size()); }

  std::vector<Message> storage_;
  std::size_t size_ = 0;
};

}  // namespace haldane::models
