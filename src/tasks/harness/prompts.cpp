#include "tasks/harness/prompts.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "base/error.h"
#include "jinja/template.h"
#include "tasks/harness/native.h"
#include "tasks/harness/python_literal.h"

namespace hone::tasks {
namespace {

using jinja::Value;

bool is_digits(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Python's str.isspace() of one character of `text`: the first or the last.
bool space_at(const std::string& text, bool last) {
  if (text.empty()) return false;
  int32_t at = last ? static_cast<int32_t>(text.size()) : 0;
  const auto length = static_cast<int32_t>(text.size());
  UChar32 code = 0;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  if (last) {
    U8_PREV(bytes, 0, at, code);
  } else {
    U8_NEXT(bytes, at, length, code);
  }
  return u_isUWhiteSpace(code) || (code >= 0x1C && code <= 0x1F);
}

/// prefix and suffix with the delimiter between them, unless there is white space where they meet.
std::string delimited(const std::string& prefix, const std::string& suffix, const std::string& delimiter) {
  if (prefix.empty()) return suffix;
  if (suffix.empty()) return prefix;
  return space_at(prefix, true) || space_at(suffix, false) ? prefix + suffix : prefix + delimiter + suffix;
}

const int64_t* index_of(const Value& value, int64_t& room) {
  if (const int64_t* number = value.integer()) return number;
  if (!value.is<bool>()) return nullptr;
  room = value.truth() ? 1 : 0;
  return &room;
}

}  // namespace

/// The fields of a task with their templates read once.
struct Prompter::Fields {
  struct Field {
    TaskField given;
    bool is_column = false;
    std::optional<jinja::Template> made;
    RowFunction function;
  };
  Field text, choice, target, example_text, example_choice, example_target, description, prefix, example_prefix;
  const TaskConfig& task;

  Fields(const TaskConfig& config, const std::vector<std::string>& columns) : task(config) {
    text = prepared("doc_to_text", config.text, columns);
    choice = prepared("doc_to_choice", config.choice, columns);
    target = prepared("doc_to_target", config.target, columns);
    example_text = prepared("fewshot_config.doc_to_text", config.fewshot.text, columns);
    example_choice = prepared("fewshot_config.doc_to_choice", config.fewshot.choice, columns);
    example_target = prepared("fewshot_config.doc_to_target", config.fewshot.target, columns);
    description = prepared("description", config.description, columns);
    prefix = prepared("gen_prefix", config.gen_prefix, columns);
    example_prefix = prepared("fewshot_config.gen_prefix", config.fewshot.gen_prefix, columns);
  }

  Field prepared(const std::string& key, const TaskField& given, const std::vector<std::string>& columns) const {
    Field field{given, false, std::nullopt, nullptr};
    if (const auto* name = std::get_if<FunctionName>(&given)) field.function = native_function(task, *name);
    if (const auto* source = std::get_if<std::string>(&given)) {
      field.is_column = std::find(columns.begin(), columns.end(), *source) != columns.end();
      if (!field.is_column) field.made.emplace(*source, jinja::TemplateOptions::task(), task.file.string() + ": " + key);
    }
    return field;
  }

  /// A field's value for a row; `read_back`: what a template wrote is read as Python does for targets.
  Value value(const Field& field, const Row& row, const char* key) const {
    if (field.function) return jinja::from_json(field.function(row));
    if (const auto* number = std::get_if<int64_t>(&field.given)) return Value(*number);
    if (const auto* list = std::get_if<std::vector<std::string>>(&field.given)) {
      jinja::List items;
      for (const std::string& item : *list) items.items.emplace_back(item);
      return Value(std::move(items));
    }
    const auto* source = std::get_if<std::string>(&field.given);
    if (source == nullptr) throw Error(ExitCode::usage, task.file.string() + ": " + key + " is missing");
    if (field.is_column) return jinja::from_json(row.at(*source));
    return Value(field.made->render(*jinja::from_json(row).dict()).text);
  }

