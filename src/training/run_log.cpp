#include "training/run_log.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.h"
#include "base/log.h"

namespace hone::training {
namespace {

using nlohmann::json;

/// Keeps the lines of events up to `last_step`; a torn last line (the process was killed while writing it)
/// goes too.
void cut_back(const std::filesystem::path& metrics, int64_t last_step) {
  if (!std::filesystem::exists(metrics)) return;
  std::istringstream lines(base::read_file(metrics));
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    const json event = json::parse(line, nullptr, false);
    if (!event.is_object() || !event.contains("step") || !event["step"].is_number_integer()) continue;
    if (event["step"].get<int64_t>() > last_step || event.value("event", "") == "end") continue;
    kept += line + "\n";
  }
  base::replace_file(metrics, kept);
}

double tokens_per_second(int64_t tokens, double seconds) {
  return seconds > 0.0 ? static_cast<double>(tokens) / seconds : 0.0;
}

/// Perplexity overflows quickly with random weights; JSON has no infinity.
json perplexity(double loss) { return loss < 700.0 ? json(std::exp(loss)) : json(nullptr); }

void add(json& fields, const std::vector<NamedMetric>& metrics) {
  for (const NamedMetric& metric : metrics) fields[metric.name] = metric.value;
}

/// `scalars` and the objective's own figures, on charts of the same group.
void write_scalars(EventFile& file, int64_t step, const std::string& group,
                   std::vector<std::pair<std::string, double>> scalars, const std::vector<NamedMetric>& metrics) {
  for (const NamedMetric& metric : metrics) scalars.emplace_back(metric.name, metric.value);
  for (auto& [name, value] : scalars) name = group + "/" + name;
  std::vector<std::pair<std::string_view, double>> views(scalars.begin(), scalars.end());
  file.scalars(step, views);
}

}  // namespace

RunLog::RunLog(const artifact::RunDirectory& run, int64_t resumed_step, int64_t total_steps,
               int64_t logging_steps)
    : metrics_(run.metrics()),
      events_(run.tensorboard(), resumed_step),
      progress_("training", static_cast<uint64_t>(total_steps), "steps"),
      total_steps_(total_steps),
      logging_steps_(logging_steps) {
  if (resumed_step > 0)
    cut_back(metrics_, resumed_step);
  else
    std::filesystem::remove(metrics_);
  progress_.update(static_cast<uint64_t>(resumed_step));
}

void RunLog::start(const json& facts) { write("start", facts.value("step", int64_t{0}), facts); }

void RunLog::step(const StepRecord& record) {
  const double rate = tokens_per_second(record.tokens, record.seconds);
  progress_.update(static_cast<uint64_t>(record.step),
                   fmt::format("loss {:.3f} · {:.0f} tokens/s", record.loss, rate));
  if (record.step % logging_steps_ != 0 && record.step != total_steps_) return;
  json fields = {{"epoch", record.epoch},
                 {"loss", record.loss},
                 {"learning_rate", record.learning_rate},
                 {"gradient_norm", record.gradient_norm},
                 {"tokens", record.tokens},
                 {"trained_tokens", record.trained_tokens},
                 {"tokens_per_second", rate},
                 {"seconds", record.seconds}};
  add(fields, record.metrics);
  write("step", record.step, std::move(fields));
  write_scalars(events_, record.step, "train",
                {{"loss", record.loss},
                 {"learning_rate", record.learning_rate},
                 {"gradient_norm", record.gradient_norm},
                 {"tokens_per_second", rate},
                 {"epoch", static_cast<double>(record.epoch)}},
                record.metrics);
}

void RunLog::validating(int64_t step, int64_t done, int64_t total) {
  progress_.update(static_cast<uint64_t>(step), fmt::format("validating {} of {}", done, total));
}

void RunLog::validation(const ValidationRecord& record) {
  json fields = {{"epoch", record.epoch},
                 {"loss", record.loss},
                 {"trained_tokens", record.trained_tokens},
                 {"seconds", record.seconds}};
  std::vector<std::pair<std::string, double>> scalars = {{"loss", record.loss}};
  if (record.nats_per_token) {
    fields["perplexity"] = perplexity(record.loss);
    scalars.emplace_back("perplexity", std::exp(record.loss));
  }
  add(fields, record.metrics);
  write("validation", record.step, std::move(fields));
  write_scalars(events_, record.step, "validation", std::move(scalars), record.metrics);
  base::say(record.step == 0 ? fmt::format("before training: validation loss {:.3f}", record.loss)
                             : fmt::format("step {}, epoch {}: validation loss {:.3f}", record.step,
                                           record.epoch, record.loss));
}

void RunLog::spike(int64_t step, const LossSpike& spike, std::string_view action, const std::vector<std::string>& documents) {
  write("spike", step,
        {{"loss", spike.loss}, {"mean", spike.mean}, {"deviation", spike.deviation}, {"threshold", spike.threshold},
         {"action", action}, {"documents", documents}});
}

void RunLog::checkpoint(int64_t step, uint64_t bytes, double seconds, const std::string& why) {
  write("checkpoint", step, {{"bytes", bytes}, {"seconds", seconds}, {"why", why}});
}

void RunLog::end(int64_t step, const json& facts) {
  write("end", step, facts);
  progress_.finish();
}

void RunLog::write(const char* event, int64_t step, json fields) {
  fields["event"] = event;
  fields["step"] = step;
  fields["time"] = base::utc_now();
  base::append_line(metrics_, fields.dump());
}

}  // namespace hone::training
