#include "application/journal/hash.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/check.h"

namespace thaw {
namespace {

constexpr std::size_t kChildrenMax = 16;
// A leaf begins with its record's size, which is never this: so a node cannot pass for a record.
constexpr std::string_view kNodeTag("\xff\xff\xff\xff", 4);

}  // namespace

struct Hasher::State {
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  State() {
    CHECK(algorithm != nullptr && context != nullptr);
    CHECK(EVP_DigestInit_ex2(context, algorithm, nullptr) == 1);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
  }
};

Hasher::Hasher() : state_(std::make_unique<State>()) {}
Hasher::~Hasher() = default;

JournalHash Hasher::hash(std::initializer_list<std::string_view> parts) {
  CHECK(EVP_DigestInit_ex2(state_->context, nullptr, nullptr) == 1);
  for (const std::string_view part : parts) {
    CHECK(EVP_DigestUpdate(state_->context, part.data(), part.size()) == 1);
  }
  JournalHash result;
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(state_->context, result.data(), &size) == 1 && size == result.size());
  return result;
}

JournalHash Hasher::merkle_root(std::vector<JournalHash>& hashes) {
  if (hashes.empty()) return {};
  std::size_t count = hashes.size();
  while (count > 1) {
    std::size_t parents = 0;
    for (std::size_t at = 0; at < count; at += kChildrenMax) {
      const std::size_t children = std::min(kChildrenMax, count - at);
      const std::string_view joined(reinterpret_cast<const char*>(hashes[at].data()),
                                    children * sizeof(JournalHash));
      hashes[parents++] = hash({kNodeTag, joined});
    }
    count = parents;
  }
  return hashes.front();
}

std::string journal_hash_text(const JournalHash& hash) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : hash) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace thaw
