// SHA-256 of a stream of bytes whose value can be asked for in between: a file that only grows is
// hashed once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace haldane::cli {

class Sha256 {
 public:
  using Value = std::array<char, 32>;

  Sha256();
  [[nodiscard]] Sha256 copy() const;
  void add(std::string_view bytes);
  /// Of everything added so far; more may follow.
  [[nodiscard]] Value value() const;

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;  // EVP_MD_CTX
};

}  // namespace haldane::cli
