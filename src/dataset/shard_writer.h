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

/// A tokenised document on its way to a shard.
struct TokenizedDocument {
  std::string id, source, language, access, licence;
  std::vector<int32_t> tokens;  ///< BOS and EOS included.
  std::vector<uint8_t> mask;    ///< Empty, or one byte a token: 1 = trained as a target.
  uint64_t text_bytes = 0;
  uint64_t text_characters = 0;
};

struct ShardWriterOptions {
  int32_t vocabulary_size = 0;
  int32_t bos_id = -1;
  int32_t eos_id = -1;
  std::string tokenizer_sha256;              ///< 64 hex digits.
  uint64_t max_tokens = UINT64_C(64) << 20;  ///< A shard is closed when it has this many.
};

class ShardWriter {
 public:
  /// Files are `folder`/`split`-NNNNN.tokens. The folder must exist.
  ShardWriter(std::filesystem::path folder, std::string split, ShardWriterOptions options);
  ~ShardWriter();
  ShardWriter(const ShardWriter&) = delete;
  ShardWriter& operator=(const ShardWriter&) = delete;

  /// Throws internal when an id is outside the vocabulary, storage when the disk is full.
  void add(const TokenizedDocument& document);
  /// Completes and fsyncs the last file. A shard without it has no header and is refused by readers.
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
