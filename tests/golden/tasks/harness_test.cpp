/// Task files of lm-evaluation-harness against what lm_eval 0.4.13 asked and scored: prompts, continuations and scores are equal,
/// given the log-probabilities and answers it stored.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/lines.h"
#include "jinja/template.h"
#include "support/shared.h"
#include "tasks/harness/results.h"

namespace hone::tasks {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::vector<Json> lines_of(const fs::path& file) {
  std::vector<Json> all;
  base::LineReader reader(file);
  while (const auto line = reader.next()) all.push_back(Json::parse(*line));
  return all;
}

ChatStyle style_of(const Json& run, const fs::path& golden) {
  ChatStyle style;
  style.system_instruction = run.value("system_instruction", "");
  style.fewshot_as_multiturn = run.value("fewshot_as_multiturn", false);
  if (!run.value("apply_chat_template", false)) return style;
  const auto made = std::make_shared<jinja::Template>(base::read_file(golden / "chat/llama3.jinja"), jinja::TemplateOptions::chat(), "llama3");
  style.apply = [made](const std::vector<ChatMessage>& messages, bool add_generation_prompt) {
    jinja::List list;
    for (const ChatMessage& message : messages) {
      jinja::Dict each;
      each.put("role", message.role);
      each.put("content", message.content);
      list.items.emplace_back(std::move(each));
    }
    jinja::Dict context;
    context.put("messages", std::move(list));
    context.put("add_generation_prompt", add_generation_prompt);
    context.put("bos_token", "<|begin_of_text|>");
    return made->render(context).text;
  };
  return style;
}

SampleAnswer stored_answer(const TaskConfig& task, const Json& sample) {
  SampleAnswer answer;
  for (const Json& response : sample.at("resps")) {
    const Json& first = response.at(0);
    if (task.output == OutputType::generate_until) {
      answer.raw = first.get<std::string>();
    } else if (first.is_array()) {
      answer.loglikelihoods.push_back(first.at(0).get<double>());
      answer.greedy.push_back(first.at(1).get<bool>());
    } else {
      answer.loglikelihoods.push_back(first.get<double>());
    }
  }
  return answer;
}

/// Asks every row of a task, scores the stored answers, and compares line by line with what the harness wrote.
TaskScores replay(const TaskConfig& task, const fs::path& samples, const ChatStyle& style) {
  const TaskRows rows = load_rows(task);
  const std::vector<Json> expected = lines_of(samples);
  TaskScores scores;
  for (const FilterPipeline& pipeline : task.filters) {
    const AnswerFilter filter(task, pipeline);
    Prompter prompter(task, rows, style);
    scores.rows = scores.rows_original = prompter.size();
    while (const auto question = prompter.next()) {
      const Json* stored = nullptr;
      for (const Json& each : expected)
        if (each.at("doc_id") == question->row && each.at("filter") == pipeline.name) stored = &each;
      if (stored == nullptr) {
        ADD_FAILURE() << task.name << " row " << question->row << " has no stored sample";
        return scores;
      }
      SampleAnswer answer = stored_answer(task, *stored);
      answer.filtered = filter.apply(answer.raw, prompter.document(question->row));
      const RowScores scored =
          score_row(task, prompter, *question, {.loglikelihoods = answer.loglikelihoods, .greedy = answer.greedy, .text = answer.filtered});
      EXPECT_EQ(sample_json(task, prompter, *question, answer, pipeline.name, scored).dump(1), stored->dump(1)) << task.name;
      for (const auto& [metric, score] : scored) scores.by_filter[pipeline.name][metric].push_back(score);
    }
  }
  return scores;
}

void expect_close(const Json& ours, const Json& theirs, const std::string& where) {
  if (theirs.is_object()) {
    ASSERT_TRUE(ours.is_object()) << where;
    EXPECT_EQ(ours.size(), theirs.size()) << where << ": " << ours.dump() << "\n" << theirs.dump();
    for (const auto& [key, value] : theirs.items()) {
      ASSERT_TRUE(ours.contains(key)) << where << "." << key;
      expect_close(ours.at(key), value, where + "." + key);
    }
  } else if (theirs.is_number_float() && ours.is_number()) {
    EXPECT_NEAR(ours.get<double>(), theirs.get<double>(), 1e-9 * std::max(1.0, std::fabs(theirs.get<double>()))) << where;
  } else {
    EXPECT_EQ(ours, theirs) << where;
  }
}

TEST(Harness, PromptsScoresAndResultsAreThoseOfLmEval) {
  const auto golden = test::golden();
  if (!golden) GTEST_SKIP() << "no golden evaluations: set HONE_GOLDEN";
  for (const std::string name : {"llama2", "llama3", "llama3_chat"}) {
    const fs::path folder = *golden / "eval/runs" / name;
    const Json expected = Json::parse(base::read_file(folder / "results.json"));
    const ChatStyle style = style_of(expected.at("run"), *golden);
    TaskSet set;
    for (const Json& asked : expected.at("run").at("tasks")) {
      TaskSet read = read_task_file(*golden / "eval/tasks" / (asked.get<std::string>() + ".yaml"));
      for (TaskConfig& task : read.tasks) set.tasks.push_back(std::move(task));
      for (GroupConfig& group : read.groups) set.groups.push_back(std::move(group));
    }
    std::map<std::string, TaskScores> scores;
    for (const TaskConfig& task : set.tasks) scores[task.name] = replay(task, folder / ("samples_" + task.name + ".jsonl"), style);
    const Json ours = results_json(set, scores, expected.at("run").at("bootstrap_iters").get<int>());
    for (const auto& [key, value] : ours.items()) expect_close(value, expected.at(key), name + "." + key);
  }
}

}  // namespace
}  // namespace hone::tasks
