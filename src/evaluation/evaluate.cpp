#include "evaluation/evaluate.h"

#include <algorithm>
#include <chrono>
#include <numbers>
#include <string>

#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/lines.h"
#include "evaluation/figures.h"
#include "evaluation/held_out.h"
#include "evaluation/preference.h"
#include "evaluation/results.h"
#include "evaluation/samples.h"
#include "tasks/metric.h"

namespace hone::evaluation {

namespace {

using nlohmann::json;

/// Counting more text than this would cost gigabytes and move a 5-gram's figure little.
constexpr int64_t kMostNgramTokens = 20'000'000;

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

std::shared_ptr<const dataset::ShardSet> open_shards(const EvaluationInputs& inputs, const char* split) {
  auto shards = dataset::ShardSet::open(inputs.tokens, split);
  if (shards->tokenizer_sha256() != inputs.tokenizer->sha256())
    throw Error(ExitCode::data,
                "the token shards in " + inputs.tokens.string() +
                    " were made with another tokenizer than the one given; run hone tokenize again");
  return shards;
}

/// Scores one model and lets it write; the model is gone when this returns.
json use_model(const EvaluationInputs& inputs, HeldOut& held_out, HeldOut& other_text, Preference& preference,
               std::vector<Sample>& samples, Scorer scorer) {
  if (held_out.scores().empty() && other_text.scores().empty()) return nullptr;
  const bool tuned = scorer == kTuned;
  const model::Model model = tuned ? inputs.load_tuned() : inputs.load_base();
  Stopwatch watch;
  for (HeldOut* text : {&held_out, &other_text})
    if (!text->scores().empty()) score(*text, model, scorer, std::min(inputs.context, model.config.max_positions));
  if (!preference.empty()) score(preference.rejected(), model, scorer, std::min(inputs.context, model.config.max_positions));
  const double scoring = watch.seconds();
  if (tuned || !inputs.from_random_weights)
    continue_samples(samples, tuned ? &Sample::tuned : &Sample::base, model, inputs.options.samples,
                     *inputs.tokenizer);
  return {{"scoring_seconds", scoring},
          {"tokens_per_second", static_cast<double>(held_out.tokens() + other_text.tokens()) / std::max(scoring, 1e-9)},
          {"sampling_seconds", watch.seconds() - scoring}};
}

json ngram_json(const tasks::KneserNey& ngram, uint64_t tokens_available) {
  json facts = {{"order", tasks::KneserNey::kOrder},
                {"tokens_counted", ngram.tokens()},
                {"tokens_available", tokens_available}};
  for (int order = 1; order <= tasks::KneserNey::kOrder; ++order) {
    const auto& discounts = ngram.discounts(order);
    facts["orders"].push_back({{"ngrams", ngram.ngrams(order)},
                               {"discounts", {discounts.one, discounts.two, discounts.more}},
                               {"discounts_estimated", discounts.estimated}});
  }
  return facts;
}

void write_documents(const HeldOut& held_out, const std::filesystem::path& file) {
  base::LineWriter writer(file);
  for (const DocumentScore& document : held_out.scores()) {
    const json line = {
        {"id", held_out.shards().document(document.ordinal).id},
        {"source", held_out.sources()[document.source]},
        {"language", held_out.languages()[document.language]},
        {"tokens", document.tokens},
        {"bytes", document.bytes},
        {"nll",
         {{"base", document.nll[kBase]}, {"tuned", document.nll[kTuned]}, {"ngram", document.nll[kNgram]}}}};
    writer.write(line.dump(-1, ' ', false, json::error_handler_t::replace));
  }
  writer.close();
}

}  // namespace

EvaluationResult evaluate(const EvaluationInputs& inputs, const std::filesystem::path& directory) {
  Stopwatch watch;
  HeldOut held_out(open_shards(inputs, "validation"), inputs.options.max_documents);
  HeldOut other_text(open_shards(inputs, "forgetting"), inputs.options.max_documents);
  Preference preference(held_out, inputs.options.max_documents);
  const auto training = open_shards(inputs, "train");

  json measured;
  json facts = {
      {"schema", 1},
      {"context", inputs.context},
      {"from_random_weights", inputs.from_random_weights},
      {"held_out",
       {{"documents", held_out.scores().size()}, {"documents_available", held_out.shards().documents()}, {"answers_only", held_out.answers_only()}}},
      {"training",
       {{"documents", training->documents()},
        {"tokens", training->tokens()},
        {"bytes", training->text_bytes()}}}};
  {
    const Stopwatch counting;
    const tasks::KneserNey ngram = count_ngrams(*training, kMostNgramTokens);
    score(held_out, ngram);
    score(other_text, ngram);
    facts["ngram"] = ngram_json(ngram, training->tokens());
    measured["ngram_seconds"] = counting.seconds();
  }
  auto samples = choose_samples(held_out, inputs.options.samples, inputs.context, *inputs.tokenizer);
  measured["base"] = use_model(inputs, held_out, other_text, preference, samples, kBase);
  measured["tuned"] = use_model(inputs, held_out, other_text, preference, samples, kTuned);

  const tasks::BootstrapOptions bootstrap{static_cast<int>(inputs.options.bootstrap_draws),
                                          inputs.options.confidence, inputs.seed};
  const Figures figures(held_out, bootstrap), forgetting(other_text, bootstrap);
  const auto gates =
      inputs.options.gates.empty() ? tasks::default_gates(inputs.from_random_weights) : inputs.options.gates;
  EvaluationResult result;
  result.decision =
      tasks::decide(gates, [&](const recipe::GateOptions& gate) {
        switch (tasks::parse_metric(gate.metric).suite) {
          case tasks::Suite::forgetting: return forgetting.measure(gate);
          case tasks::Suite::preference: return preference.measure(bootstrap);
          case tasks::Suite::domain: break;
        }
        return figures.measure(gate);
      });
  facts["confidence"] = bootstrap.level;
  facts["bootstrap_draws"] = bootstrap.draws;
  facts["domain"] = figures.groups();
  if (!other_text.scores().empty()) facts["forgetting"] = forgetting.groups();
  if (!preference.empty()) facts["preference"] = preference.facts();
  facts["verdict"] = tasks::name(result.decision.verdict);
  facts["gates"] = json::array();
  for (const tasks::GateResult& gate : result.decision.gates) facts["gates"].push_back(gate_json(gate));
  measured["seconds"] = watch.seconds();

  std::filesystem::create_directory(directory / artifact::kSamples);
  write_samples(samples, directory / artifact::kSamples / "continuations.jsonl");
  write_documents(held_out, directory / artifact::kDocuments);
  base::write_file(directory / artifact::kResults, base::json_text(harness_results(facts)));
  base::write_file(directory / artifact::kMeasured, base::json_text(measured));
  base::write_file(directory / artifact::kFacts, base::json_text(facts));
  result.facts = std::move(facts);
  return result;
}

}  // namespace hone::evaluation
