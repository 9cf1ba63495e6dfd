#pragma once
/// Writes token shards (shard.h): documents in, files of a bounded number of tokens out. A document is never
/// cut by the end of a shard. The bytes depend on the documents and their order alone.
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dataset/shard.h"

namespace hone::dataset {

/// Tokens [begin, end) of a document that a role says: the content of a message and the terminator its template
/// puts behind it.
struct RoleSpan {
  std::string role;
  uint64_t begin = 0, end = 0;
};

/// A tokenised document on its way to a shard.
struct TokenizedDocument {
  std::string id, source, language, access, licence;
  std::vector<int32_t> tokens;  ///< BOS and EOS included.
  std::vector<uint8_t> mask;    ///< Empty, or one byte a token: 1 = trained as a target, 0 = read only.
  std::vector<RoleSpan> roles;  ///< In order, apart; tokens in none belong to the template. Empty for running text.
  uint64_t truncated = 0;       ///< Tokens left out when it was tokenised; for the statistics.
  uint64_t text_bytes = 0;
  uint64_t text_characters = 0;
};

struct ShardWriterOptions {
  int32_t vocabulary_size = 0;
  int32_t bos_id = -1;
  int32_t eos_id = -1;
  std::string tokenizer_sha256;              ///< 64 hex digits.
  uint64_t max_tokens = UINT64_C(64) << 20;  ///< A shard is closed when it has this many.
  /// Documents come as chosen, rejected, chosen, rejected …; both of a pair lie in one shard.
  bool pairs = false;
};

class ShardWriter {
 public:
  /// Files are `folder`/`split`-NNNNN.tokens. The folder must exist.
  ShardWriter(std::filesystem::path folder, std::string split, ShardWriterOptions options);
  ~ShardWriter();
  ShardWriter(const ShardWriter&) = delete;
  ShardWriter& operator=(const ShardWriter&) = delete;

  /// Throws internal when an id is outside the vocabulary, data when there are more than kMaxRoles roles,
  /// storage when the disk is full.
  void add(const TokenizedDocument& document);
  /// Completes and fsyncs the last file; with pairs, internal when the last one is not whole. A shard without it has no header and is refused by readers.
  void close();
  /// Files written so far, complete ones only.
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  struct Open;
  void begin();
  void end();

  std::filesystem::path folder_;
  std::string split_;
  ShardWriterOptions options_;
  std::vector<std::filesystem::path> files_;
  std::unique_ptr<Open> open_;
};

}  // namespace hone::dataset
