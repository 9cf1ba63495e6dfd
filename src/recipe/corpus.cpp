#include "recipe/corpus.h"

#include "recipe/source_thresholds.h"

namespace hone::recipe {

void describe(Binder& bind, SourceOptions& options) {
  bind("path", options.path, "file, folder or pattern such as handbook/**/*.{md,html}").path();
  bind("name", options.name, "label in ledger and report; by default taken from the path");
  bind("licence", options.licence, "licence of the documents; a source without one is named in the report").also({"license"});
  bind("access", options.access, "access label carried to ledger and report, such as internal");
  bind("use", options.use, "training, or forgetting: never trained on, only measured before and after training");
  bind("format", options.format, "text: documents to read; the others: rows of instruction data, in JSON Lines, JSON or CSV").also({"type"});
  bind.section("columns", options.columns, "where the parts of a row of instruction data stand, when not in the usual columns");
  bind("text_field", options.text_field,
       "JSON Lines: field that holds the text, dots lead into objects, text by default; CSV: column whose cells are a document each, "
       "by default the table is one document");
  bind("origin", options.origin, "where the documents come from, printed in the report as given");
  bind("owner", options.owner, "who answers for them, printed in the report as given");
  bind("legal_basis", options.legal_basis, "on what basis they are used, printed in the report as given");
  bind("retention", options.retention, "how long they may be kept, printed in the report as given");
  describe_thresholds(bind, options.thresholds);
}

void describe(Binder& bind, NearDuplicateOptions& options) {
  bind("threshold", options.threshold, "Jaccard similarity of their words (Korean: pairs of syllables) from which two documents count as copies").range(0.5, 1);
  bind("max_removed_share", options.max_removed_share, "largest share of a source's documents that may go as near duplicates; more stops the run")
      .share()
      .range(0, 1);
  bind("max_cluster", options.max_cluster, "more documents than this that are alike are reported and left alone").in("documents").at_least(2);
}

void describe(Binder& bind, SplitOptions& options) {
  bind("validation", options.validation, "share of the documents held out from training").share().range(0, 0.5);
  bind("by", options.by, "what is kept together on one side: a duplicate cluster");
}

void describe(Binder& bind, CorpusOptions& options) {
  bind.sections("sources", options.sources, "the documents");
  bind.section("ocr", options.ocr, "what becomes of scanned pages");
  bind("languages", options.languages, "languages to keep, such as [en, ko]; empty keeps all");
  bind("rules", options.rules, "cleaning rules, in the order in which they run");
  bind.section("quality", options.quality, "thresholds of the rule quality");
  describe(bind, options.web);
  bind.section("near_duplicates", options.near_duplicates, "thresholds of the rule near_duplicates");
  bind.section("personal_data", options.personal_data, "what the rule personal_data looks for and does");
  bind.section("secrets", options.personal_data.secrets, "what the rule secrets does");
  bind.section("injection", options.personal_data.injection, "what the rule injection does");
  bind.section("boilerplate", options.boilerplate, "thresholds of the rule boilerplate");
  bind.section("decontamination", options.decontamination, "what the rule decontamination compares with");
  bind.sections("own_rules", options.own_rules, "rules of your own; name them in `rules` to place them, else they run last");
  bind.section("split", options.split, "how documents are held out for validation");
}

}  // namespace hone::recipe
