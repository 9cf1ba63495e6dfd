#pragma once
/// Every file and folder name of a run directory, in one place.
///
///   runs/<name>/<lineage>/
///     recipe.yaml  run.json  LOCK
///     corpus/       documents.jsonl.zst  ledger.jsonl.zst  statistics.json  MANIFEST.json
///     cleaning/     cleaning.html  cleaning.json  MANIFEST.json
///     review/       review.json  findings-<sample>.json  MANIFEST.json
///     tokenizer/    tokenizer.model  tokenizer_config.json …  MANIFEST.json
///     tokens/       train-00000.tokens  validation-00000.tokens  statistics.json  MANIFEST.json
///     checkpoints/step-000120/   model.safetensors  optimizer.safetensors  state.json  config.json  MANIFEST.json
///     training/     result.json  MANIFEST.json          (there once training has ended; points at the best checkpoint)
///     metrics.jsonl  tensorboard/
///     evaluation/   facts.json  measured.json  results.json  samples/  MANIFEST.json
///     export/huggingface/   MANIFEST.json
///     report/       report.html  cleaning.html  report.json  junit.xml  summary.md  MANIFEST.json
///
///   runs/.memo/<name>/   LOCK  index  pack-000001.records …   (what cleaning remembers; may be deleted at any time)
///
/// An artefact is a folder with a MANIFEST.json. A folder without one does not exist for Hone.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hone::artifact {

inline constexpr const char* kManifest = "MANIFEST.json";
inline constexpr const char* kRecipe = "recipe.yaml";
inline constexpr const char* kRunFacts = "run.json";
inline constexpr const char* kLock = "LOCK";
inline constexpr const char* kMetrics = "metrics.jsonl";
inline constexpr const char* kTensorBoard = "tensorboard";

inline constexpr const char* kDocuments = "documents.jsonl.zst";
inline constexpr const char* kLedger = "ledger.jsonl.zst";
inline constexpr const char* kStatistics = "statistics.json";

inline constexpr const char* kCleaningHtml = "cleaning.html";
inline constexpr const char* kCleaningJson = "cleaning.json";
inline constexpr const char* kReviewJson = "review.json";

inline constexpr const char* kMemoFolder = ".memo";
inline constexpr const char* kMemoIndex = "index";

inline constexpr const char* kTokenizerModel = "tokenizer.model";

inline constexpr const char* kModelWeights = "model.safetensors";
inline constexpr const char* kModelIndex = "model.safetensors.index.json";
inline constexpr const char* kModelConfig = "config.json";
inline constexpr const char* kGenerationConfig = "generation_config.json";
inline constexpr const char* kOptimizer = "optimizer.safetensors";
inline constexpr const char* kTrainState = "state.json";
inline constexpr const char* kTrainResult = "result.json";

inline constexpr const char* kFacts = "facts.json";
inline constexpr const char* kMeasured = "measured.json";
inline constexpr const char* kResults = "results.json";
inline constexpr const char* kSamples = "samples";

inline constexpr const char* kReportHtml = "report.html";
inline constexpr const char* kReportJson = "report.json";
inline constexpr const char* kJUnit = "junit.xml";
inline constexpr const char* kSummary = "summary.md";

/// "train-00000.tokens"
std::string token_shard(const std::string& split, int index);
/// "step-000120"; wider numbers simply get longer.
std::string checkpoint_name(int64_t step);
/// The step of a checkpoint folder's name; nothing for any other name.
std::optional<int64_t> checkpoint_step(const std::string& name);

/// The places inside one run. Cheap; owns nothing.
struct RunDirectory {
  std::filesystem::path root;

  std::filesystem::path recipe() const { return root / kRecipe; }
  std::filesystem::path facts() const { return root / kRunFacts; }
  std::filesystem::path lock() const { return root / kLock; }
  std::filesystem::path corpus() const { return root / "corpus"; }
  std::filesystem::path cleaning() const { return root / "cleaning"; }
  std::filesystem::path review() const { return root / "review"; }
  /// Shared by all runs of a name.
  std::filesystem::path memo() const { return root.parent_path().parent_path() / kMemoFolder / root.parent_path().filename(); }
  std::filesystem::path tokenizer() const { return root / "tokenizer"; }
  std::filesystem::path tokens() const { return root / "tokens"; }
  std::filesystem::path checkpoints() const { return root / "checkpoints"; }
  std::filesystem::path checkpoint(int64_t step) const { return checkpoints() / checkpoint_name(step); }
  std::filesystem::path training() const { return root / "training"; }
  std::filesystem::path metrics() const { return root / kMetrics; }
  std::filesystem::path tensorboard() const { return root / kTensorBoard; }
  std::filesystem::path evaluation() const { return root / "evaluation"; }
  std::filesystem::path exported() const { return root / "export" / "huggingface"; }
  std::filesystem::path report() const { return root / "report"; }

  /// Steps of the checkpoint folders present, ascending; says nothing about whether they verify.
  std::vector<int64_t> checkpoint_steps() const;
};

}  // namespace hone::artifact
