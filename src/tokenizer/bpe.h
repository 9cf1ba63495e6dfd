#pragma once
/// Byte pair encoding (Sennrich et al. 2016): a word's symbols are joined by the pair of least rank, leftmost first, until no
/// pair of neighbours has a rank. Immutable after loading; any number of threads.
///
/// Symbols are what a vocabulary starts from: bytes (GPT-2 and its kind) or characters, where a character without a token becomes
/// its bytes "<0xE2>" (byte_fallback) or the unknown token. Words are remembered for each thread, since most come again.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/text_ids.h"

namespace hone::tokenizer {

/// A token of a word and the bytes of the word it stands for.
struct WordToken {
  int32_t id = 0;
  uint32_t begin = 0, end = 0;
};

struct BpeOptions {
  bool bytes = true;          ///< Symbols are bytes; else characters.
  bool ignore_merges = false; ///< A word that is a token is that token, whatever the merges.
  bool byte_fallback = false;
  bool fuse_unknown = false;  ///< Neighbouring unknown characters are one token.
  int32_t unknown = -1;
};

class Bpe {
 public:
  /// `tokens` are the texts of ids 0 … n-1 (raw bytes; empty for ids that no text becomes); `merges` pairs of texts by rank.
  /// Throws data naming the merge whose parts or result are no tokens.
  Bpe(const std::vector<std::string>& tokens, const std::vector<std::pair<std::string, std::string>>& merges, BpeOptions options);

  /// Appends the ids of a word.
  void encode(std::string_view word, std::vector<int32_t>& out) const;
  /// Appends its tokens with their borders.
  void encode(std::string_view word, std::vector<WordToken>& out) const;

 private:
  /// Which token two neighbours become; open addressing, `pair` 0 is empty.
  struct Merge {
    uint64_t pair = 0;
    uint32_t rank = 0;
    int32_t id = 0;
  };
  struct Symbol {
    int32_t id = 0;
    int32_t previous = 0, next = 0;  ///< Places in the word; -1 at its ends.
    uint32_t begin = 0, end = 0;
  };

  void put_merge(const Merge& merge);
  const Merge* merge_of(int32_t left, int32_t right) const;
  const std::vector<Symbol>& merged(std::string_view word) const;
  /// Whether every byte of a character has a piece of its own.
  bool all_bytes_known(std::string_view character) const;
  void start(std::string_view word, std::vector<Symbol>& symbols) const;
  void merge_few(std::vector<Symbol>& symbols) const;
  void merge_many(std::vector<Symbol>& symbols) const;
  void encode_anew(std::string_view word, std::vector<int32_t>& out) const;

  TextIds ids_;
  std::vector<Merge> merges_;
  uint64_t mask_ = 0;
  int32_t byte_ids_[256] = {};
  uint64_t serial_ = 0;  ///< Tells the threads' memories of different vocabularies apart.
  BpeOptions options_;
};

}  // namespace hone::tokenizer
