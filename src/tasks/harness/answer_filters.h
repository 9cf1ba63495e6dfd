#pragma once
/// From what a model wrote to what is compared with the target: the filter pipelines of a task (lm-evaluation-harness's regex,
/// take_first, remove_whitespace, lowercase, uppercase, map, multi_choice_regex).
#include <memory>
#include <string>
#include <vector>

#include "tasks/harness/python_regex.h"
#include "tasks/harness/rows.h"
#include "tasks/harness/task_file.h"

namespace hone::tasks {

class AnswerFilter {
 public:
  /// Throws usage naming the task for an expression that does not compile or an option that is not known.
  AnswerFilter(const TaskConfig& task, const FilterPipeline& pipeline);
  ~AnswerFilter();
  AnswerFilter(AnswerFilter&&) noexcept;

  const std::string& name() const { return name_; }
  std::string apply(std::string answer, const Row& row) const;

 private:
  struct Step;
  std::string name_;
  std::vector<std::unique_ptr<Step>> steps_;
};

}  // namespace hone::tasks
