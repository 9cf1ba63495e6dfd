#include "recipe/instruction_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/nearest.h"

namespace hone::recipe {
namespace {

constexpr size_t kLongestColumn = 200;

std::string_view name(SourceFormat format) { return names_of(format)[static_cast<size_t>(format)]; }

/// Columns that rows of a format have.
std::vector<std::string_view> columns_of(SourceFormat format) {
  switch (format) {
    case SourceFormat::text: return {};
    case SourceFormat::messages:
    case SourceFormat::sharegpt: return {"messages", "role", "content", "system"};
    case SourceFormat::alpaca: return {"instruction", "input", "output", "system"};
    case SourceFormat::prompt_completion: return {"prompt", "completion", "role", "content", "system"};
    case SourceFormat::preference: return {"prompt", "chosen", "rejected", "role", "content", "system"};
  }
  return {};
}

class InstructionChecks {
 public:
  using Wrong = std::function<void(const std::string&, std::string)>;
  using Idle = std::function<void(const std::string&, const std::string&)>;
  InstructionChecks(const Recipe& recipe, const Wrong& wrong, const Idle& idle)
      : sources_(recipe.corpus.sources), training_(recipe.training), wrong_(wrong), idle_(idle) {}

  void run() {
    for (size_t i = 0; i < sources_.size(); ++i) {
      columns(i);
      format(i);
    }
    enough();
    labels();
  }

 private:
  void columns(size_t i) {
    const SourceOptions& source = sources_[i];
    const std::string key = fmt::format("corpus.sources.{}", i), why = fmt::format("format is {}", name(source.format));
    const ColumnOptions& c = source.columns;
    const std::array<std::pair<std::string_view, const std::string*>, 11> all = {
        {{"messages", &c.messages}, {"role", &c.role}, {"content", &c.content}, {"instruction", &c.instruction}, {"input", &c.input}, {"output", &c.output},
         {"prompt", &c.prompt}, {"completion", &c.completion}, {"chosen", &c.chosen}, {"rejected", &c.rejected}, {"system", &c.system}}};
    const std::vector<std::string_view> used = columns_of(source.format);
    for (const auto& [column, value] : all) {
      const std::string path = fmt::format("{}.columns.{}", key, column);
      if (std::find(used.begin(), used.end(), column) == used.end()) idle_(path, why);
      if (value->size() > kLongestColumn) wrong_(path, fmt::format("{}: a column's name has at most {} bytes", path, kLongestColumn));
    }
    if (source.format != SourceFormat::text) idle_(key + ".text_field", why + "; see columns");
  }

  void format(size_t i) {
    const SourceOptions& source = sources_[i];
    const std::string key = fmt::format("corpus.sources.{}.format", i);
    const bool text = source.format == SourceFormat::text, preference = source.format == SourceFormat::preference;
    const bool trained = source.use == SourceUse::training;
    switch (training_.objective) {
      case Objective::pretrain:
        if (!text) wrong_(key, fmt::format("{} is instruction data, which training.objective pretrain does not read; set it to {}", name(source.format), preference ? "dpo" : "sft"));
        break;
      case Objective::sft:
        if (preference) wrong_(key, "preferences are trained with training.objective dpo, not sft");
        break;
      case Objective::dpo:
        if (trained && !preference)
          wrong_(key, fmt::format("training.objective dpo trains on preferences alone; {} does not go with them (set use: forgetting to only measure it, or train in two runs)", name(source.format)));
        if (!trained && preference) wrong_(key, "preferences are trained, not measured for forgetting");
        break;
    }
  }

  void enough() {
    if (sources_.empty()) return;
    const auto any = [&](auto fits) {
      return std::any_of(sources_.begin(), sources_.end(), [&](const SourceOptions& source) { return source.use == SourceUse::training && fits(source.format); });
    };
    if (training_.objective == Objective::sft && !any([](SourceFormat format) { return format != SourceFormat::text; }))
      wrong_("training.objective", "training.objective sft needs a source of instruction data; give one of corpus.sources a format such as messages or alpaca");
    if (training_.objective == Objective::dpo && !any([](SourceFormat format) { return format == SourceFormat::preference; }))
      wrong_("training.objective", "training.objective dpo needs a source with format: preference");
  }

  void labels() {
    if (training_.objective == Objective::pretrain) {
      for (const char* key : {"chat_template", "train_on_inputs", "roles_to_train"}) idle_(fmt::format("training.{}", key), "training.objective is pretrain");
      return;
    }
    if (training_.objective == Objective::dpo) {
      for (const char* key : {"train_on_inputs", "roles_to_train"}) idle_(fmt::format("training.{}", key), "training.objective dpo compares answers");
      return;
    }
    const std::string key = "training.roles_to_train";
    if (training_.train_on_inputs) return idle_(key, "train_on_inputs is true: everything is trained");
    static const std::vector<std::string> kRoles = {"system", "user", "assistant", "tool"};
    if (training_.roles_to_train.empty()) wrong_(key, key + " names nobody, and nothing would be trained");
    for (const std::string& role : training_.roles_to_train) {
      if (std::find(kRoles.begin(), kRoles.end(), role) != kRoles.end()) continue;
      const auto near = base::nearest(role, kRoles);
      wrong_(key, fmt::format("{}: there is no role {}; {}", key, role, near ? "did you mean " + *near + "?" : fmt::format("there are {}", fmt::join(kRoles, ", "))));
    }
  }

  const std::vector<SourceOptions>& sources_;
  const TrainingOptions& training_;
  const Wrong& wrong_;
  const Idle& idle_;
};

}  // namespace

void check_instruction_data(const Recipe& recipe, const InstructionChecks::Wrong& wrong, const InstructionChecks::Idle& idle) {
  InstructionChecks(recipe, wrong, idle).run();
}

}  // namespace hone::recipe
