#include "training/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "artifact/commit.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/progress.h"
#include "tensor/files.h"

namespace hone::training {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr const char* kFile = "log_probabilities.safetensors";
constexpr const char* kKeys = "keys";
constexpr const char* kValues = "log_probabilities";

std::string_view bytes_of(std::span<const int32_t> ids) { return {reinterpret_cast<const char*>(ids.data()), ids.size_bytes()}; }

/// Calls f(batch) for every micro batch of epochs that differ in what they read until it says no; false then.
template <typename F>
bool for_batches(const std::vector<const dataset::Loader*>& loaders, const F& f) {
  for (const dataset::Loader* loader : loaders) {
    const int64_t epochs = loader->mixture().constant() ? 1 : loader->options().epochs;
    for (int64_t epoch = 0; epoch < epochs; ++epoch)
      for (int64_t index = 0; index < loader->steps_in(epoch); ++index)
        for (const dataset::Batch& batch : loader->step(epoch, index).micro_batches)
          if (!batch.empty() && !f(batch)) return false;
  }
  return true;
}

size_t missing_in(const ReferenceStore& store, const std::vector<AnswerKey>& keys) {
  size_t missing = 0;
  for (const AnswerKey& key : keys) missing += store.holds(key) ? 0 : 1;
  return missing;
}

void score_batch(ReferenceStore& store, const model::Model& model, model::Adapters adapters, const dataset::Batch& batch,
                 const std::vector<AnswerKey>& keys) {
  const at::Tensor nll = model::token_nll(model, model::to_device(batch, model), {.adapters = adapters}).to(at::kDouble);
  const double* each = nll.const_data_ptr<double>();
  for (size_t i = 0; i < keys.size(); each += batch.segments[i], ++i) {
    double sum = 0.0;
    for (int32_t t = 0; t < batch.segments[i]; ++t) sum -= each[t];
    if (!std::isfinite(sum))
      throw Error(ExitCode::diverged, "the model that training starts from gives NaN or Inf for an answer of the preference data");
    store.add(keys[i], sum);
  }
}

}  // namespace

AnswerKey key_of(std::span<const int32_t> ids, std::span<const int32_t> targets) {
  constexpr uint64_t kSeeds[] = {0x686f6e65, 0x64706f};
  AnswerKey key;
  for (size_t half = 0; half < 2; ++half) key[half] = base::hash64(bytes_of(targets), base::hash64(bytes_of(ids), kSeeds[half]));
  return key;
}

std::vector<AnswerKey> keys_of(const dataset::Batch& batch) {
  std::vector<AnswerKey> keys;
  size_t begin = 0;
  for (const int32_t length : batch.segments) {
    const auto size = static_cast<size_t>(length);
    keys.push_back(key_of(std::span(batch.ids).subspan(begin, size), std::span(batch.targets).subspan(begin, size)));
    begin += size;
  }
  return keys;
}

ReferenceStore::ReferenceStore(fs::path directory, json inputs) : directory_(std::move(directory)), inputs_(std::move(inputs)) {
  artifact::sweep(directory_.parent_path());
  try {
    const auto manifest = artifact::read_manifest(directory_);
    if (!manifest || manifest->fingerprint != artifact::fingerprint_of(inputs_)) return;
    if (const auto problem = artifact::first_problem(directory_, *manifest, artifact::Depth::contents))
      throw Error(ExitCode::data, *problem);
    const tensor::TensorFile file = tensor::read_tensors(directory_ / kFile);
    const auto keys = file.tensors.find(kKeys), values = file.tensors.find(kValues);
    if (keys == file.tensors.end() || values == file.tensors.end() || keys->second.scalar_type() != at::kLong ||
        values->second.scalar_type() != at::kDouble || values->second.dim() != 1 ||
        keys->second.sizes() != at::IntArrayRef({values->second.numel(), 2}))
      throw Error(ExitCode::data, std::string(kFile) + " does not hold keys and log-probabilities");
    const int64_t* key = keys->second.const_data_ptr<int64_t>();
    for (int64_t i = 0; i < values->second.numel(); ++i, key += 2)
      add({static_cast<uint64_t>(key[0]), static_cast<uint64_t>(key[1])}, values->second.const_data_ptr<double>()[i]);
  } catch (const Error& problem) {
    if (problem.code() != ExitCode::data) throw;
    values_.clear();
    base::warn(fmt::format("the reference log-probabilities in {} are computed again: {}", directory_.string(), problem.what()));
  }
}

double ReferenceStore::at(const AnswerKey& key) const {
  const auto found = values_.find(key);
  HONE_ASSERT(found != values_.end());
  return found->second;
}

void ReferenceStore::save() const {
  std::vector<std::pair<AnswerKey, double>> sorted(values_.begin(), values_.end());
  std::sort(sorted.begin(), sorted.end());  // equal contents, equal bytes
  const auto count = static_cast<int64_t>(sorted.size());
  const at::Tensor keys = at::empty({count, 2}, at::kLong), values = at::empty({count}, at::kDouble);
  for (int64_t i = 0; i < count; ++i) {
    const auto& [key, value] = sorted[static_cast<size_t>(i)];
    keys.mutable_data_ptr<int64_t>()[2 * i] = static_cast<int64_t>(key[0]);
    keys.mutable_data_ptr<int64_t>()[2 * i + 1] = static_cast<int64_t>(key[1]);
    values.mutable_data_ptr<double>()[i] = value;
  }
  artifact::Commit commit(directory_, "reference", inputs_);
  tensor::write_tensors(commit.directory() / kFile, {{kKeys, keys}, {kValues, values}});
  commit.finish({{"answers", count}});
}

bool score_references(ReferenceStore& store, const model::Model& model, model::Adapters adapters,
                      const std::vector<const dataset::Loader*>& loaders, const KeepGoing& keep_going) {
  constexpr auto kSavedEvery = std::chrono::minutes(5);
  uint64_t batches = 0;  // to be scored, at most: a batch counts twice when it comes again in a later epoch
  for_batches(loaders, [&](const dataset::Batch& batch) {
    batches += missing_in(store, keys_of(batch)) > 0 ? 1 : 0;
    return true;
  });
  if (batches == 0) return true;
  base::Progress progress("reference", batches, "batches");
  uint64_t done = 0;
  auto saved = std::chrono::steady_clock::now();
  const bool finished = for_batches(loaders, [&](const dataset::Batch& batch) {
    const std::vector<AnswerKey> keys = keys_of(batch);
    if (missing_in(store, keys) == 0) return true;
    if (!keep_going(static_cast<int64_t>(done), static_cast<int64_t>(batches))) return false;
    score_batch(store, model, adapters, batch, keys);
    progress.update(++done);
    if (const auto now = std::chrono::steady_clock::now(); now - saved > kSavedEvery) {
      store.save();
      saved = now;
    }
    return true;
  });
  if (finished) progress.finish(fmt::format("{} answers", store.size()));
  store.save();
  return finished;
}

}  // namespace hone::training
