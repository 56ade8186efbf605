#include "cli/sha256.h"

#include <openssl/evp.h>

#include "sim/base/check.h"

namespace haldane::cli {
namespace {

EVP_MD_CTX* handle(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

}  // namespace

void Sha256::Free::operator()(void* context) const {
  EVP_MD_CTX_free(handle(context));
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  HALDANE_CHECK(context_ && EVP_DigestInit_ex(handle(context_.get()), EVP_sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
  HALDANE_CHECK(EVP_DigestUpdate(handle(context_.get()), bytes.data(), bytes.size()) == 1);
}

Sha256 Sha256::copy() const {
  Sha256 copy;
  HALDANE_CHECK(EVP_MD_CTX_copy_ex(handle(copy.context_.get()), handle(context_.get())) == 1);
  return copy;
}

Sha256::Value Sha256::value() const {
  const Sha256 ended = copy();  // to finish a context is to end it
  std::array<unsigned char, 32> value{};
  HALDANE_CHECK(EVP_DigestFinal_ex(handle(ended.context_.get()), value.data(), nullptr) == 1);
  Value bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(value[i]);
  return bytes;
}

}  // namespace haldane::cli
