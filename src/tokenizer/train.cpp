#include "tokenizer/train.h"

#include <fmt/format.h>
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <re2/re2.h>
#include <cmath>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "base/files.h"
#include "tokenizer/sentencepiece_file.h"
#include "tokenizer/training_sample.h"

namespace hone::tokenizer {
namespace {

/// Sums of probabilities depend on how sentences are dealt to threads, so their number is part of what a
/// vocabulary is.
constexpr int kTrainerThreads = 2;
constexpr int64_t kBytePieces = 256;

class Chunks final : public sentencepiece::SentenceIterator {
 public:
  explicit Chunks(const std::vector<std::string>& chunks) : chunks_(chunks) {}
  bool done() const override { return index_ >= chunks_.size(); }
  void Next() override { ++index_; }
  const std::string& value() const override { return chunks_[index_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::vector<std::string>& chunks_;
  size_t index_ = 0;
};

/// One field of a comma-separated list as SentencePiece reads it.
std::string quoted(const std::string& symbol) {
  std::string text = "\"";
  for (const char c : symbol) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

std::vector<std::string> symbols_of(const recipe::TokenizerTrainingOptions& options) {
  static const std::set<std::string> kReserved = {"<unk>", "<s>", "</s>", "<pad>"};
  std::vector<std::string> symbols = options.user_defined_symbols;
  for (std::string& symbol : symbols)
    RE2::GlobalReplace(&symbol, " ", "\u2581");  // as the vocabulary writes a space
  if (!options.byte_fallback) symbols.insert(symbols.end(), {"\n", "\t"});
  std::set<std::string> seen;
  for (const std::string& symbol : symbols) {
    const char* problem = nullptr;
    if (symbol.empty())
      problem = "is empty";
    else if (kReserved.contains(symbol))
      problem = "is a special token already";
    else if (!seen.insert(symbol).second)
      problem = "is there twice";
    else if (symbol.find('\0') != symbol.npos)
      problem = "contains a zero byte";
    else if (options.byte_fallback && RE2::FullMatch(symbol, "<0x[0-9A-F]{2}>"))
      problem = "is the name of a byte piece";
    if (problem != nullptr)
      throw Error(ExitCode::usage, fmt::format("tokenizer.train.user_defined_symbols: \"{}\" {}; take it out",
                                               symbol, problem));
  }
  return symbols;
}

std::unordered_map<std::string, std::string> arguments(const recipe::TokenizerTrainingOptions& options,
                                                       const std::vector<std::string>& symbols) {
  std::string list;
  for (const std::string& symbol : symbols) list += (list.empty() ? "" : ",") + quoted(symbol);
  std::unordered_map<std::string, std::string> arguments = {
      {"model_type", options.model_type == recipe::VocabularyType::unigram ? "unigram" : "bpe"},
      {"vocab_size", std::to_string(options.vocab_size)},
      {"character_coverage", fmt::format("{}", options.character_coverage)},
      {"byte_fallback", options.byte_fallback ? "true" : "false"},
      {"split_digits", options.split_digits ? "true" : "false"},
      {"normalization_rule_name", "identity"},
      {"remove_extra_whitespaces", "false"},
      {"allow_whitespace_only_pieces", "true"},
      {"unk_id", "0"},
      {"bos_id", "1"},
      {"eos_id", "2"},
      {"pad_id", "3"},
      {"num_threads", std::to_string(kTrainerThreads)},
      {"minloglevel", "4"},
  };
  if (!list.empty()) arguments.emplace("user_defined_symbols", list);
  return arguments;
}

/// SentencePiece's refusals in the words of a recipe. Its own: "Vocabulary size too high (80000). Please set
/// it to a value <= 20725.", "Vocabulary size is smaller than required_chars. 80 vs 737." and, for BPE, a
/// bare condition.
[[noreturn]] void refuse(const recipe::TokenizerTrainingOptions& options, const std::string& message) {
  int64_t size = 0;
  if (RE2::PartialMatch(message, R"(too high \(\d+\)\. Please set it to a value <= (\d+))", &size))
    throw Error(
        ExitCode::usage,
        fmt::format("tokenizer.train.vocab_size: {} pieces are more than the text supports; the largest "
                    "possible size is {}: set vocab_size to {} or less, or add text",
                    options.vocab_size, size, size));
  if (RE2::PartialMatch(message, R"(smaller than required_chars\. \d+ vs (\d+))", &size))
    throw Error(
        ExitCode::usage,
        fmt::format("tokenizer.train.vocab_size: {} pieces are too few; the characters of the text, special "
                    "tokens and bytes alone need {}: set vocab_size above {}, or lower character_coverage",
                    options.vocab_size, size, size));
  throw Error(ExitCode::data, fmt::format("no vocabulary could be learnt from the text: {}", message));
}

}  // namespace

TrainedTokenizer train_sentencepiece(const recipe::TokenizerTrainingOptions& options, uint64_t seed,
                                     const std::function<std::optional<std::string>()>& next,
                                     const std::filesystem::path& out_file) {
  const std::vector<std::string> symbols = symbols_of(options);
  const int64_t reserved =
      4 + static_cast<int64_t>(symbols.size()) + (options.byte_fallback ? kBytePieces : 0);
  if (options.vocab_size <= reserved)
    throw Error(
        ExitCode::usage,
        fmt::format("tokenizer.train.vocab_size: {} pieces leave no room for text: special tokens, symbols "
                    "and bytes take {}; set it well above that",
                    options.vocab_size, reserved));
  TrainingSample sample(static_cast<uint64_t>(options.max_training_bytes), seed);
  while (const std::optional<std::string> text = next()) sample.add(*text);

  TrainedTokenizer result;
  result.bytes_seen = sample.bytes_seen();
  result.bytes_used = sample.bytes_kept();
  const std::vector<std::string> chunks = sample.chunks();
  if (chunks.empty())
    throw Error(
        ExitCode::data,
        "there is no text to learn a vocabulary from: all documents are empty or were dropped; hone explain "
        "says why a document was dropped");

  Chunks iterator(chunks);
  std::string model;
  const auto status =
      sentencepiece::SentencePieceTrainer::Train(arguments(options, symbols), &iterator, &model);
  if (!status.ok()) refuse(options, status.message());
  result.vocabulary_size = static_cast<int64_t>(inspect_sentencepiece(model, out_file.string()).kinds.size());
  base::write_file(out_file, model);
  return result;
}

}  // namespace hone::tokenizer
