#include "document/records.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "document/reader.h"

namespace hone::document {
namespace {

using recipe::SourceFormat;
using simdjson::dom::element;

constexpr std::string_view kBetween = "\n\n";

/// What the datasets people share call those who speak.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kRoles = {{
    {"system", "system"},     {"developer", "system"},    {"system_prompt", "system"},
    {"user", "user"},         {"human", "user"},          {"prompter", "user"},
    {"customer", "user"},     {"question", "user"},       {"assistant", "assistant"},
    {"gpt", "assistant"},     {"model", "assistant"},     {"bot", "assistant"},
    {"ai", "assistant"},      {"chatbot", "assistant"},   {"chatgpt", "assistant"},
    {"bing", "assistant"},    {"bard", "assistant"},      {"function_call", "assistant"},
    {"tool", "tool"},         {"function", "tool"},       {"observation", "tool"},
    {"ipython", "tool"},      {"function_response", "tool"}, {"tool_response", "tool"},
}};

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

std::string_view or_else(const std::string& given, std::string_view usual) { return given.empty() ? usual : std::string_view(given); }

std::string ticked(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string shortened(std::string_view text) {
  constexpr size_t kMost = 40;
  size_t end = std::min(text.size(), kMost);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + (end < text.size() ? "…" : "");
}

[[noreturn]] void wrong(const char* why, const std::string& message) { throw Refused(why, message); }

const element* json_of(const ColumnValue& value) {
  const auto* json = std::get_if<std::reference_wrapper<const element>>(&value);
  return json == nullptr ? nullptr : &json->get();
}

/// A message's content: text, or OpenAI's list of parts as long as all of them are text.
std::string content_of(const element& value, const std::string& where) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  if (value.is_null()) return {};
  simdjson::dom::array parts;
  if (value.get_array().get(parts) != simdjson::SUCCESS) wrong(reason::kNotARecord, where + " is neither text nor a list of parts with text");
  std::string all;
  for (const element part : parts) {
    std::string_view type;
    if (part.at_key("type").get_string().get(type) != simdjson::SUCCESS) type = "text";
    const bool plain = part.get_string().get(text) == simdjson::SUCCESS;
    if (!plain && (type != "text" || part.at_key("text").get_string().get(text) != simdjson::SUCCESS))
      wrong(reason::kUnsupported, where + " has a part of the kind " + ticked(shortened(type)) + "; Hone trains on text alone");
    all += text;
  }
  return all;
}

/// One row on its way to turns. Throws Refused.
class RecordReading {
 public:
  RecordReading(const RecordFormat& format, const ColumnLookup& row) : format_(format), columns_(format.columns), row_(row) {}

  std::vector<Turn> read() {
    switch (format_.format) {
      case SourceFormat::messages: conversation("messages"); break;
      case SourceFormat::sharegpt: conversation("conversations"); break;
      case SourceFormat::alpaca: alpaca(); break;
      case SourceFormat::prompt_completion: prompt_completion(); break;
      case SourceFormat::preference: preference(); break;
      case SourceFormat::text: break;
    }
    return std::move(turns_);
  }

 private:
  using Side = std::variant<std::monostate, std::string, std::vector<Turn>>;  ///< Absent, text, or messages.

  // ---- columns

  std::optional<std::string> text_column(std::string_view name) const {
    const ColumnValue value = row_(name);
    if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
    if (json_of(value) != nullptr) wrong(reason::kNotARecord, "has something other than text in " + ticked(name));
    return std::nullopt;
  }

  std::string needed_text(std::string_view name, const char* option) const {
    std::optional<std::string> text = text_column(name);
    if (!text) missing(name, option);
    return std::move(*text);
  }

  [[noreturn]] void missing(std::string_view name, const char* option) const {
    wrong(reason::kNotARecord, "has no " + ticked(name) + ", which format " + std::string(format_.name()) + " reads; name its column with columns." + option +
                                   " or choose another format");
  }

