#pragma once
/// Shards with documents of given lengths whose tokens tell where they come from.
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "dataset/shard_set.h"
#include "dataset/shard_writer.h"
#include "support/shared.h"

namespace hone::dataset::test {

inline constexpr int32_t kVocabulary = 1'000'000;

/// Token `index` of document `ordinal`: no two are equal while documents have at most 1,000 tokens.
inline int32_t token_of(uint64_t ordinal, uint64_t index) {
  return static_cast<int32_t>(ordinal * 1000 + index);
}

inline TokenizedDocument document_of(uint64_t ordinal, uint64_t length) {
  TokenizedDocument document{.id = "doc-" + std::to_string(ordinal),
                             .source = ordinal % 2 == 0 ? "even" : "odd",
                             .language = ordinal % 3 == 0 ? "ko" : "en",
                             .access = "internal",
                             .licence = "CC0-1.0"};
  for (uint64_t i = 0; i < length; ++i) document.tokens.push_back(token_of(ordinal, i));
  document.text_bytes = length * 4;
  document.text_characters = length * 3;
  return document;
}

inline ShardWriterOptions writer_options(uint64_t max_tokens = UINT64_C(64) << 20) {
  return {.vocabulary_size = kVocabulary, .tokenizer_sha256 = std::string(64, 'a'), .max_tokens = max_tokens};
}

/// A ShardSet and the folder it lies in.
struct MadeShards {
  hone::test::TempDir folder{"hone-shards"};
  std::shared_ptr<const ShardSet> set;

  explicit MadeShards(const std::vector<TokenizedDocument>& documents, uint64_t max_tokens = UINT64_C(64)
                                                                                             << 20) {
    ShardWriter writer(folder.path(), "train", writer_options(max_tokens));
    for (const TokenizedDocument& document : documents) writer.add(document);
    writer.close();
    set = ShardSet::open(folder.path(), "train");
  }
};

inline std::vector<TokenizedDocument> documents_of(const std::vector<uint64_t>& lengths) {
  std::vector<TokenizedDocument> documents;
  for (uint64_t i = 0; i < lengths.size(); ++i) documents.push_back(document_of(i, lengths[i]));
  return documents;
}

/// Documents of 0 to `longest` tokens, some with a loss mask when `masked`.
inline std::vector<TokenizedDocument> random_documents(base::RandomStream& random, uint64_t count,
                                                       uint64_t longest, bool masked) {
  std::vector<TokenizedDocument> documents;
  for (uint64_t i = 0; i < count; ++i) {
    TokenizedDocument document = document_of(i, random.below(longest + 1));
    if (masked && random.below(2) == 0)
      for (size_t t = 0; t < document.tokens.size(); ++t)
        document.mask.push_back(random.below(3) == 0 ? 1 : 0);
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace hone::dataset::test
