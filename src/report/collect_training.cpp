#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.h"
#include "base/json_file.h"
#include "base/lines.h"
#include "base/log.h"
#include "formats/huggingface.h"
#include "recipe/show.h"
#include "report/collect.h"
#include "report/look.h"

namespace hone::report {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr size_t kMostPoints = 300;

/// What metrics.jsonl holds of a run. A last line cut short by a crash is passed over.
struct Metrics {
  json train = json::array(), validation = json::array();
  double step_seconds = 0, tokens = 0, validation_seconds = 0, last_step = 0;
};

void take(Metrics& metrics, const json& event) {
  const std::string kind = words(event, "/event");
  const double step = number(event, "/step"), loss = number(event, "/loss"),
               seconds = number(event, "/seconds");
  if (kind == "step") {
    metrics.train.push_back({step, loss});
    metrics.step_seconds += seconds;
    metrics.tokens += number(event, "/tokens");
    metrics.last_step = step;
  } else if (kind == "validation") {
    metrics.validation.push_back({step, loss, number(event, "/epoch")});
    metrics.validation_seconds += seconds;
  }
}

Metrics read_metrics(const fs::path& file) {
  Metrics metrics;
  if (!fs::exists(file)) return metrics;
  base::LineReader lines(file);
  while (const auto line = lines.next()) {
    const json event = json::parse(*line, nullptr, false);
    if (event.is_object()) take(metrics, event);
  }
  return metrics;
}

/// Means of neighbours, so that a noisy curve stays readable and a long one stays small.
json thinned(const json& points) {
  if (points.size() <= kMostPoints) return points;
  json result = json::array();
  for (size_t bucket = 0; bucket < kMostPoints; ++bucket) {
    const size_t begin = bucket * points.size() / kMostPoints,
                 end = (bucket + 1) * points.size() / kMostPoints;
    double sum = 0;
    for (size_t i = begin; i < end; ++i) sum += number(points[i], "/1");
    result.push_back({points[end - 1][0], sum / static_cast<double>(end - begin)});
  }
  return result;
}

json options_that_matter(const recipe::Recipe& recipe) {
  const json all = recipe::resolved_json(recipe);
  json options = json::object();
  for (const char* key :
       {"num_epochs", "learning_rate", "lr_scheduler", "warmup_steps", "sequence_len", "micro_batch_size",
        "gradient_accumulation_steps", "sample_packing", "optimizer", "weight_decay", "max_grad_norm"}) {
    const json& value = look(all, std::string("/training/") + key);
    if (!value.is_null()) options[key] = value;
  }
  const json& dtype = look(all, "/model/dtype");
  if (!dtype.is_null()) options["dtype"] = dtype;
  return options;
}

fs::path chosen_checkpoint(const artifact::RunDirectory& run) {
  const fs::path file = run.training() / artifact::kTrainResult;
  if (!fs::exists(file)) return {};
  const std::string name = words(base::read_json(file), "/chosen");
  return artifact::checkpoint_step(name) ? run.checkpoints() / name : fs::path();
}

}  // namespace

json collect_training(const artifact::RunDirectory& run, const recipe::Recipe& recipe) {
  const fs::path file = run.training() / artifact::kTrainResult;
  if (!fs::exists(file)) return nullptr;
  const json result = base::read_json(file);
  const Metrics metrics = read_metrics(run.metrics());
  json training = {{"steps", look(result, "/steps")},
                   {"epochs", look(result, "/epochs")},
                   {"tokens", look(result, "/tokens")},
                   {"trained_tokens", look(result, "/trained_tokens")},
                   {"ended_early", look(result, "/ended_early")},
                   {"train", thinned(metrics.train)},
                   {"validation", metrics.validation},
                   {"options", options_that_matter(recipe)}};
  if (const auto step = artifact::checkpoint_step(words(result, "/chosen"))) training["chosen_step"] = *step;
  training["chosen_is_best"] =
      recipe.training.save.keep_best && !look(result, "/best_validation_loss").is_null();
  for (const char* key : {"micro_batch_size", "ema_decay", "z_loss", "neftune_noise_alpha"})  // what was in force, auto found
    if (const json& value = look(result, std::string("/") + key); !value.is_null()) training["options"][key] = value;
  for (const char* key : {"groups", "spikes", "skipped_steps"})
    if (const json& value = look(result, std::string("/") + key); !value.is_null()) training[key] = value;
  if (const json& method = look(result, "/method"); method.is_object()) training["method"] = method;
  if (const fs::path file_of_export = run.exported() / artifact::kManifest; fs::exists(file_of_export)) {
    const json manifest = base::read_json(file_of_export);
    if (const json& parity = look(manifest, "/facts/parity"); parity.is_object()) training["parity"] = parity;
  }
  if (fs::exists(run.exported() / artifact::kModelConfig))
    training["parameters"] = formats::parameter_count(formats::read_model_config(run.exported()));
  return training;
}

json collect_measured(const artifact::RunDirectory& run) {
  const Metrics metrics = read_metrics(run.metrics());
  json measured = {{"created", base::utc_now()}};
  if (metrics.step_seconds > 0) {
    // Only every logging_steps-th step is written down; the others took as long.
    const double each = metrics.step_seconds / static_cast<double>(metrics.train.size());
    measured["training_seconds"] = each * metrics.last_step + metrics.validation_seconds;
    measured["tokens_per_second"] = metrics.tokens / metrics.step_seconds;
  }
  const fs::path state = chosen_checkpoint(run) / artifact::kTrainState;
  if (fs::exists(state)) measured["machine"] = look(base::read_json(state), "/machine");
  const fs::path evaluation = run.evaluation() / artifact::kMeasured;
  if (fs::exists(evaluation)) measured["evaluation"] = base::read_json(evaluation);
  return measured;
}

json collect_samples(const artifact::RunDirectory& run) {
  json samples = json::array();
  const fs::path file = run.evaluation() / artifact::kSamples / "continuations.jsonl";
  if (!fs::exists(file)) return samples;
  base::LineReader lines(file);
  while (const auto line = lines.next()) samples.push_back(base::parse_json(*line, file.string()));
  return samples;
}

}  // namespace hone::report