  /// Text or messages; text that is a JSON list counts as messages where `lists_in_text`.
  Side side(std::string_view name, bool lists_in_text) {
    const ColumnValue value = row_(name);
    if (const element* json = json_of(value)) return messages_of(*json, ticked(name));
    const auto* text = std::get_if<std::string_view>(&value);
    if (text == nullptr) return {};
    const size_t start = text->find_first_not_of(" \t\r\n");
    if (lists_in_text && start != std::string_view::npos && (*text)[start] == '[') {
      simdjson::dom::parser parser;
      element parsed;
      if (parser.parse(text->data(), text->size()).get(parsed) == simdjson::SUCCESS) {
        simdjson::dom::array list;
        if (parsed.get_array().get(list) == simdjson::SUCCESS && (list.size() == 0 || list.at(0).is_object())) return messages_of(parsed, ticked(name));
      }
    }
    return std::string(*text);
  }

  // ---- messages

  std::vector<Turn> messages_of(const element& value, const std::string& where) {
    simdjson::dom::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS) wrong(reason::kNotARecord, "has in " + where + " something other than a list of messages");
    std::vector<Turn> turns;
    size_t number = 0;
    for (const element message : list) turns.push_back(message_of(message, "message " + std::to_string(++number) + " of " + where));
    return turns;
  }

  Turn message_of(const element& value, const std::string& where) {
    simdjson::dom::object message;
    if (value.get_object().get(message) != simdjson::SUCCESS) wrong(reason::kNotARecord, "has as " + where + " something other than an object");
    const std::string_view role_key = key_of(message, columns_.role, {"role", "from"}, "role", where);
    std::string_view said;
    if (message.at_key(role_key).get_string().get(said) != simdjson::SUCCESS) wrong(reason::kNotARecord, "has in " + where + " no text in " + ticked(role_key));
    Turn turn;
    turn.role = known_role(said);
    if (turn.role.empty())
      wrong(reason::kUnknownRole, "has in " + where + " the role " + ticked(shortened(said)) + "; Hone knows system, user, assistant and tool and what they are called elsewhere");
    for (const char* key : {"tool_calls", "function_call"}) {
      element call;
      if (message.at_key(key).get(call) == simdjson::SUCCESS && !call.is_null())
        wrong(reason::kUnsupported, "has in " + where + " " + ticked(key) + "; write the call as text in the message's content");
    }
    const std::string_view content_key = key_of(message, columns_.content, {"content", "value"}, "content", where);
    turn.text = content_of(message.at_key(content_key).value_unsafe(), "in " + where + " " + ticked(content_key));
    turn.trained = is_trained(message);
    return turn;
  }

  /// OpenAI's `weight` and Axolotl's `train` take single answers out of training.
  static bool is_trained(const simdjson::dom::object& message) {
    double weight = 1;
    bool train = true;
    element value;
    if (message.at_key("weight").get(value) == simdjson::SUCCESS && value.is_number()) weight = value.get_double().value_unsafe();
    for (const char* key : {"train", "training"})
      if (message.at_key(key).get(value) == simdjson::SUCCESS && value.is_bool()) train = train && value.get_bool().value_unsafe();
    return train && weight != 0;
  }

  std::string_view key_of(const simdjson::dom::object& message, const std::string& named, std::array<std::string_view, 2> usual, const char* option,
                          const std::string& where) const {
    if (!named.empty()) usual = {named, named};
    if (format_.format == SourceFormat::sharegpt) std::swap(usual[0], usual[1]);
    element ignored;
    for (const std::string_view key : usual)
      if (message.at_key(key).get(ignored) == simdjson::SUCCESS) return key;
    wrong(reason::kNotARecord, "has in " + where + " no " + ticked(usual[0]) + "; name its field with columns." + option);
  }

  // ---- formats

  void system_column() {
    const bool named = !columns_.system.empty();
    const ColumnValue value = row_(or_else(columns_.system, "system"));
    const auto* text = std::get_if<std::string_view>(&value);
    if (named && json_of(value) != nullptr) wrong(reason::kNotARecord, "has something other than text in " + ticked(columns_.system));
    if (text != nullptr && !blank(*text)) add("system", std::string(*text), false);
  }

  void conversation(const char* usual) {
    std::string_view name = or_else(columns_.messages, usual);
    Side read = side(name, true);
    for (const char* other : {"messages", "conversations", "conversation"}) {
      if (!columns_.messages.empty() || !std::holds_alternative<std::monostate>(read)) break;
      read = side(name = other, true);
    }
    if (std::holds_alternative<std::monostate>(read)) missing(or_else(columns_.messages, usual), "messages");
    auto* turns = std::get_if<std::vector<Turn>>(&read);
    if (turns == nullptr) wrong(reason::kNotARecord, "has in " + ticked(name) + " text that is no list of messages");
    if (turns->empty()) wrong(reason::kNoAnswer, "has no messages in " + ticked(name));
    if (turns->front().role != "system") system_column();
    take(std::move(*turns), ticked(name));
    need_answer();
  }

  void alpaca() {
    system_column();
    history();
    std::string instruction = needed_text(or_else(columns_.instruction, "instruction"), "instruction");
    std::string input = text_column(or_else(columns_.input, "input")).value_or("");
    std::string output = needed_text(or_else(columns_.output, "output"), "output");
    if (blank(instruction) && !blank(input)) std::swap(instruction, input);  // there is a question, in the other column
    if (blank(instruction)) wrong(reason::kEmptyTurn, "has nothing in " + ticked(or_else(columns_.instruction, "instruction")));
    add("user", std::move(instruction));
    if (!blank(input)) add("input", std::move(input), false);
    if (blank(output)) wrong(reason::kNoAnswer, "has nothing in " + ticked(or_else(columns_.output, "output")));
    add("assistant", std::move(output));
  }

  /// LLaMA-Factory's earlier turns: a list of [question, answer].
  void history() {
    const ColumnValue value = row_("history");
    const element* json = json_of(value);
    simdjson::dom::parser parser;
    element parsed;
    if (const auto* text = std::get_if<std::string_view>(&value)) {
      if (blank(*text)) return;
      if (parser.parse(text->data(), text->size()).get(parsed) != simdjson::SUCCESS) wrong(reason::kNotARecord, "has in `history` no list of pairs");
      json = &parsed;
    }
    if (json == nullptr) return;
    simdjson::dom::array pairs, pair;
    if (json->get_array().get(pairs) != simdjson::SUCCESS) wrong(reason::kNotARecord, "has in `history` no list of pairs");
    for (const element one : pairs) {
      std::string_view question, answer;
      if (one.get_array().get(pair) != simdjson::SUCCESS || pair.size() != 2 || pair.at(0).get_string().get(question) != simdjson::SUCCESS ||
          pair.at(1).get_string().get(answer) != simdjson::SUCCESS || blank(question) || blank(answer))
        wrong(reason::kNotARecord, "has in `history` something other than pairs of a question and an answer");
      add("user", std::string(question));
      add("assistant", std::string(answer));
    }
  }

  void prompt_completion() {
    const std::string_view prompt_name = or_else(columns_.prompt, "prompt"), completion_name = or_else(columns_.completion, "completion");
    Side prompt = side(prompt_name, true), completion = side(completion_name, true);
    if (std::holds_alternative<std::monostate>(prompt)) missing(prompt_name, "prompt");
    if (std::holds_alternative<std::monostate>(completion)) missing(completion_name, "completion");
    auto *asked = std::get_if<std::vector<Turn>>(&prompt), *answered = std::get_if<std::vector<Turn>>(&completion);
    if (asked == nullptr && answered == nullptr) {
      if (blank(std::get<std::string>(completion))) wrong(reason::kNoAnswer, "has nothing in " + ticked(completion_name));
      if (std::get<std::string>(prompt).empty()) wrong(reason::kEmptyTurn, "has nothing in " + ticked(prompt_name));
      system_column();
      add("prompt", std::move(std::get<std::string>(prompt)), false);
      add("completion", std::move(std::get<std::string>(completion)));
      return;
    }
    std::vector<Turn> question = asked != nullptr ? std::move(*asked) : std::vector<Turn>{{"user", std::move(std::get<std::string>(prompt))}};
    std::vector<Turn> answer = answered != nullptr ? std::move(*answered) : std::vector<Turn>{{"assistant", std::move(std::get<std::string>(completion))}};
    if (question.empty() || question.front().role != "system") system_column();
    for (Turn& turn : question) turn.trained = false;
    take(std::move(question), ticked(prompt_name));
    take(std::move(answer), ticked(completion_name));
    need_answer();
  }

  void preference() {
    const std::string_view prompt_name = or_else(columns_.prompt, "prompt"), chosen_name = or_else(columns_.chosen, "chosen"),
                           rejected_name = or_else(columns_.rejected, "rejected");
    Side prompt = side(prompt_name, true), chosen = side(chosen_name, true), rejected = side(rejected_name, true);
    if (std::holds_alternative<std::monostate>(chosen)) missing(chosen_name, "chosen");
    if (std::holds_alternative<std::monostate>(rejected)) missing(rejected_name, "rejected");
    if (chosen.index() != rejected.index())
      wrong(reason::kNotARecord, "has text in one of " + ticked(chosen_name) + " and " + ticked(rejected_name) + " and messages in the other");
    if (std::holds_alternative<std::string>(chosen)) {
      preferred_text(std::move(prompt), std::move(std::get<std::string>(chosen)), std::move(std::get<std::string>(rejected)), prompt_name);
    } else {
      preferred_messages(std::move(prompt), std::move(std::get<std::vector<Turn>>(chosen)), std::move(std::get<std::vector<Turn>>(rejected)), prompt_name);
    }
  }

  /// Plain texts. Without a prompt it is what both begin with, up to the end of a word.
  void preferred_text(Side prompt, std::string chosen, std::string rejected, std::string_view prompt_name) {
    auto* asked = std::get_if<std::vector<Turn>>(&prompt);
    if (std::holds_alternative<std::monostate>(prompt)) {
      size_t same = static_cast<size_t>(std::mismatch(chosen.begin(), chosen.end(), rejected.begin(), rejected.end()).first - chosen.begin());
      // TRL cuts before the space that stands in front of the first word that differs.
      while (same > 0 && chosen[same - 1] != ' ' && chosen[same - 1] != '\n') --same;
      if (same > 0 && chosen[same - 1] == ' ') --same;
      if (same == 0) missing(prompt_name, "prompt");
      prompt = chosen.substr(0, same);
      chosen.erase(0, same);
      rejected.erase(0, same);
    }
    system_column();
    if (asked != nullptr) {
      if (!asked->empty() && asked->front().role == "system") turns_.clear();
      for (Turn& turn : *asked) turn.trained = false;
      take(std::move(*asked), ticked(prompt_name));
    } else {
      std::string& text = std::get<std::string>(prompt);
      if (blank(text)) wrong(reason::kEmptyTurn, "has nothing in " + ticked(prompt_name));
      add("prompt", std::move(text), false);
    }
    answers(std::move(chosen), std::move(rejected));
  }

  /// Messages; each side may be the answer alone or the whole conversation with the prompt at its beginning.
  void preferred_messages(Side prompt, std::vector<Turn> chosen, std::vector<Turn> rejected, std::string_view prompt_name) {
    const auto equal = [](const Turn& a, const Turn& b) { return a.role == b.role && a.text == b.text; };
    std::vector<Turn> shared;
    if (auto* asked = std::get_if<std::vector<Turn>>(&prompt)) {
      shared = std::move(*asked);
    } else if (auto* text = std::get_if<std::string>(&prompt); text != nullptr && !blank(*text)) {
      shared.push_back({"user", std::move(*text)});
    }
    size_t common = 0;
    while (common < chosen.size() && common < rejected.size() && equal(chosen[common], rejected[common])) ++common;
    if (common > 0 && common == chosen.size() && common == rejected.size()) wrong(reason::kEqualAnswers, "prefers an answer to the same answer");
    const bool repeats = common >= shared.size() && std::equal(shared.begin(), shared.end(), chosen.begin(), equal);
    if (shared.empty() || repeats) {  // the conversation stands in both sides
      shared.assign(std::make_move_iterator(chosen.begin()), std::make_move_iterator(chosen.begin() + static_cast<ptrdiff_t>(common)));
    } else {
      for (size_t i = 0; i < common; ++i) shared.push_back(std::move(chosen[i]));
    }
    chosen.erase(chosen.begin(), chosen.begin() + static_cast<ptrdiff_t>(common));
    rejected.erase(rejected.begin(), rejected.begin() + static_cast<ptrdiff_t>(common));
    if (shared.empty()) missing(prompt_name, "prompt");
    const auto one_answer = [](const std::vector<Turn>& side) { return side.size() == 1 && side.front().role == "assistant"; };
    if (!one_answer(chosen) || !one_answer(rejected))
      wrong(reason::kUnsupported, "does not end, behind what both sides have in common, in one answer of the assistant on each side");
    if (shared.front().role != "system") system_column();
    for (Turn& turn : shared) turn.trained = false;
    take(std::move(shared), "the prompt");
    answers(std::move(chosen.front().text), std::move(rejected.front().text));
  }

  void answers(std::string chosen, std::string rejected) {
    if (blank(chosen) || blank(rejected)) wrong(reason::kNoAnswer, "has an empty answer");
    if (chosen == rejected) wrong(reason::kEqualAnswers, "prefers an answer to the same answer");
    add("chosen", std::move(chosen));
    add("rejected", std::move(rejected));
  }

  // ---- turns

  void add(const char* role, std::string text, bool trained = true) { turns_.push_back({role, std::move(text), trained}); }

  void take(std::vector<Turn> turns, const std::string& where) {
    for (size_t i = 0; i < turns.size(); ++i) {
      if (blank(turns[i].text)) {
        if (turns[i].role == "system") continue;
        wrong(reason::kEmptyTurn, "has an empty message " + std::to_string(i + 1) + " in " + where + ", by " + turns[i].role);
      }
      turns_.push_back(std::move(turns[i]));
    }
  }

  void need_answer() const {
    const bool answered = std::any_of(turns_.begin(), turns_.end(), [](const Turn& turn) { return turn.role == "assistant"; });
    if (!answered) wrong(reason::kNoAnswer, "has no message by the assistant");
  }

  const RecordFormat& format_;
  const recipe::ColumnOptions& columns_;
  const ColumnLookup& row_;
  std::vector<Turn> turns_;
};

}  // namespace

std::string_view known_role(std::string_view role) {
  std::string lower(role);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  for (const auto& [name, known] : kRoles)
    if (lower == name) return known;
  return {};
}

std::variant<std::vector<Turn>, RecordProblem> read_record(const RecordFormat& format, const ColumnLookup& row) {
  try {
    return RecordReading(format, row).read();
  } catch (const Refused& refused) {
    return RecordProblem{refused.reason(), refused.what()};
  }
}

void set_turns(Document& document, const RecordFormat& format, const std::vector<Turn>& turns) {
  document.record = format.name();
  document.text.clear();
  document.parts.clear();
  for (const Turn& turn : turns) {
    if (!document.parts.empty()) document.text += kBetween;
    const uint64_t begin = document.text.size();
    document.text += turn.text;
    document.parts.push_back({turn.role, begin, document.text.size(), turn.trained});
  }
}

}  // namespace hone::document
