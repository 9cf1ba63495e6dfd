#pragma once
/// What a training run says while it goes: metrics.jsonl (one JSON object a line, one line an event),
/// TensorBoard scalars beside it, and a progress bar with loss, tokens/s and time left. A continued run first
/// cuts metrics.jsonl back to the step it continues from, so the file reads like that of a run never stopped
/// (times apart). Events: start, step, spike,
/// validation, checkpoint, end.
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "artifact/names.h"
#include "base/progress.h"
#include "training/event_file.h"
#include "training/loss_spikes.h"
#include "training/records.h"

namespace hone::training {

class RunLog {
 public:
  /// `resumed_step` 0 begins anew. Every `logging_steps`th step is written (the bar moves at each). Throws
  /// storage.
  RunLog(const artifact::RunDirectory& run, int64_t resumed_step, int64_t total_steps, int64_t logging_steps);

  void start(const nlohmann::json& facts);
  void step(const StepRecord& record);
  /// Moves the bar's words only.
  void validating(int64_t step, int64_t done, int64_t total);
  void validation(const ValidationRecord& record);
  /// A step whose loss stands out, with all documents it read.
  void spike(int64_t step, const LossSpike& spike, std::string_view action, const std::vector<std::string>& documents);
  void checkpoint(int64_t step, uint64_t bytes, double seconds, const std::string& why);
  /// Leaves the bar's last line; `facts` go into the `end` event.
  void end(int64_t step, const nlohmann::json& facts);

 private:
  void write(const char* event, int64_t step, nlohmann::json fields);
  std::filesystem::path metrics_;
  EventFile events_;
  base::Progress progress_;
  int64_t total_steps_, logging_steps_;
};

}  // namespace hone::training
