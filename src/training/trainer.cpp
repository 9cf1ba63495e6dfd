#include "training/trainer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cmath>

#include "artifact/commit.h"
#include "base/error.h"
#include "base/log.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/history.h"
#include "training/loss_spikes.h"
#include "training/micro_batch_size.h"
#include "training/objective.h"
#include "training/optimizer.h"
#include "training/plan.h"
#include "training/preflight.h"
#include "training/resume.h"
#include "training/run_log.h"
#include "training/schedule.h"

namespace hone::training {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string last_good(int64_t step) { return step > 0 ? artifact::checkpoint_name(step) : "the base model"; }

std::vector<std::string> ids_of(const dataset::Loader& loader, const PlannedStep& planned) {
  std::vector<std::string> ids;
  for (const uint64_t ordinal : loader.documents_of(planned.epoch, planned.index))
    ids.emplace_back(loader.shards().document(ordinal).id);
  return ids;
}

/// The first few documents a step read, by id, for people to look at.
std::string documents_of(const dataset::Loader& loader, const PlannedStep& planned) {
  constexpr size_t kShown = 5;
  const std::vector<std::string> ids = ids_of(loader, planned);
  const std::vector<std::string> few(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, ids.size())));
  const std::string shown = fmt::format("{}", fmt::join(few, ", "));
  return ids.size() > kShown ? fmt::format("{} and {} more documents", shown, ids.size() - kShown) : shown;
}

class Trainer {
 public:
  Trainer(const TrainSetup& setup, model::Model& model, const dataset::Loader& training,
          const dataset::Loader* validation);
  TrainResult run();

 private:
  void begin();
  void choose_micro_batch_size(bool is_new);
  model::ForwardOptions forward(const PlannedStep& planned) const;
  dataset::Step read(const PlannedStep& planned) const;
  bool is_left_out(const PlannedStep& planned, double loss);
  void count(const Loss& loss);
  void report(const StepRecord& record);
  void close_epoch();
  bool save_is_due() const;
  void save(const std::string& why);
  [[noreturn]] void save_and_leave();
  std::optional<double> validation_loss(int64_t epochs_completed);
  Error diverged(const PlannedStep& planned, double loss, double norm) const;
  nlohmann::json facts() const;
  TrainResult result() const;

  const TrainSetup& setup_;
  const recipe::TrainingOptions& options_;
  model::Model& model_;
  const dataset::Loader* training_;
  const dataset::Loader* validation_;
  std::optional<dataset::Loader> smaller_training_, smaller_validation_;  ///< With micro_batch_size auto.
  const StepPlan plan_;
  const Schedule schedule_;
  const std::unique_ptr<Objective> objective_;
  Optimizer optimizer_;
  TrainState state_;
  std::optional<RunLog> log_;  ///< From the first thing there is to say; a finished run says nothing.
  int64_t saved_step_ = 0;
  const Clock::time_point begin_ = Clock::now();
};

Trainer::Trainer(const TrainSetup& setup, model::Model& model, const dataset::Loader& training,
                 const dataset::Loader* validation)
    : setup_(setup),
      options_(setup.options),
      model_(model),
      training_(&training),
      validation_(validation),
      plan_(plan_steps(training, setup.options.num_epochs, setup.options.early_stopping.patience)),
      schedule_(make_schedule(setup.options, plan_.steps())),
      objective_(make_objective({setup.options, setup.run, setup.inputs, training, validation})),
      optimizer_(model, setup.options) {}

TrainResult Trainer::run() {
  begin();                                        // resume, or what would fail late
  while (const auto step = plan_.next(state_)) {  // a pure function of the steps done
    const Clock::time_point began = Clock::now();
    const Loss loss = objective_->accumulate(model_, read(*step), forward(*step));  // forward and backward
    const double norm = optimizer_.gradient_norm();
    if (!std::isfinite(loss.mean) || !std::isfinite(norm)) throw diverged(*step, loss.mean, norm);
    if (is_left_out(*step, loss.mean))  // a loss that stands out
      optimizer_.drop_gradients();
    else
      optimizer_.update(step->number + 1, schedule_.factor(step->number), norm);  // clip and step in one pass
    count(loss);
    report({.step = state_.step,
            .epoch = step->epoch + 1,
            .loss = loss.mean,
            .learning_rate = schedule_.rate(step->number),
            .gradient_norm = norm,
            .tokens = loss.tokens,
            .trained_tokens = loss.trained_tokens,
            .seconds = seconds_since(began),
            .metrics = loss.metrics});
    if (plan_.epoch_is_open_at_its_end(state_)) close_epoch();  // validation loss, checkpoint, rotation
    if (save_is_due()) save("steps");
    if (setup_.stop_requested()) save_and_leave();
  }
  TrainResult done = result();
  if (log_) log_->end(state_.step, facts_of(state_));
  return done;
}

