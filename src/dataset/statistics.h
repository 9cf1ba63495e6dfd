#pragma once
/// What tokenising found, by side of the split, by source and by language: how much there is and how well the
/// vocabulary fits. Sums only, so the order of documents does not matter and equal corpora give equal
/// figures.
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/shard_writer.h"
#include "tokenizer/tokenizer.h"

namespace hone::dataset {

/// What one role says in samples of instruction data. The template's own tokens are the role "".
struct RoleCounts {
  uint64_t tokens = 0;
  uint64_t trained = 0;
};

struct TokenCounts {
  uint64_t documents = 0;
  uint64_t tokens = 0;  ///< BOS and EOS included.
  uint64_t text_bytes = 0;
  uint64_t characters = 0;       ///< Code points.
  uint64_t syllables = 0;        ///< Hangul syllables (U+AC00..U+D7A3).
  uint64_t syllable_tokens = 0;  ///< Tokens that write Hangul syllables, alone or with something else.
  uint64_t byte_tokens = 0;      ///< Tokens that write part of a character; line breaks are not counted.
  uint64_t unknown_tokens = 0;
  uint64_t altered = 0;  ///< Documents that do not come back from their tokens as they were.
  uint64_t trained = 0;  ///< Tokens predicted with a loss that counts; never a document's first.
  uint64_t truncated = 0;      ///< Tokens left out when documents were tokenised.
  uint64_t without_label = 0;  ///< Documents of which nothing is trained.
  std::map<std::string, RoleCounts> roles;  ///< Empty for running text.
  uint64_t longest = 0;  ///< Tokens of the longest document.
  std::string longest_id;

  void add(const TokenCounts& other);
};

/// Keyed by the names in the documents; the sum over sources is the sum over languages is `all`.
struct SplitCounts {
  TokenCounts all;
  std::map<std::string, TokenCounts> by_source, by_language;
};

struct TokenStatistics {
  std::map<std::string, SplitCounts> splits;

  void add(const std::string& split, const std::string& source, const std::string& language,
           const TokenCounts& counts);
};

/// Counts for one document. Made once for a vocabulary; usable from any number of threads.
class DocumentCounter {
 public:
  explicit DocumentCounter(const tokenizer::Tokenizer& tokenizer);
  /// `ids` without BOS and EOS.
  TokenCounts count(std::string_view id, std::string_view text, const std::vector<int32_t>& ids) const;

 private:
  enum class Writes : uint8_t { other, syllables, part, line_break, unknown };
  size_t count_parts(const std::vector<int32_t>& ids, size_t begin, TokenCounts& counts) const;
  /// Whether decoding would give `text` again; by comparing what the tokens write, without building the text.
  bool comes_back(std::string_view text, const std::vector<int32_t>& ids) const;

  tokenizer::LeadingSpace leading_space_;
  std::vector<std::string> surfaces_;  ///< What each id writes.
  std::vector<Writes> writes_;         ///< Of which kind that is.
};

/// Puts into `counts` what only the finished document tells: tokens, trained and truncated ones, by role, and the
/// longest. Call it once, when tokens, mask and roles are final.
void count_tokens(const TokenizedDocument& document, TokenCounts& counts);

/// Of the tokens that could be targets, which are all but first ones, the share that is not trained.
double masked_share(const TokenCounts& counts);

/// {"splits": {NAME: {…counts and ratios…, "by_source": {…}, "by_language": {…}}}}
nlohmann::json to_json(const TokenStatistics& statistics);
}  // namespace hone::dataset
