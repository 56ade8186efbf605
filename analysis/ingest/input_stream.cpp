#include "analysis/ingest/input_stream.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

IngestError system_error(const std::string& path, int code) {
  const bool missing = code == ENOENT || code == ENOTDIR;
  Diagnostic diagnostic;
  diagnostic.id = missing ? "CSV-001" : "CSV-002";
  diagnostic.file = path;
  diagnostic.message =
      missing ? "was not found" : "cannot be read: " + std::generic_category().message(code);
  return {missing ? IngestFailure::not_found : IngestFailure::unreadable, {diagnostic}};
}

}  // namespace

struct InputStream::Hash {
  Hash() : context(EVP_MD_CTX_new()) {
    HALDANE_CHECK(context && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1);
  }
  ~Hash() { EVP_MD_CTX_free(context); }
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;
  EVP_MD_CTX* context;
};

InputStream::InputStream(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor), hash_(std::make_unique<Hash>()) {}

InputStream::~InputStream() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

Expected<std::unique_ptr<InputStream>, IngestError> InputStream::open(const std::string& path) {
  const int descriptor =
      path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return Unexpected{system_error(path, errno)};
  std::unique_ptr<InputStream> stream(new InputStream(path, descriptor));
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return Unexpected{system_error(path, errno)};
  if (S_ISDIR(status.st_mode)) return Unexpected{system_error(path, EISDIR)};
  return stream;
}

Expected<std::size_t, IngestError> InputStream::read(char* buffer, std::size_t capacity) {
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, buffer, capacity);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return Unexpected{system_error(path_, errno)};
  const auto size = static_cast<std::size_t>(count);
  HALDANE_CHECK(EVP_DigestUpdate(hash_->context, buffer, size) == 1);
  return size;
}

std::string InputStream::finish_sha256() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HALDANE_CHECK(EVP_DigestFinal_ex(hash_->context, digest.data(), &size) == 1);
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4U];
    hex += digits[digest[i] & 15U];
  }
  return hex;
}

}  // namespace haldane::analysis
