#pragma once
/// The stage graph of one recipe: for each stage what goes in, where its artefact belongs, and whether it is already there.
///
///   corpus → vocabulary → tokens → training → export → evaluation → report
///
/// A stage's fingerprint is the hash of everything that goes in: options that have an effect, contents of input files, the
/// fingerprints of the stages before it, the stage's behaviour version, and versions of libraries that shape its output. All of
/// them follow from recipe and inputs alone, so the whole plan is known before anything runs.
/// lineage = first 12 digits of the training's fingerprint: what changes the model starts a new run folder; what only changes how
/// it is exported, judged or shown does not.
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "artifact/names.h"
#include "document/stream.h"
#include "plan/input_hashes.h"
#include "recipe/recipe.h"

namespace hone::plan {

enum class Stage { corpus, vocabulary, tokens, training, exported, evaluation, report };
inline constexpr std::array<Stage, 7> kStages = {Stage::corpus,   Stage::vocabulary, Stage::tokens, Stage::training,
                                                 Stage::exported, Stage::evaluation, Stage::report};
const char* name_of(Stage stage);

struct StagePlan {
  Stage stage = Stage::corpus;
  std::filesystem::path directory;
  nlohmann::json inputs;
  std::string fingerprint;
  bool up_to_date = false;
};

struct RunPlan {
  recipe::Recipe recipe;
  std::string lineage;
  artifact::RunDirectory run;
  std::vector<document::SourceSpec> sources;  ///< Files looked up.
  uint64_t source_bytes = 0;
  std::vector<InputHash> inputs;              ///< Every file of the sources, in the order of reading.
  std::vector<StagePlan> stages;              ///< In the order of kStages.

  const StagePlan& at(Stage stage) const { return stages[static_cast<size_t>(stage)]; }
  /// Where the vocabulary that training uses is loaded from: given_vocabulary, or the run's own, which is trained or extended.
  std::filesystem::path vocabulary;
  /// The recipe's file or folder, or the base model's, without tokenizer.add_tokens; empty when a vocabulary is trained.
  std::filesystem::path given_vocabulary;
  bool trains_vocabulary() const { return given_vocabulary.empty(); }
};

/// `verify`: every input file is read, also those that look unchanged since cleaning last read them.
enum class Inputs { trust_unchanged, verify };

/// Hashes the inputs' contents (in parallel; input_hashes.h says which are read) and looks at `runs_root`; writes
/// nothing but the key of stand-ins where there is none yet (corpus/key.h). Throws
/// data for inputs that are not there.
RunPlan make_plan(const recipe::Recipe& recipe, const std::filesystem::path& runs_root, Inputs inputs = Inputs::trust_unchanged);

/// Looks at one stage's directory again.
bool is_up_to_date(const StagePlan& stage);

/// The documents a recipe names, with their files; throws data when a pattern matches nothing.
std::vector<document::SourceSpec> source_specs(const recipe::CorpusOptions& corpus);

}  // namespace hone::plan
