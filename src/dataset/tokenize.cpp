#include "dataset/tokenize.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/stop.h"
#include "base/thread_pool.h"
#include "dataset/shard_writer.h"

namespace hone::dataset {
namespace {

/// What one document has become.
struct Encoded {
  std::vector<TokenizedDocument> documents;
  std::vector<TokenCounts> counts;  ///< Of each.
  corpus::Side side = corpus::Side::train;
  std::string source, language;
  uint64_t text_bytes = 0;
  bool record = false;
  std::string dropped, message;  ///< As Samples has them.
};

std::vector<int32_t> with_ends(const tokenizer::Tokenizer& tokenizer, const std::vector<int32_t>& ids) {
  std::vector<int32_t> tokens;
  tokens.reserve(ids.size() + 2);
  if (tokenizer.adds_bos()) tokens.push_back(tokenizer.bos_id());
  tokens.insert(tokens.end(), ids.begin(), ids.end());
  if (tokenizer.eos_id() >= 0) tokens.push_back(tokenizer.eos_id());
  return tokens;
}

void encode_text(const tokenizer::Tokenizer& tokenizer, const DocumentCounter& counter, corpus::CleanDocument&& text, Encoded& encoded) {
  const std::vector<int32_t> ids = tokenizer.encode(text.text);
  TokenCounts counts = counter.count(text.id, text.text, ids);
  TokenizedDocument document;
  document.tokens = with_ends(tokenizer, ids);
  document.text_bytes = counts.text_bytes;
  document.text_characters = counts.characters;
  document.id = std::move(text.id);
  document.source = std::move(text.source);
  document.language = std::move(text.language);
  document.access = std::move(text.access);
  document.licence = std::move(text.licence);
  count_tokens(document, counts);
  encoded.documents.push_back(std::move(document));
  encoded.counts.push_back(std::move(counts));
}

void encode_record(const SampleEncoder& samples, const DocumentCounter& counter, const corpus::CleanDocument& record, Encoded& encoded) {
  Samples made = samples.encode(record);
  encoded.dropped = std::move(made.dropped);
  encoded.message = std::move(made.message);
  for (TokenizedDocument& document : made.documents) {
    TokenCounts counts = counter.count(document.id, record.text, document.tokens);
    counts.altered = counts.unknown_tokens > 0 ? 1 : 0;  // around the text stands the template's
    count_tokens(document, counts);
    encoded.documents.push_back(std::move(document));
    encoded.counts.push_back(std::move(counts));
  }
}

Encoded encode(const tokenizer::Tokenizer& tokenizer, const DocumentCounter& counter, const SampleEncoder* samples, corpus::CleanDocument&& text) {
  Encoded encoded;
  encoded.side = text.side;
  encoded.source = text.source;
  encoded.language = text.language;
  encoded.text_bytes = text.text.size();
  encoded.record = !text.parts.empty();
  if (!encoded.record) {
    encode_text(tokenizer, counter, std::move(text), encoded);
  } else if (samples == nullptr) {
    throw Error(ExitCode::data, "document " + text.id + " of source " + text.source + " is instruction data, which training.objective pretrain does not read");
  } else {
    encode_record(*samples, counter, text, encoded);
  }
  return encoded;
}

/// Takes what was encoded, in order.
class Collector {
 public:
  Collector(const tokenizer::Tokenizer& tokenizer, const std::filesystem::path& out_dir, const TokenizeOptions& options, TokenizeSummary& summary)
      : summary_(summary) {
    ShardWriterOptions shard{.vocabulary_size = tokenizer.vocabulary_size(),
                             .bos_id = tokenizer.bos_id(),
                             .eos_id = tokenizer.eos_id(),
                             .tokenizer_sha256 = tokenizer.sha256(),
                             .max_tokens = options.max_shard_tokens};
    for (const corpus::Side side : {corpus::Side::train, corpus::Side::validation, corpus::Side::forgetting}) {
      shard.pairs = options.pairs && side != corpus::Side::forgetting;
      sides_.try_emplace(side, out_dir, std::string(corpus::name_of(side)), shard);
    }
  }

  void take(const Encoded& encoded) {
    const std::string side(corpus::name_of(encoded.side));
    summary_.bytes += encoded.text_bytes;
    if (!encoded.dropped.empty()) return leave_out(encoded, side);
    for (size_t i = 0; i < encoded.documents.size(); ++i) {
      sides_.at(encoded.side).add(encoded.documents[i]);
      summary_.statistics.add(side, encoded.source, encoded.language, encoded.counts[i]);
      summary_.tokens += encoded.counts[i].tokens;
      summary_.samples += encoded.record ? 1 : 0;
      summary_.truncated += encoded.documents[i].truncated > 0 ? 1 : 0;
    }
  }

  void close() {
    for (auto& [side, shards] : sides_) {
      shards.close();
      summary_.files.insert(summary_.files.end(), shards.files().begin(), shards.files().end());
    }
  }

 private:
  void leave_out(const Encoded& encoded, const std::string& side) {
    LeftOut& left = summary_.left_out;
    const bool unlabelled = encoded.dropped == "unlabelled";
    ++(unlabelled ? left.unlabelled : left.refused);
    std::string& first = unlabelled ? left.first_unlabelled : left.first_refused;
    if (first.empty()) first = encoded.message;
    if (!unlabelled) return;
    TokenCounts counts;  // none of its tokens are in a shard
    counts.without_label = 1;
    summary_.statistics.add(side, encoded.source, encoded.language, counts);
  }

  TokenizeSummary& summary_;
  std::map<corpus::Side, ShardWriter> sides_;
};

}  // namespace

std::vector<std::string> TokenizeSummary::warnings() const {
  std::vector<std::string> lines;
  if (truncated > 0)
    lines.push_back(fmt::format("{} of {} samples are longer than training.sequence_len and lost their end", base::human_count(truncated), base::human_count(samples)));
  if (left_out.unlabelled > 0)
    lines.push_back(fmt::format("{} samples are left out, nothing of them would be trained; the first: {}", base::human_count(left_out.unlabelled), left_out.first_unlabelled));
  if (left_out.refused > 0)
    lines.push_back(fmt::format("{} samples are left out, the chat template declined them; the first: {}", base::human_count(left_out.refused), left_out.first_refused));
  return lines;
}

std::vector<int32_t> document_tokens(const tokenizer::Tokenizer& tokenizer, std::string_view text) {
  return with_ends(tokenizer, tokenizer.encode(text));
}

TokenizeSummary tokenize(const tokenizer::Tokenizer& tokenizer,
                         const std::function<std::optional<corpus::CleanDocument>()>& next,
                         const std::filesystem::path& out_dir, const TokenizeOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const DocumentCounter counter(tokenizer);
  TokenizeSummary summary;
  Collector collector(tokenizer, out_dir, options, summary);
  base::Progress progress("tokenizing", options.total_bytes, "B");
  base::ThreadPool pool(options.threads);
  base::ordered_map(
      pool,
      [&] {
        base::throw_if_stopped();
        return next();
      },
      [&](corpus::CleanDocument&& text) { return encode(tokenizer, counter, options.samples, std::move(text)); },
      [&](Encoded&& encoded) {
        collector.take(encoded);
        progress.update(summary.bytes);
      });
  collector.close();
  const LeftOut& left = summary.left_out;
  if (summary.tokens == 0 && left.unlabelled + left.refused > 0)
    throw Error(ExitCode::data, fmt::format("none of {} samples can be trained on; the first: {}", left.unlabelled + left.refused,
                                            left.refused > 0 ? left.first_refused : left.first_unlabelled));
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
