#pragma once
/// The stage `tokenize`: cleaned documents in, token shards and figures out.
///
/// A document becomes [BOS] ids [EOS], each where the vocabulary has it; nothing else adds them, so they
/// stand at the true ends of documents only. Records of instruction data become what samples.h says. Documents are encoded on several threads and written in the
/// order they come: the bytes of the shards depend on documents and vocabulary alone.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/documents.h"
#include "dataset/samples.h"
#include "dataset/statistics.h"
#include "tokenizer/tokenizer.h"

namespace hone::dataset {

struct TokenizeOptions {
  int threads = 0;  ///< 0: one for each processor.
  uint64_t max_shard_tokens = UINT64_C(64) << 20;
  uint64_t total_bytes = 0;  ///< Of all texts, for the progress bar; 0 when unknown.
  /// What becomes of records; null where there are none. Throws data for a record without it.
  const SampleEncoder* samples = nullptr;
  bool pairs = false;  ///< Preferences alone: shards of pairs. What is only measured is no pair.
};

/// Samples that were left out, and why.
struct LeftOut {
  uint64_t unlabelled = 0;    ///< Nothing of them would be trained.
  uint64_t refused = 0;       ///< Their template declined them.
  std::string first_unlabelled, first_refused;  ///< What was said of the first one.
};

struct TokenizeSummary {
  TokenStatistics statistics;
  std::vector<std::filesystem::path> files;  ///< Shards, in order, then statistics.json.
  uint64_t bytes = 0;                        ///< Of text.
  uint64_t tokens = 0;
  uint64_t samples = 0;    ///< Records that became token sequences; a preference is two.
  uint64_t truncated = 0;  ///< Of these, longer than a sequence may be.
  LeftOut left_out;
  double seconds = 0;

  /// What a user has to know of samples that were cut or left out; a line each.
  std::vector<std::string> warnings() const;
};

/// [BOS] ids [EOS] of a text.
std::vector<int32_t> document_tokens(const tokenizer::Tokenizer& tokenizer, std::string_view text);

/// Writes train-, validation- and forgetting-NNNNN.tokens (a side without documents gets an empty shard) and
/// statistics.json into `out_dir`, which must exist. Throws data when all records had to be left out, what `next` throws, storage, and stopped after
/// SIGTERM.
TokenizeSummary tokenize(const tokenizer::Tokenizer& tokenizer,
                         const std::function<std::optional<corpus::CleanDocument>()>& next,
                         const std::filesystem::path& out_dir, const TokenizeOptions& options = {});

}  // namespace hone::dataset
