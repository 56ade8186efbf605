#include "analysis/ingest/input_stream.h"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

constexpr int no_descriptor = -1;

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

// Two blocks take turns: one is filled while the other is hashed. The bytes are copied, so that the
// reader need not wait for the hash before it uses its buffer again.
class InputStream::Hash {
 public:
  Hash() : context_(EVP_MD_CTX_new()) {
    HALDANE_CHECK(context_ && EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) == 1);
  }
  ~Hash() {
    stop();
    EVP_MD_CTX_free(context_);
  }
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;

  void add(const char* bytes, std::size_t size) {
    filling_.append(bytes, size);
    if (filling_.size() < block_bytes) return;
    if (!worker_.joinable()) worker_ = std::thread([this] { work(); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return hashing_.empty(); });
    std::swap(filling_, hashing_);
    changed_.notify_one();
  }

  std::string finish() {
    stop();
    update(filling_);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HALDANE_CHECK(EVP_DigestFinal_ex(context_, digest.data(), &size) == 1);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
      hex += digits[digest[i] >> 4U];
      hex += digits[digest[i] & 15U];
    }
    return hex;
  }

 private:
  static constexpr std::size_t block_bytes = std::size_t{1} << 18U;  // small files need no thread

  void update(const std::string& bytes) {
    HALDANE_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopping_ || !hashing_.empty(); });
      if (hashing_.empty()) return;
      lock.unlock();
      update(hashing_);  // the other thread touches it only when it is empty
      lock.lock();
      hashing_.clear();
      changed_.notify_one();
    }
  }

  void stop() {
    if (!worker_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    worker_.join();
  }

  EVP_MD_CTX* context_;
  std::string filling_;
  std::string hashing_;
  bool stopping_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread worker_;
};

InputStream::InputStream(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor), hash_(std::make_unique<Hash>()) {}

std::unique_ptr<InputStream> InputStream::of_text(std::string text) {
  std::unique_ptr<InputStream> stream(new InputStream({}, no_descriptor));
  stream->hash_->add(text.data(), text.size());
  stream->peeked_ = std::move(text);
  stream->size_hint_ = stream->peeked_.size();
  return stream;
}

InputStream::~InputStream() {
  if (descriptor_ != STDIN_FILENO && descriptor_ != no_descriptor) ::close(descriptor_);
}

Expected<std::unique_ptr<InputStream>, IngestError> InputStream::open(const std::string& path) {
  const int descriptor =
      path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return Unexpected{system_error(path, errno)};
  std::unique_ptr<InputStream> stream(new InputStream(path, descriptor));
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return Unexpected{system_error(path, errno)};
  if (S_ISDIR(status.st_mode)) return Unexpected{system_error(path, EISDIR)};
  if (S_ISREG(status.st_mode)) stream->size_hint_ = static_cast<std::size_t>(status.st_size);
  if (auto problem = stream->recognise_gzip()) return Unexpected{std::move(*problem)};
  return stream;
}

std::optional<IngestError> InputStream::recognise_gzip() {
  std::string first(gzip_magic.size(), '\0');
  std::size_t filled = 0;
  while (filled < first.size()) {
    const auto count = read_file(first.data() + filled, first.size() - filled);
    if (!count) return count.error();
    if (*count == 0) break;
    filled += *count;
  }
  first.resize(filled);
  first_bytes_ = std::move(first);
  if (first_bytes_ != gzip_magic) return std::nullopt;
  size_hint_ = 0;
  gunzip_ = std::make_unique<Gunzip>(
      path_, [this](char* buffer, std::size_t capacity) { return read_file(buffer, capacity); });
  return std::nullopt;
}

Expected<std::size_t, IngestError> InputStream::read_system(char* buffer, std::size_t capacity) {
  if (descriptor_ == no_descriptor) return 0;
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, buffer, capacity);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return Unexpected{system_error(path_, errno)};
  return static_cast<std::size_t>(count);
}

// The digest is of these bytes.
Expected<std::size_t, IngestError> InputStream::read_file(char* buffer, std::size_t capacity) {
  if (!first_bytes_.empty()) {
    const std::size_t size = first_bytes_.copy(buffer, capacity);
    first_bytes_.erase(0, size);
    return size;
  }
  const auto count = read_system(buffer, capacity);
  if (count) hash_->add(buffer, *count);
  return count;
}

Expected<std::size_t, IngestError> InputStream::read_unpacked(char* buffer, std::size_t capacity) {
  return gunzip_ ? gunzip_->read(buffer, capacity) : read_file(buffer, capacity);
}

Expected<std::string_view, IngestError> InputStream::peek(std::size_t size) {
  if (descriptor_ == no_descriptor) return std::string_view(peeked_).substr(0, size);
  peeked_.resize(size);
  std::size_t filled = 0;
  while (filled < size) {
    const auto count = read_unpacked(peeked_.data() + filled, size - filled);
    if (!count) return Unexpected{count.error()};
    if (*count == 0) break;
    filled += *count;
  }
  peeked_.resize(filled);
  return std::string_view(peeked_);
}

Expected<std::size_t, IngestError> InputStream::read(char* buffer, std::size_t capacity) {
  const std::size_t size = peeked_.copy(buffer, capacity, peeked_used_);
  peeked_used_ += size;
  return size > 0 ? Expected<std::size_t, IngestError>(size) : read_unpacked(buffer, capacity);
}

std::string InputStream::finish_sha256() {
  return hash_->finish();
}

}  // namespace haldane::analysis
