#include "training/dpo.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

#include "base/error.h"
#include "tensor/cross_entropy.h"

namespace hone::training {
namespace {

constexpr int kReferenceVersion = 1;

void require_pairs(const dataset::Loader& loader) {
  if (loader.shards().pairs()) return;
  throw Error(ExitCode::data, loader.shards().shards().front().path().string() +
                                  " holds single texts, not pairs of answers; training.objective dpo needs sources "
                                  "with format: preference");
}

/// Trained tokens of each segment.
std::vector<int64_t> trained_tokens(const dataset::Batch& batch) {
  std::vector<int64_t> tokens;
  auto target = batch.targets.begin();
  for (const int32_t length : batch.segments) {
    tokens.push_back(std::count_if(target, target + length, [](int32_t id) { return id != dataset::kMasked; }));
    target += length;
  }
  return tokens;
}

/// Every segment with its log-probability under the model (`nll` float64 [tokens], CPU) and the reference.
std::vector<ScoredAnswer> answers_of(const dataset::Batch& batch, const at::Tensor& nll, const std::vector<double>& reference) {
  HONE_ASSERT(batch.segments.size() % 2 == 0 && reference.size() == batch.segments.size());
  const std::vector<int64_t> tokens = trained_tokens(batch);
  std::vector<ScoredAnswer> answers;
  const double* each = nll.const_data_ptr<double>();
  for (size_t i = 0; i < tokens.size(); each += batch.segments[i], ++i) {
    double sum = 0.0;
    for (int32_t t = 0; t < batch.segments[i]; ++t) sum -= each[t];
    answers.push_back({.log_probability = sum, .reference = reference[i], .tokens = tokens[i]});
  }
  return answers;
}

/// What the pairs of a step or an epoch come to.
struct Sums {
  int64_t pairs = 0, right = 0, chosen_tokens = 0;
  double loss = 0.0, chosen_reward = 0.0, rejected_reward = 0.0, chosen_nll = 0.0;

  void add(const PairLoss& pair, const ScoredAnswer& chosen) {
    ++pairs;
    right += pair.chosen_reward > pair.rejected_reward ? 1 : 0;
    loss += pair.loss;
    chosen_reward += pair.chosen_reward;
    rejected_reward += pair.rejected_reward;
    chosen_nll -= chosen.log_probability;
    chosen_tokens += chosen.tokens;
  }