  bool has_choice() const { return !std::holds_alternative<std::monostate>(choice.given); }

  Value question(const Field& field, const Row& row) const {
    Value value = this->value(field, row, "doc_to_text");
    if (field.made && has_choice() && is_digits(*value.string())) return Value(static_cast<int64_t>(std::stoll(*value.string())));
    return value;
  }

  Value answer(const Field& field, const Row& row) const {
    Value value = this->value(field, row, "doc_to_target");
    if (!field.made) return value;
    const std::string& wrote = *value.string();
    if (has_choice() && is_digits(wrote) && wrote.size() < 18) return Value(static_cast<int64_t>(std::stoll(wrote)));
    if (wrote.size() >= 2 && wrote.front() == '[' && wrote.back() == ']')
      if (auto literal = python_literal(wrote)) return *literal;
    return value;
  }

  Value choices(const Field& field, const Row& row) const {
    Value value = this->value(field, row, "doc_to_choice");
    if (!field.made) return value;
    auto literal = python_literal(*value.string());
    if (!literal) throw Error(ExitCode::data, task.file.string() + ": doc_to_choice wrote no Python list: " + value.string()->substr(0, 200));
    return *literal;
  }

  std::string plain(const Field& field, const Row& row, const char* key) const {
    const auto* source = std::get_if<std::string>(&field.given);
    if (source == nullptr || source->empty()) return {};
    const Value value = this->value(field, row, key);
    if (value.string() == nullptr) throw Error(ExitCode::data, task.file.string() + ": " + key + " gives no text");
    return *value.string();
  }
};

Prompter::Prompter(const TaskConfig& task, const TaskRows& rows, ChatStyle style, uint64_t seed)
    : task_(task), style_(std::move(style)), random_(seed) {
  const auto processed = [&](const std::string& split) {
    const auto found = rows.splits.find(split);
    if (found == rows.splits.end()) refuse("the split " + split + " has no file; dataset_kwargs.data_files names the files of a split");
    std::vector<Row> documents = found->second;
    if (task.process_docs) {
      const RowFunction function = native_function(task, *task.process_docs);
      for (Row& row : documents) row = function(row);
    }
    return documents;
  };
  documents_ = std::make_unique<std::vector<Row>>(processed(evaluated_split(task)));
  std::vector<std::string> columns;
  for (const auto& [key, value] : documents_->front().items()) columns.push_back(key);
  fields_ = std::make_unique<Fields>(task, columns);
  if (task.num_fewshot.value_or(0) > 0) {
    const FewshotConfig& fewshot = task.fewshot;
    const std::string& split = !fewshot.split.empty()         ? fewshot.split
                               : !task.training_split.empty() ? task.training_split
                               : !task.validation_split.empty() ? task.validation_split
                                                                : task.test_split;
    const bool written_out = fewshot.split.empty() && !fewshot.samples.empty();
    pool_ = std::make_unique<std::vector<Row>>(written_out ? std::vector<Row>(fewshot.samples.begin(), fewshot.samples.end()) : processed(split));
  }
  const Row& first = documents_->front();
  if (task.output != OutputType::loglikelihood_rolling)
    multiple_input_ = fields_->has_choice() && fields_->question(fields_->text, first).integer() != nullptr;
  multiple_target_ = fields_->answer(fields_->target, first).is_list();
}

Prompter::~Prompter() = default;
Prompter::Prompter(Prompter&&) noexcept = default;

void Prompter::refuse(const std::string& what) const { throw Error(ExitCode::data, task_.file.string() + ": task " + task_.name + ": " + what); }

std::vector<Prompter::Turn> Prompter::examples(const Row& row) {
  std::vector<Turn> turns;
  const auto shots = static_cast<size_t>(task_.num_fewshot.value_or(0));
  if (shots == 0) return turns;
  const std::vector<Row>& pool = *pool_;
  const bool apart = task_.fewshot.split == task_.test_split;  // the row must not be its own example
  const auto enough = [&](size_t wanted) {
    if (pool.size() < wanted) refuse("wants " + std::to_string(shots) + " examples, and its split has " + std::to_string(pool.size()) + " rows");
  };
  std::vector<const Row*> chosen;
  if (task_.fewshot.sampler == "first_n") {
    for (const Row& each : pool)
      if (chosen.size() < shots && !(apart && each == row)) chosen.push_back(&each);
    enough(shots);
  } else {
    enough(shots + (apart ? 1 : 0));
    for (const size_t place : random_.sample(pool.size(), shots + (apart ? 1 : 0)))
      if (chosen.size() < shots && !(apart && pool[place] == row)) chosen.push_back(&pool[place]);
    if (chosen.size() < shots) {  // the row stands in the pool more than once
      std::vector<const Row*> others;
      for (const Row& each : pool)
        if (each != row) others.push_back(&each);
      if (others.size() < shots) refuse("has too few rows that differ from the one asked about for its examples");
      chosen.clear();
      for (const size_t place : random_.sample(others.size(), shots)) chosen.push_back(others[place]);
    }
  }
  if (chosen.size() < shots) refuse("has too few rows for " + std::to_string(shots) + " examples");
  for (const Row* example : chosen) {
    Value question = fields_->question(fields_->example_text, *example);
    const bool choice_given = !std::holds_alternative<std::monostate>(fields_->example_choice.given);
    std::optional<Value> choices;
    if (choice_given) choices = fields_->choices(fields_->example_choice, *example);
    const Value answer = fields_->answer(fields_->example_target, *example);
    if (multiple_input_) {
      const int64_t* place = question.integer();
      if (place == nullptr || !choices || !choices->is_list() || *place < 0 || static_cast<size_t>(*place) >= choices->list()->items.size())
        refuse("an example's doc_to_text does not give the place of a choice");
      question = Value(choices->list()->items[static_cast<size_t>(*place)]);
      choices.reset();
    }
    if (question.string() == nullptr) refuse("an example's question is no text");
    add_turns(turns, *question.string(), choices ? &*choices : nullptr, &answer, fields_->plain(fields_->example_prefix, *example, "gen_prefix"),
              task_.fewshot.target_delimiter, task_.fewshot.fewshot_delimiter);
  }
  return turns;
}

void Prompter::add_turns(std::vector<Turn>& turns, const std::string& question, const Value* choices, const Value* answer, const std::string& prefix,
                         const std::string& target_delimiter, const std::string& fewshot_delimiter) const {
  const bool none = answer == nullptr || answer->is<jinja::None>() || (answer->string() != nullptr && answer->string()->empty());
  const bool prefix_apart = !prefix.empty() && !question.empty() && !space_at(question, true) && !space_at(prefix, false);
  turns.push_back({"user", question, (!none && prefix.empty()) || prefix_apart ? target_delimiter : ""});
  if (none) {
    if (!prefix.empty()) turns.push_back({"assistant", prefix, ""});
    return;
  }
  int64_t room = 0;
  const int64_t* place = index_of(*answer, room);
  Value said = *answer;
  if (choices != nullptr && choices->is_list() && !choices->list()->items.empty() && place != nullptr) {
    const auto& items = choices->list()->items;
    const int64_t from_end = *place < 0 ? *place + static_cast<int64_t>(items.size()) : *place;
    if (from_end < 0 || from_end >= static_cast<int64_t>(items.size())) refuse("an example's answer is a place that has no choice");
    said = items[static_cast<size_t>(from_end)];
  } else if (answer->is_list() && !answer->list()->items.empty()) {
    said = answer->list()->items.front();
  }
  if (said.string() == nullptr) refuse("an example's answer is no text: " + jinja::repr(said).substr(0, 100));
  turns.push_back({"assistant", delimited(prefix, *said.string(), " "), fewshot_delimiter});
}

std::string Prompter::written(std::vector<Turn> turns, const std::string& prefix) const {
  const auto joined = [](const std::vector<Turn>& all) {
    std::string text;
    for (const Turn& turn : all) text += turn.content + turn.delimiter;
    return text;
  };
  if (!style_.apply) return joined(turns);
  std::vector<ChatMessage> messages;
  if (!style_.fewshot_as_multiturn) {
    std::vector<ChatMessage> one;
    if (turns.front().role == "system") {
      one.push_back({"system", turns.front().content});
      turns.erase(turns.begin());
    }
    std::optional<Turn> last;
    if (turns.back().role == "assistant") {
      last = turns.back();
      turns.pop_back();
    }
    turns.back().delimiter.clear();
    one.push_back({"user", joined(turns)});
    if (last) one.push_back({"assistant", last->content});
    messages = std::move(one);
  } else {
    for (Turn& turn : turns) messages.push_back({turn.role, turn.content});
  }
  return style_.apply(messages, prefix.empty());
}

void Prompter::ask(Question& question, const Row& row, const std::vector<Turn>& before) {
  const std::string prefix = fields_->plain(fields_->prefix, row, "gen_prefix");
  question.target = fields_->answer(fields_->target, row);
  std::string delimiter = task_.target_delimiter;
  if (style_.apply && (task_.gen_prefix.empty() || space_at(task_.gen_prefix, true))) delimiter.clear();
  if (task_.output == OutputType::multiple_choice) {
    const Value choices = fields_->choices(fields_->choice, row);
    if (!choices.is_list() || choices.list()->items.empty()) refuse("doc_to_choice gives no list of choices");
    for (const Value& choice : choices.list()->items) {
      if (choice.string() == nullptr) refuse("a choice is no text: " + jinja::repr(choice).substr(0, 100));
      question.choices.push_back(*choice.string());
    }
  }
  const auto context = [&](const std::string& text) {
    std::vector<Turn> turns = before;
    add_turns(turns, text, nullptr, nullptr, prefix, task_.target_delimiter, "");
    return written(std::move(turns), prefix);
  };
  if (multiple_input_ && task_.output == OutputType::multiple_choice) {
    if (question.target.string() == nullptr) refuse("doc_to_target gives no text to continue the choices with");
    for (const std::string& choice : question.choices) question.requests.push_back({context(choice), delimiter + *question.target.string()});
    return;
  }
  const Value text = fields_->question(fields_->text, row);
  if (text.string() == nullptr) refuse("doc_to_text gives no text for row " + std::to_string(question.row));
  const std::string whole = context(*text.string());
  switch (task_.output) {
    case OutputType::multiple_choice:
      for (const std::string& choice : question.choices) question.requests.push_back({whole, delimiter + choice});
      if (std::any_of(task_.metrics.begin(), task_.metrics.end(), [](const MetricConfig& m) { return m.name == "acc_mutual_info"; }))
        for (const std::string& choice : question.choices) question.requests.push_back({"", delimiter + choice});
      break;
    case OutputType::loglikelihood:
      if (question.target.string() == nullptr) refuse("doc_to_target gives no text");
      question.requests.push_back({whole, *question.target.string()});
      break;
    case OutputType::loglikelihood_rolling:
      if (question.target.string() == nullptr) refuse("doc_to_target gives no text");
      question.requests.push_back({*question.target.string(), ""});
      break;
    case OutputType::generate_until: question.requests.push_back({whole, ""}); break;
  }
}

std::optional<Question> Prompter::next() {
  if (next_ >= documents_->size()) return std::nullopt;
  Question question;
  question.row = next_++;
  const Row& row = (*documents_)[question.row];
  std::vector<Turn> turns;
  const std::string system =
      delimited(style_.system_instruction, fields_->plain(fields_->description, row, "description"), task_.fewshot_delimiter);
  if (!system.empty()) turns.push_back({"system", system, ""});
  for (Turn& turn : examples(row)) turns.push_back(std::move(turn));
  ask(question, row, turns);
  return question;
}

}  // namespace hone::tasks
