#include "training/micro_batch_size.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/log.h"
#include "training/memory_room.h"
#include "training/preflight.h"

namespace hone::training {
namespace {

/// Of the free memory: the rest is for checkpoints being written and for other programs.
constexpr double kShare = 0.8;
constexpr double kFasterBy = 1.05;

using Clock = std::chrono::steady_clock;

int64_t rows_of_a_step(const dataset::LoaderOptions& options) {
  return options.micro_batch_size * options.gradient_accumulation_steps;
}

}  // namespace

int64_t choose_rows(const MicroBatchLimits& limits,
                    const std::function<std::optional<MicroBatchTrial>(int64_t rows)>& attempt) {
  int64_t best = 1;
  double best_speed = 0.0;
  for (int64_t rows = 1;; rows = std::min(2 * rows, limits.most_rows)) {
    const std::optional<MicroBatchTrial> trial = attempt(rows);
    if (!trial || (rows > 1 && trial->peak > limits.room)) break;
    const bool faster = trial->tokens_per_second > kFasterBy * best_speed;
    if (limits.weighs_speed && !faster) break;
    best = rows;
    best_speed = trial->tokens_per_second;
    const int64_t next = std::min(2 * rows, limits.most_rows);
    const uint64_t a_row = (trial->peak - std::min(trial->peak, limits.used)) / static_cast<uint64_t>(rows);
    if (next == rows || limits.used + a_row * static_cast<uint64_t>(next) > limits.room) break;
  }
  return best;
}

int64_t find_micro_batch_size(const Objective& objective, const model::Model& model, Optimizer& optimizer,
                              const dataset::Loader& loader, const model::ForwardOptions& options) {
  const at::Device device = model.device();
  MicroBatchLimits limits{.most_rows = std::min(rows_of_a_step(loader.options()), loader.rows()), .weighs_speed = device.is_cpu()};
  limits.used = memory_of(device, [] {}).before;
  limits.room = limits.used + static_cast<uint64_t>(kShare * static_cast<double>(free_memory(device)));
  const auto attempt = [&](int64_t rows) -> std::optional<MicroBatchTrial> {
    const dataset::Batch batch = dataset::Loader(loader, rows).longest_batch();
    MicroBatchTrial trial;
    const auto pass = [&] {
      const Clock::time_point began = Clock::now();
      objective.rehearse(model, batch, options);
      const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
      trial.tokens_per_second = std::max(trial.tokens_per_second, static_cast<double>(batch.tokens()) / std::max(seconds, 1e-9));
      optimizer.drop_gradients();
    };
    try {
      with_memory_advice([&] { trial.peak = memory_of(device, pass).peak; });
      if (limits.weighs_speed) pass();  // once more with its memory already there
    } catch (const Error& error) {
      optimizer.drop_gradients();
      if (error.code() != ExitCode::storage || rows == 1) throw;
      return std::nullopt;
    }
    return trial;
  };
  const int64_t rows = choose_rows(limits, attempt);
  base::say(fmt::format("micro_batch_size auto: {} of the {} rows of a step at once", rows, limits.most_rows));
  return rows;
}

}  // namespace hone::training