void Trainer::begin() {
  artifact::sweep(setup_.run.checkpoints());
  if (!objective_->prepare(model_, [&](int64_t, int64_t) { return !setup_.stop_requested(); })) save_and_leave();
  const std::optional<TrainState> found = resume(setup_.run, setup_.inputs, model_, optimizer_);
  if (found) {
    state_ = *found;
    saved_step_ = state_.step;
    if (!plan_.next(state_) && !plan_.epoch_is_open_at_its_end(state_)) return;
    base::say(fmt::format("continuing after step {} of {}", state_.step, plan_.steps()));
  } else {
    require_finite_weights(optimizer_);
    rehearse_saving(setup_.run, model_, optimizer_);
  }
  choose_micro_batch_size(!found);
  if (const auto next = plan_.next(state_))
    try_longest_batch(*objective_, model_, optimizer_, *training_, read(*next), forward(*next));
  log_.emplace(setup_.run, state_.step, plan_.steps(), options_.logging_steps);
  if (!found) {
    log_->start(nlohmann::json{{"steps", plan_.steps()}, {"steps_per_epoch", plan_.ends.front()}});
    state_.first_validation_loss = validation_loss(0);
  }
  if (plan_.epoch_is_open_at_its_end(state_)) close_epoch();
}

/// Auto is found once a run: cutting steps otherwise later would round otherwise.
void Trainer::choose_micro_batch_size(bool is_new) {
  if (options_.micro_batch_size > 0) {
    state_.micro_batch_size = options_.micro_batch_size;
    return;
  }
  if (is_new)
    state_.micro_batch_size = find_micro_batch_size(*objective_, model_, optimizer_, *training_, forward({}));
  training_ = &smaller_training_.emplace(*training_, state_.micro_batch_size);
  if (validation_ != nullptr) validation_ = &smaller_validation_.emplace(*validation_, state_.micro_batch_size);
}

model::ForwardOptions Trainer::forward(const PlannedStep& planned) const {
  return {.checkpoint_activations = options_.gradient_checkpointing,
          .noise = model::NoiseKey{.seed = setup_.seed, .step = static_cast<uint64_t>(planned.number)},
          .neftune_alpha = options_.neftune_noise_alpha,
          .z_loss = options_.z_loss};
}

dataset::Step Trainer::read(const PlannedStep& planned) const {
  dataset::Step step = training_->step(planned.epoch, planned.index);
  if (step.trained == 0)
    throw Error(
        ExitCode::data,
        fmt::format("step {} has nothing to train on: every target of {} is masked; look at the loss mask "
                    "of the training data",
                    planned.number + 1, documents_of(*training_, planned)));
  return step;
}

/// Watches for spikes: says which documents the step read, and ends the run or leaves the update out where the options
/// ask for it.
bool Trainer::is_left_out(const PlannedStep& planned, double loss) {
  const std::optional<LossSpike> spike = spike_of(state_.recent_losses, loss, options_.loss_spike);
  remember(state_.recent_losses, loss, spike, options_.loss_spike);
  if (!spike) return false;
  const auto action = options_.loss_spike.action;
  log_->spike(planned.number + 1, *spike, names_of(action)[static_cast<size_t>(action)], ids_of(*training_, planned));
  const std::string what = fmt::format("step {}: loss {:.3f} stands out from {:.3f} ± {:.3f} of the {} steps before; it read {}",
                                       planned.number + 1, loss, spike->mean, spike->deviation, options_.loss_spike.window,
                                       documents_of(*training_, planned));
  if (action == recipe::SpikeAction::stop)
    throw Error(ExitCode::diverged, fmt::format("{}. The last good checkpoint is {}. Look at these documents with `hone explain`; "
                                                "training.loss_spike.action: skip leaves such steps out",
                                                what, last_good(saved_step_)));
  base::warn(what);
  ++state_.spikes;
  if (action != recipe::SpikeAction::skip) return false;
  ++state_.skipped_steps;
  return true;
}

void Trainer::count(const Loss& loss) {
  ++state_.step;
  state_.tokens += loss.tokens;
  state_.trained_tokens += loss.trained_tokens;
}

void Trainer::report(const StepRecord& record) {
  log_->step(record);
  if (setup_.on_step) setup_.on_step(record);
}

void Trainer::close_epoch() {
  const int64_t completed = plan_.epochs_done(state_.step);
  if (const std::optional<double> loss = validation_loss(completed)) {
    state_.last_validation_loss = loss;
    const bool better = !state_.best || *loss < state_.best->validation_loss - options_.early_stopping.min_delta;
    if (!state_.best || *loss < state_.best->validation_loss) state_.best = BestCheckpoint{state_.step, *loss};
    state_.epochs_without_improvement = better ? 0 : state_.epochs_without_improvement + 1;
  }
  state_.epochs_closed = completed;
  save("epoch");
}

bool Trainer::save_is_due() const {
  return options_.save.strategy == recipe::SaveStrategy::steps && state_.step % options_.save.steps == 0 &&
         saved_step_ != state_.step;
}

