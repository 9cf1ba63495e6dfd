#include "training/state.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <fmt/format.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/error.h"
#include "base/log.h"

namespace hone::training {

using nlohmann::json;

namespace {

constexpr int64_t kMostRows = 10'000'000'000;  // the largest that options allow, 100,000 micro batches of as many

json optional_number(const std::optional<double>& value) { return value ? json(*value) : json(nullptr); }

std::optional<double> optional_number(const json& value) {
  return value.is_null() ? std::nullopt : std::optional<double>(value.get<double>());
}

/// What LibTorch's kernels are chosen for, and the matrix units that oneDNN asks the processor about by
/// itself.
std::string instruction_set() {
  std::string set = at::get_cpu_capability();
  std::ifstream processors("/proc/cpuinfo");
  for (std::string line; std::getline(processors, line);) {
    if (line.rfind("flags", 0) != 0) continue;
    for (const char* unit : {"avx512_bf16", "amx_bf16"})
      if (line.find(unit) != std::string::npos) set += std::string(" ") + unit;
    break;
  }
  return set;
}

/// "/training/learning_rate" of a flattened object as people write it.
std::string dotted(std::string pointer) {
  std::replace(pointer.begin(), pointer.end(), '/', '.');
  return pointer.empty() ? pointer : pointer.substr(1);
}

}  // namespace

json facts_of(const TrainState& state) {
  json best = nullptr;
  if (state.best) best = {{"step", state.best->step}, {"validation_loss", state.best->validation_loss}};
  return {{"step", state.step},
          {"epochs_closed", state.epochs_closed},
          {"tokens", state.tokens},
          {"trained_tokens", state.trained_tokens},
          {"first_validation_loss", optional_number(state.first_validation_loss)},
          {"last_validation_loss", optional_number(state.last_validation_loss)},
          {"best", best},
          {"epochs_without_improvement", state.epochs_without_improvement},
          {"spikes", state.spikes},
          {"skipped_steps", state.skipped_steps},
          {"micro_batch_size", state.micro_batch_size}};
}

json to_json(const TrainState& state) {
  json whole = facts_of(state);
  whole["recent_losses"] = state.recent_losses;
  return whole;
}

TrainState state_from_json(const json& value, const std::string& where) {
  try {
    TrainState state;
    state.step = value.at("step").get<int64_t>();
    state.epochs_closed = value.at("epochs_closed").get<int64_t>();
    state.tokens = value.at("tokens").get<int64_t>();
    state.trained_tokens = value.at("trained_tokens").get<int64_t>();
    state.first_validation_loss = optional_number(value.at("first_validation_loss"));
    state.last_validation_loss = optional_number(value.at("last_validation_loss"));
    if (const json& best = value.at("best"); !best.is_null())
      state.best = BestCheckpoint{best.at("step").get<int64_t>(), best.at("validation_loss").get<double>()};
    state.epochs_without_improvement = value.at("epochs_without_improvement").get<int64_t>();
    state.recent_losses = value.at("recent_losses").get<std::vector<double>>();
    state.spikes = value.at("spikes").get<int64_t>();
    state.skipped_steps = value.at("skipped_steps").get<int64_t>();
    state.micro_batch_size = value.at("micro_batch_size").get<int64_t>();
    if (state.step < 0 || state.epochs_closed < 0)
      throw Error(ExitCode::data, where + ": a negative step or epoch");
    if (state.micro_batch_size < 1 || state.micro_batch_size > kMostRows)
      throw Error(ExitCode::data, fmt::format("{}: a micro batch of {} rows", where, state.micro_batch_size));
    return state;
  } catch (const json::exception& problem) {
    throw Error(ExitCode::data, where + ": not a training state of this version (" + problem.what() + ")");
  }
}

Machine this_machine(const at::Device& device) {
  return {.threads = at::get_num_threads(),
          .instruction_set = instruction_set(),
          .libtorch = TORCH_VERSION,
          .products = tensor::matmul_policy(),
          .device = device.str()};
}

json to_json(const Machine& machine) {
  return {{"threads", machine.threads},
          {"instruction_set", machine.instruction_set},
          {"libtorch", machine.libtorch},
          {"onednn_float32", machine.products.onednn_float32},
          {"widen_bfloat16", machine.products.widen_bfloat16},
          {"device", machine.device}};
}

std::vector<std::string> take_over(const json& recorded, const at::Device& device) {
  constexpr int kMostThreads = 4096;  // a number from a file is not to be trusted with creating threads
  const int threads = recorded.value("threads", 0);
  if (threads > 0 && threads <= kMostThreads && threads != at::get_num_threads()) {
    base::say(fmt::format("continuing with {} threads as before, so that the result stays exact", threads));
    at::set_num_threads(threads);
  }
  // On another processor the recorded choice could be slow or, with matrix units that round, wrong.
  if (recorded.value("instruction_set", "") == instruction_set())
    tensor::set_matmul_policy({.onednn_float32 = recorded.value("onednn_float32", false),
                               .widen_bfloat16 = recorded.value("widen_bfloat16", false)});
  return differences(recorded, to_json(this_machine(device)));
}

std::vector<std::string> differences(const json& recorded, const json& present) {
  const json before = recorded.flatten(), now = present.flatten();
  std::set<std::string> keys;
  for (const json* side : {&before, &now})
    for (const auto& [key, value] : side->items()) keys.insert(key);
  std::vector<std::string> lines;
  for (const std::string& key : keys) {
    const std::string left = before.contains(key) ? before.at(key).dump() : "absent";
    const std::string right = now.contains(key) ? now.at(key).dump() : "absent";
    if (left != right)
      lines.push_back(fmt::format("{}: {} in the checkpoint, {} now", dotted(key), left, right));
  }
  return lines;
}

}  // namespace hone::training
