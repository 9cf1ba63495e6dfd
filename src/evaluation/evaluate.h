#pragma once
/// The evaluation stage: how well the tuned model predicts text it has not seen, before and after, and beside
/// a 5-gram of the same training text; the gates; sample continuations.
///
/// Every held-out document is [BOS] + ids + [EOS] (EOS in BOS's place where a vocabulary has no BOS; then as
/// in lm-evaluation-harness). All models predict the same tokens, each once (windows.h), so their figures can
/// be paired. Documents are streamed: beside the batch in work, memory holds about 60 bytes a document, never
/// its tokens.
///
/// Files written (artifact/names.h):  facts.json   equal for equal inputs: figures, intervals, gates, verdict
///   documents.jsonl.zst  one line a document: id, source, language, bytes, tokens, nll of each model
///   measured.json  seconds and tokens/s      results.json  the shape of lm-evaluation-harness
///   samples/continuations.jsonl  prompt, true continuation, what the models wrote
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "model/model.h"
#include "recipe/evaluation.h"
#include "tasks/gates.h"
#include "tokenizer/tokenizer.h"

namespace hone::evaluation {

struct EvaluationInputs {
  recipe::EvaluationOptions options;
  uint64_t seed = 0;
  std::filesystem::path tokens;                     ///< Folder of the token shards, train and validation.
  const tokenizer::Tokenizer* tokenizer = nullptr;  ///< Borrowed; the one the shards were made with.
  /// Longest window in tokens; what training used is fair to both models. Cut to the models' own context.
  int64_t context = 512;
  bool from_random_weights = false;  ///< Then what the base writes is noise, and is not sampled.
  /// Called once each; at most one model is in memory at a time.
  std::function<model::Model()> load_base;
  std::function<model::Model()> load_tuned;
};

struct EvaluationResult {
  tasks::Decision decision;
  nlohmann::json facts;  ///< As written to facts.json.
};

/// Writes its files into `directory`, which exists (artifact::Commit::directory()). Throws data when the
/// shards do not fit the tokenizer, diverged when a model gives NaN. Without held-out documents nothing is
/// measured and the verdict is inconclusive.
EvaluationResult evaluate(const EvaluationInputs& inputs, const std::filesystem::path& directory);

}  // namespace hone::evaluation