void Trainer::save(const std::string& why) {
  const Clock::time_point began = Clock::now();
  const nlohmann::json state = state_document(state_, this_machine(model_.device()), setup_.inputs);
  const ShownAverage shown(optimizer_.average());
  const artifact::Manifest manifest = checkpoint::save(
      setup_.run.checkpoint(state_.step), model_, optimizer_.state(), state, setup_.inputs, facts_of(state_));
  saved_step_ = state_.step;
  uint64_t bytes = 0;
  for (const auto& [name, file] : manifest.files) bytes += file.size;
  log_->checkpoint(state_.step, bytes, seconds_since(began), why);
  const bool keep_best = options_.save.keep_best && state_.best;
  checkpoint::rotate(setup_.run, options_.save.keep,
                     keep_best ? std::optional(state_.best->step) : std::nullopt);
}

void Trainer::save_and_leave() {
  if (state_.step > saved_step_) save("stop");
  throw Error(ExitCode::stopped,
              state_.step == 0
                  ? "stopped before the first step; run the same command again"
                  : fmt::format("stopped after step {} of {}, which is saved; run the same command "
                                "again to go on",
                                state_.step, plan_.steps()));
}

/// Nothing without validation documents. A stop asked for meanwhile leaves the epoch open; it is closed when
/// the run goes on.
std::optional<double> Trainer::validation_loss(int64_t epochs_completed) {
  if (validation_ == nullptr) return std::nullopt;
  const Clock::time_point began = Clock::now();
  const ShownAverage shown(optimizer_.average());
  const std::optional<Loss> loss = objective_->validate(model_, *validation_, [&](int64_t done, int64_t total) {
    log_->validating(state_.step, done, total);
    return !setup_.stop_requested();
  });
  if (!loss) save_and_leave();
  if (!std::isfinite(loss->mean))
    throw Error(ExitCode::diverged,
                fmt::format("the validation loss after step {} is {}; the last good checkpoint is {}",
                            state_.step, loss->mean, last_good(saved_step_)));
  log_->validation({.step = state_.step,
                    .epoch = epochs_completed,
                    .loss = loss->mean,
                    .trained_tokens = loss->trained_tokens,
                    .nats_per_token = loss->nats_per_token,
                    .seconds = seconds_since(began),
                    .metrics = loss->metrics});
  return loss->mean;
}

Error Trainer::diverged(const PlannedStep& planned, double loss, double norm) const {
  return {ExitCode::diverged,
          fmt::format("training diverged at step {} (epoch {}): loss {}, gradient norm {}, learning rate "
                      "{:.3g}; the step read {}. "
                      "The last good checkpoint is {}. Lower training.learning_rate, raise "
                      "training.warmup_steps, or look at these "
                      "documents with `hone explain`",
                      planned.number + 1, planned.epoch + 1, loss, norm, schedule_.rate(planned.number),
                      documents_of(*training_, planned), last_good(saved_step_))};
}

/// How the run was trained, as the report tells it.
nlohmann::json Trainer::facts() const {
  nlohmann::json facts = optimizer_.facts();
  facts["schedule"] = {{"shape", names_of(schedule_.shape)[static_cast<size_t>(schedule_.shape)]},
                       {"learning_rate", schedule_.learning_rate},
                       {"warmup_steps", schedule_.warmup_steps},
                       {"decay_steps", schedule_.decay_steps},
                       {"total_steps", schedule_.total_steps}};
  facts["micro_batch_size"] = state_.micro_batch_size;
  facts["spikes"] = state_.spikes;
  facts["skipped_steps"] = state_.skipped_steps;
  if (options_.ema_decay > 0.0) facts["ema_decay"] = options_.ema_decay;
  if (options_.z_loss > 0.0) facts["z_loss"] = options_.z_loss;
  if (options_.neftune_noise_alpha > 0.0) facts["neftune_noise_alpha"] = options_.neftune_noise_alpha;
  return facts;
}

TrainResult Trainer::result() const {
  TrainResult result{.steps = state_.step,
                     .epochs = state_.epochs_closed,
                     .tokens = state_.tokens,
                     .trained_tokens = state_.trained_tokens,
                     .first_validation_loss = state_.first_validation_loss,
                     .last_validation_loss = state_.last_validation_loss,
                     .last = setup_.run.checkpoint(state_.step),
                     .ended_early = plan_.ended_early(state_) && state_.step < plan_.steps(),
                     .nothing_to_do = !log_,
                     .seconds = seconds_since(begin_)};
  if (state_.best) result.best_validation_loss = state_.best->validation_loss;
  result.facts = facts();
  const bool by_best = options_.save.keep_best && state_.best;
  result.chosen = by_best ? setup_.run.checkpoint(state_.best->step) : result.last;
  return result;
}

}  // namespace

TrainResult train(const TrainSetup& setup, model::Model& model, const dataset::Loader& training,
                  const dataset::Loader* validation) {
  TrainResult result;
  with_memory_advice([&] { result = Trainer(setup, model, training, validation).run(); });
  return result;
}

}  // namespace hone::training
