#include "dataset/tokenize.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "artifact/names.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/stop.h"
#include "base/thread_pool.h"
#include "dataset/shard_writer.h"

namespace hone::dataset {
namespace {

struct Encoded {
  TokenizedDocument document;
  corpus::Side side = corpus::Side::train;
  TokenCounts counts;
};

std::vector<int32_t> with_ends(const tokenizer::Tokenizer& tokenizer, const std::vector<int32_t>& ids) {
  std::vector<int32_t> tokens;
  tokens.reserve(ids.size() + 2);
  if (tokenizer.adds_bos()) tokens.push_back(tokenizer.bos_id());
  tokens.insert(tokens.end(), ids.begin(), ids.end());
  if (tokenizer.eos_id() >= 0) tokens.push_back(tokenizer.eos_id());
  return tokens;
}

Encoded encode(const tokenizer::Tokenizer& tokenizer, const DocumentCounter& counter,
               corpus::CleanDocument&& text) {
  const std::vector<int32_t> ids = tokenizer.encode(text.text);
  Encoded encoded;
  encoded.counts = counter.count(text.id, text.text, ids);
  encoded.side = text.side;
  TokenizedDocument& document = encoded.document;
  document.tokens = with_ends(tokenizer, ids);
  document.text_bytes = encoded.counts.text_bytes;
  document.text_characters = encoded.counts.characters;
  document.id = std::move(text.id);
  document.source = std::move(text.source);
  document.language = std::move(text.language);
  document.access = std::move(text.access);
  document.licence = std::move(text.licence);
  count_tokens(document, encoded.counts);
  return encoded;
}

}  // namespace

std::vector<int32_t> document_tokens(const tokenizer::Tokenizer& tokenizer, std::string_view text) {
  return with_ends(tokenizer, tokenizer.encode(text));
}

TokenizeSummary tokenize(const tokenizer::Tokenizer& tokenizer,
                         const std::function<std::optional<corpus::CleanDocument>()>& next,
                         const std::filesystem::path& out_dir, const TokenizeOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const DocumentCounter counter(tokenizer);
  const ShardWriterOptions shard{.vocabulary_size = tokenizer.vocabulary_size(),
                                 .bos_id = tokenizer.bos_id(),
                                 .eos_id = tokenizer.eos_id(),
                                 .tokenizer_sha256 = tokenizer.sha256(),
                                 .max_tokens = options.max_shard_tokens};
  std::map<corpus::Side, ShardWriter> sides;
  for (const corpus::Side side : {corpus::Side::train, corpus::Side::validation, corpus::Side::forgetting})
    sides.try_emplace(side, out_dir, std::string(corpus::name_of(side)), shard);

  TokenizeSummary summary;
  base::Progress progress("tokenizing", options.total_bytes, "B");
  base::ThreadPool pool(options.threads);
  base::ordered_map(
      pool,
      [&] {
        base::throw_if_stopped();
        return next();
      },
      [&](corpus::CleanDocument&& text) { return encode(tokenizer, counter, std::move(text)); },
      [&](Encoded&& encoded) {
        sides.at(encoded.side).add(encoded.document);
        summary.statistics.add(std::string(corpus::name_of(encoded.side)), encoded.document.source,
                               encoded.document.language, encoded.counts);
        summary.bytes += encoded.counts.text_bytes;
        summary.tokens += encoded.counts.tokens;
        progress.update(summary.bytes);
      });
  for (auto& [side, shards] : sides) {
    shards.close();
    summary.files.insert(summary.files.end(), shards.files().begin(), shards.files().end());
  }
  summary.files.push_back(out_dir / artifact::kStatistics);
  base::write_file(summary.files.back(), base::json_text(to_json(summary.statistics)));
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  progress.finish(fmt::format(
      "{} tokens, {:.2f} bytes a token, {:.1f} MB/s", base::human_count(summary.tokens),
      summary.tokens == 0 ? 0.0 : static_cast<double>(summary.bytes) / static_cast<double>(summary.tokens),
      static_cast<double>(summary.bytes) / 1e6 / std::max(summary.seconds, 1e-9)));
  return summary;
}

}  // namespace hone::dataset
