#pragma once
/// The `corpus` section: which documents to learn from and the rules that refine them.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"
#include "recipe/corpus_rules.h"
#include "recipe/ocr.h"
#include "recipe/privacy_rules.h"
#include "recipe/source_format.h"
#include "recipe/text_rules.h"

namespace hone::recipe {

/// What a source is read for. `forgetting`: never trained on, only measured before and after, so that the report can say what
/// the model lost on other text.
enum class SourceUse { training, forgetting };
constexpr std::array<std::string_view, 2> names_of(SourceUse) { return {"training", "forgetting"}; }

/// A set of files and what an organisation says about them. Governance words are carried to the report as given, never invented.
struct SourceOptions {
  std::string path;         ///< File, folder or pattern: handbook/**/*.{md,html}
  std::string name;         ///< Label in ledger and report; by default the folder or file the path starts with.
  std::string licence;      ///< A source without one is named in the report.
  std::string access;       ///< Label such as internal.
  std::string text_field;   ///< JSON Lines: field with the text, as in document.body. CSV: column with a document in each row.
  SourceFormat format = SourceFormat::text;
  ColumnOptions columns;
  SourceUse use = SourceUse::training;
  std::string origin, owner, legal_basis, retention;
  std::vector<std::string> thresholds;  ///< Options of rules for this source alone: "quality.min_characters=20" (source_thresholds.h).
};

struct NearDuplicateOptions {
  double threshold = 0.8;          ///< Jaccard similarity of words (Korean: pairs of syllables) from which two documents count as copies.
  double max_removed_share = 0.5;  ///< Of one source's documents; more stops the run instead of emptying a source.
  int64_t max_cluster = 200;       ///< More documents than this that are alike are reported and left alone.
};

enum class SplitBy { cluster };
constexpr std::array<std::string_view, 1> names_of(SplitBy) { return {"cluster"}; }

struct SplitOptions {
  double validation = 0.05;       ///< Share of documents held out.
  SplitBy by = SplitBy::cluster;  ///< A duplicate cluster is never on both sides.
};

struct CorpusOptions {
  std::vector<SourceOptions> sources;
  OcrOptions ocr;
  std::vector<std::string> languages;  ///< Empty: all. Others are dropped.
  /// What configs/rules/organisation.yaml writes out, with a word for each.
  std::vector<std::string> rules = {"encoding",  "page_furniture", "normalise",     "exact_duplicates", "boilerplate",     "quality",
                                    "secrets",   "personal_data",  "injection",     "decontamination",  "near_duplicates"};
  QualityOptions quality;
  WebRulesOptions web;  ///< Written as sections of `corpus`: gopher_quality, gopher_repetition, c4, fineweb.
  NearDuplicateOptions near_duplicates;
  PersonalDataOptions personal_data;
  BoilerplateOptions boilerplate;
  DecontaminationOptions decontamination;
  std::vector<OwnRuleOptions> own_rules;
  SplitOptions split;
};

void describe(Binder& bind, SourceOptions& options);
void describe(Binder& bind, NearDuplicateOptions& options);
void describe(Binder& bind, SplitOptions& options);
void describe(Binder& bind, CorpusOptions& options);

}  // namespace hone::recipe