  Loss mean(const recipe::DpoOptions& options, int64_t tokens, int64_t trained) const {
    const double count = static_cast<double>(std::max<int64_t>(1, pairs));
    const double sft = chosen_nll / static_cast<double>(std::max<int64_t>(1, chosen_tokens));
    Loss result{.mean = loss / count + options.sft_weight * sft,
                .tokens = tokens,
                .trained_tokens = trained,
                .nats_per_token = false,
                .metrics = {}};
    result.metrics = {{"preference_accuracy", static_cast<double>(right) / count},
                      {"reward_margin", (chosen_reward - rejected_reward) / count},
                      {"chosen_reward", chosen_reward / count},
                      {"rejected_reward", rejected_reward / count}};
    if (options.sft_weight > 0.0) result.metrics.push_back({"sft_loss", sft});
    return result;
  }
};

/// The divisors of a step's means.
struct StepSize {
  double pairs = 1.0;
  double chosen_tokens = 1.0;
};

StepSize size_of(const dataset::Step& step) {
  int64_t segments = 0, chosen = 0;
  for (const dataset::Batch& batch : step.micro_batches) {
    segments += static_cast<int64_t>(batch.segments.size());
    const std::vector<int64_t> tokens = trained_tokens(batch);
    for (size_t i = 0; i < tokens.size(); i += 2) chosen += tokens[i];
  }
  return {static_cast<double>(std::max<int64_t>(1, segments / 2)), static_cast<double>(std::max<int64_t>(1, chosen))};
}

/// A new adapter's B is zero: it changes nothing yet, so the base alone gives the same for less work.
model::Adapters as_it_starts(const model::Model& model) {
  bool new_adapters = true;
  model::visit_linears(model, [&](const std::string&, const model::Linear& linear) {
    new_adapters = new_adapters && (!linear.adapter || !linear.adapter->b.any().item<bool>());
  });
  return new_adapters ? model::Adapters::off : model::Adapters::on;
}

at::Tensor differentiable_nll(const model::Model& model, const model::DeviceBatch& batch, const model::ForwardOptions& options) {
  return tensor::linear_token_nll(model::hidden_states(model, batch, options), model.output_weight(options.adapters), batch.targets);
}

/// d loss / d nll of each token: what its answer's log-probability weighs, negated.
at::Tensor token_slopes(const dataset::Batch& batch, const std::vector<double>& answer_slopes) {
  at::Tensor slopes = at::empty({batch.tokens()}, at::kDouble);
  double* each = slopes.mutable_data_ptr<double>();
  for (size_t i = 0; i < answer_slopes.size(); each += batch.segments[i], ++i) std::fill(each, each + batch.segments[i], -answer_slopes[i]);
  return slopes;
}

}  // namespace

Loss accumulate_pairs(const model::Model& model, const dataset::Step& step, const recipe::DpoOptions& options, const ReferenceOf& reference,
                      const model::ForwardOptions& forward) {
  const StepSize size = size_of(step);
  Sums sums;
  model::ForwardOptions each = forward;
  for (const dataset::Batch& batch : step.micro_batches) {
    if (!batch.empty()) {
      const at::Tensor nll = differentiable_nll(model, model::to_device(batch, model), each);
      const std::vector<ScoredAnswer> answers = answers_of(batch, nll.detach().to(at::kCPU, at::kDouble), reference(batch));
      std::vector<double> slopes;
      for (size_t i = 0; i + 1 < answers.size(); i += 2) {
        const PairLoss pair = pair_loss(options, answers[i], answers[i + 1]);
        sums.add(pair, answers[i]);
        slopes.push_back(pair.chosen_slope / size.pairs - options.sft_weight / size.chosen_tokens);
        slopes.push_back(pair.rejected_slope / size.pairs);
      }
      torch::autograd::backward({nll}, {token_slopes(batch, slopes).to(nll.options())});
    }
    if (each.noise) each.noise->first_token += static_cast<uint32_t>(batch.tokens());
  }
  return sums.mean(options, step.tokens, step.trained);
}

std::optional<Loss> validate_pairs(const model::Model& model, const dataset::Loader& loader, const recipe::DpoOptions& options,
                                   const ReferenceOf& reference, const KeepGoing& keep_going) {
  const at::NoGradGuard no_grad;
  Sums sums;
  int64_t tokens = 0, trained = 0;
  for (int64_t index = 0; index < loader.steps_in(0); ++index) {
    if (!keep_going(index, loader.steps_in(0))) return std::nullopt;
    const dataset::Step step = loader.step(0, index);
    for (const dataset::Batch& batch : step.micro_batches) {
      if (batch.empty()) continue;
      const at::Tensor nll = model::token_nll(model, model::to_device(batch, model));
      const std::vector<ScoredAnswer> answers = answers_of(batch, nll.to(at::kDouble), reference(batch));
      for (size_t i = 0; i + 1 < answers.size(); i += 2) sums.add(pair_loss(options, answers[i], answers[i + 1]), answers[i]);
    }
    tokens += step.tokens;
    trained += step.trained;
  }
  if (sums.pairs == 0) throw Error(ExitCode::data, "the validation documents hold no pair of answers");
  return sums.mean(options, tokens, trained);
}

DirectPreference::DirectPreference(const ObjectiveSetup& setup)
    : setup_(setup), store_(setup.run.root / "reference", [&] {
        nlohmann::json inputs = {{"version", kReferenceVersion}};
        for (const char* part : {"base", "model", "seed"})
          if (setup.inputs.contains(part)) inputs[part] = setup.inputs[part];
        return inputs;
      }()) {
  require_pairs(setup.training);
  if (setup.validation != nullptr) require_pairs(*setup.validation);
}

bool DirectPreference::prepare(model::Model& model, const KeepGoing& keep_going) {
  std::vector<const dataset::Loader*> loaders = {&setup_.training};
  if (setup_.validation != nullptr) loaders.push_back(setup_.validation);
  return score_references(store_, model, as_it_starts(model), loaders, keep_going);
}

Loss DirectPreference::accumulate(const model::Model& model, const dataset::Step& step, const model::ForwardOptions& options) const {
  return accumulate_pairs(model, step, setup_.options.dpo, reference(), options);
}

std::optional<Loss> DirectPreference::validate(const model::Model& model, const dataset::Loader& loader,
                                               const KeepGoing& keep_going) const {
  return validate_pairs(model, loader, setup_.options.dpo, reference(), keep_going);
}

void DirectPreference::rehearse(const model::Model& model, const dataset::Batch& batch, const model::ForwardOptions& options) const {
  const auto nothing = [](const dataset::Batch& each) { return std::vector<double>(each.segments.size()); };
  accumulate_pairs(model, {.micro_batches = {batch}, .tokens = batch.tokens(), .trained = batch.trained()}, setup_.options.dpo, nothing,
                   options);
}

ReferenceOf DirectPreference::reference() const {
  return [this](const dataset::Batch& batch) {
    std::vector<double> values;
    for (const AnswerKey& key : keys_of(batch)) values.push_back(store_.at(key));
    return values;
  };
}

}  // namespace hone::training
