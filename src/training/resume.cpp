#include "training/resume.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/log.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/history.h"

namespace hone::training {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr int kSchema = 2;

void require_same_inputs(const json& recorded, const json& present, const fs::path& folder) {
  const std::vector<std::string> changed = differences(recorded, present);
  if (changed.empty()) return;
  throw Error(ExitCode::usage, fmt::format("{} was made with other fixed options or data and cannot be "
                                           "continued:\n  {}\nput them back, or train "
                                           "under another name",
                                           folder.string(), fmt::join(changed, "\n  ")));
}

}  // namespace

json state_document(const TrainState& state, const Machine& machine, const json& inputs) {
  return {{"schema", kSchema}, {"state", to_json(state)}, {"machine", to_json(machine)}, {"inputs", inputs}};
}

std::optional<TrainState> resume(const artifact::RunDirectory& run, const json& inputs, model::Model& model,
                                 Optimizer& optimizer) {
  const checkpoint::Search found = checkpoint::newest_verified(run);
  for (const checkpoint::Skipped& skipped : found.skipped)
    base::warn(fmt::format("{} is not used: {}", skipped.folder.string(), skipped.reason));
  if (!found.newest) {
    if (found.skipped.empty()) return std::nullopt;
    throw Error(
        ExitCode::data,
        fmt::format("none of the checkpoints in {} verifies ({}: {}); restore one, or remove that folder "
                    "to train again from the first step",
                    run.checkpoints().string(), found.skipped.front().folder.filename().string(),
                    found.skipped.front().reason));
  }
  const fs::path& folder = *found.newest;
  const json document = checkpoint::read_state(folder);
  const std::string where = (folder / artifact::kTrainState).string();
  if (document.value("schema", 0) != kSchema)
    throw Error(ExitCode::data, where + ": written by another version of Hone");
  for (const char* part : {"inputs", "machine", "state"})
    if (!document.contains(part) || !document[part].is_object())
      throw Error(ExitCode::data, where + ": no " + part);
  const TrainState state = state_from_json(document["state"], where);
  if (state.step != artifact::checkpoint_step(folder.filename().string()))
    throw Error(ExitCode::data,
                fmt::format("{}: says step {}, which is not the folder's", where, state.step));
  require_same_inputs(document["inputs"], inputs, folder);
  for (const std::string& changed : take_over(document["machine"], model.device()))
    base::warn(fmt::format("going on from {} will not be exact to the byte: {}", folder.filename().string(),
                           changed));
  const ShownAverage shown(optimizer.average());
  checkpoint::load_into(folder, model, optimizer.state());
  return state;
}

}  // namespace hone::training
