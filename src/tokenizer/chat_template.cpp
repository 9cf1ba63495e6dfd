#include "tokenizer/chat_template.h"

#include <algorithm>

#include "jinja/template.h"
#include "tokenizer/chat_spans.h"

namespace hone::tokenizer {
namespace {

const char* const kAskForMarks =
    "put {% generation %} before what the assistant says in the template and {% endgeneration %} behind the end of its turn, and name the file "
    "in training.chat_template";

std::vector<std::string> control_tokens(const Tokenizer& tokenizer) {
  std::vector<std::string> control;
  for (int32_t id = 0; id < tokenizer.vocabulary_size(); ++id) {
    const PieceKind kind = tokenizer.kind(id);
    if (kind != PieceKind::control && kind != PieceKind::user_defined) continue;
    std::string piece = tokenizer.piece(id);
    const bool markup = piece.size() > 2 && piece.front() == '<' && piece.back() == '>';  // not a term of the organisation's
    if (kind == PieceKind::control ? !piece.empty() : markup) control.push_back(std::move(piece));
  }
  return control;
}

/// Whether the text has the statement; one in a comment or a string counts too, and then marks nothing.
bool has_marks(std::string_view source) {
  for (size_t at = source.find("{%"); at != std::string_view::npos; at = source.find("{%", at)) {
    at += 2;
    if (at < source.size() && (source[at] == '-' || source[at] == '+')) ++at;
    const size_t word = source.find_first_not_of(" \t\r\n", at);
    if (word != std::string_view::npos && source.substr(word).starts_with("generation")) return true;
  }
  return false;
}

jinja::Value message_value(const ChatMessage& message) {
  jinja::Dict dict;
  dict.put("role", message.role);
  if (message.input.empty()) {
    dict.put("content", message.content);
  } else {
    dict.put("content", message.content + "\n" + message.input);
    dict.put("instruction", message.content);
    dict.put("input", message.input);
  }
  return jinja::Value(std::move(dict));
}

}  // namespace

struct ChatTemplate::State {
  std::string source, where;
  const Tokenizer* tokenizer;
  jinja::Template compiled;
  bool marked;
  ChatSpans spans;

  State(std::string text, std::string name, const Tokenizer& vocabulary)
      : source(std::move(text)), where(std::move(name)), tokenizer(&vocabulary), compiled(source, jinja::TemplateOptions::chat(), where),
        marked(has_marks(source)), spans([this](const auto& messages, bool prompt) { return attempt(messages, prompt); }, control_tokens(vocabulary)) {}

  jinja::Rendered render(const std::vector<ChatMessage>& messages, bool add_generation_prompt) const {
    jinja::List list;
    for (const ChatMessage& message : messages) list.items.push_back(message_value(message));
    jinja::Dict context;
    context.put("messages", jinja::Value(std::move(list)));
    context.put("add_generation_prompt", add_generation_prompt);
    context.put("tools", jinja::None{});
    context.put("documents", jinja::None{});
    for (const auto& [name, id] : {std::pair{"bos_token", tokenizer->bos_id()}, {"eos_token", tokenizer->eos_id()}, {"pad_token", tokenizer->pad_id()},
                                   {"unk_token", tokenizer->unk_id()}}) {
      if (id >= 0) context.put(name, tokenizer->piece(id));
    }
    try {
      return compiled.render(context);
    } catch (const Error& error) {
      throw ChatRefused(error.what());
    }
  }

  std::optional<std::string> attempt(const std::vector<ChatMessage>& messages, bool add_generation_prompt) const {
    try {
      return render(messages, add_generation_prompt).text;
    } catch (const ChatRefused&) {
      return std::nullopt;
    }
  }

  /// Spans of a template with marks: what they enclose is the assistants', whatever could be derived.
  std::vector<ChatSpan> from_marks(const std::vector<ChatMessage>& messages, const jinja::Rendered& rendered,
                                   const std::optional<std::vector<ChatSpan>>& derived) const {
    std::vector<ChatSpan> result;
    const std::vector<ChatSpan> known = derived.value_or(std::vector<ChatSpan>());
    const auto& marks = rendered.generated;  // in order and apart, as the spans
    for (const ChatSpan& span : known) {
      const auto mark = std::partition_point(marks.begin(), marks.end(), [&](const auto& each) { return each.second <= span.begin; });
      const bool marked_too = mark != marks.end() && mark->first < span.end;
      if (!marked_too && messages[span.message].role != "assistant") result.push_back(span);
    }
    size_t next = 0;  // the assistant's turn that the next mark is taken for, where nothing could be derived
    for (const auto& mark : marks) {
      if (mark.first == mark.second) continue;
      const auto same = std::partition_point(known.begin(), known.end(), [&](const ChatSpan& span) { return span.end <= mark.first; });
      if (same != known.end() && same->begin < mark.second) {
        next = same->message;
      } else {
        while (next < messages.size() && messages[next].role != "assistant") ++next;
        if (next == messages.size()) throw Error(ExitCode::data, where + ": marks more turns as generated than the assistant has");
      }
      result.push_back({next, mark.first, mark.second});
      ++next;
    }
    std::sort(result.begin(), result.end(), [](const ChatSpan& a, const ChatSpan& b) { return a.begin < b.begin; });
    return result;
  }
};

ChatTemplate::ChatTemplate(std::string source, std::string where, const Tokenizer& tokenizer)
    : state_(std::make_unique<State>(std::move(source), std::move(where), tokenizer)) {}
ChatTemplate::~ChatTemplate() = default;
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;

const std::string& ChatTemplate::source() const { return state_->source; }
const std::string& ChatTemplate::where() const { return state_->where; }
bool ChatTemplate::marked() const { return state_->marked; }

std::string ChatTemplate::render(const std::vector<ChatMessage>& messages, bool add_generation_prompt) const {
  return state_->render(messages, add_generation_prompt).text;
}

RenderedChat ChatTemplate::render_spans(const std::vector<ChatMessage>& messages, bool add_generation_prompt) const {
  jinja::Rendered rendered = state_->render(messages, add_generation_prompt);
  std::optional<std::vector<ChatSpan>> derived = state_->spans.of(messages, add_generation_prompt, rendered.text);
  if (state_->marked) {
    std::vector<ChatSpan> spans = state_->from_marks(messages, rendered, derived);
    return {std::move(rendered.text), std::move(spans)};
  }
  if (!derived) throw Error(ExitCode::data, state_->where + ": it cannot be told which characters the assistant says; " + kAskForMarks);
  return {std::move(rendered.text), std::move(*derived)};
}

TokenizedChat ChatTemplate::tokenize(const std::vector<ChatMessage>& messages, bool add_generation_prompt) const {
  RenderedChat rendered = render_spans(messages, add_generation_prompt);
  const std::vector<TokenSpan> tokens = state_->tokenizer->encode_markup_spans(rendered.text);
  TokenizedChat chat;
  chat.ids.reserve(tokens.size());
  for (const TokenSpan& token : tokens) {
    chat.ids.push_back(token.id);
    chat.end.push_back(token.end);
  }
  chat.message = spans_of_tokens(tokens, rendered.spans);
  for (int32_t& number : chat.message)
    if (number >= 0) number = static_cast<int32_t>(rendered.spans[static_cast<size_t>(number)].message);
  chat.text = std::move(rendered.text);
  chat.spans = std::move(rendered.spans);
  return chat;
}

std::vector<int32_t> ChatTemplate::encode_prompt(const std::vector<ChatMessage>& messages) const {
  return state_->tokenizer->encode_markup(render(messages, true));
}

std::string ChatTemplate::terminator() const {
  const std::string& where = state_->where;
  const std::string& derived = state_->spans.terminator();
  const std::vector<ChatMessage>& example = state_->spans.example();
  if (example.empty()) {
    std::string why;
    try {
      render({{"user", "Hello.", ""}, {"assistant", "Hello.", ""}}, false);
    } catch (const ChatRefused& refused) {
      why = refused.what();
    }
    throw Error(ExitCode::data, where + ": writes no conversation of a question and its answer" + (why.empty() ? "" : ": " + why));
  }
  if (!state_->marked) {
    if (derived.empty())
      throw Error(ExitCode::data, where + ": nothing ends the assistant's turns that the model could learn to write, so it would never stop; write "
                                          "eos_token behind message['content'], or " + kAskForMarks);
    return derived;
  }
  const RenderedChat rendered = render_spans(example);
  const std::string& answer = example.back().content;
  const size_t words = rendered.text.rfind(answer) + answer.size();
  const auto span = std::find_if(rendered.spans.begin(), rendered.spans.end(), [&](const ChatSpan& each) { return each.message + 1 == example.size(); });
  if (span == rendered.spans.end()) throw Error(ExitCode::data, where + ": its {% generation %} marks enclose nothing of the assistant's turn");
  const std::string_view ending = std::string_view(rendered.text).substr(words, span->end > words ? span->end - words : 0);
  const bool complete = derived.empty() ? ending.find_first_not_of(" \t\r\n") != std::string_view::npos : ending.find(derived) != std::string_view::npos;
  if (!complete)
    throw Error(ExitCode::data, where + ": its {% generation %} marks leave out the end of the assistant's turn" + (derived.empty() ? "" : " (" + derived + ")") +
                                    ", so that the model would never learn to stop; move {% endgeneration %} behind it");
  return derived.empty() ? std::string(ending) : derived;
}

std::vector<int32_t> spans_of_tokens(const std::vector<TokenSpan>& tokens, const std::vector<ChatSpan>& spans) {
  std::vector<int32_t> result(tokens.size(), -1);
  size_t first = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    size_t region = i;  // a token without characters of its own goes with the one behind it
    while (region + 1 < tokens.size() && tokens[region].begin == tokens[region].end) ++region;
    const uint64_t begin = tokens[region].begin, end = tokens[region].end;
    while (first < spans.size() && spans[first].end <= begin) ++first;
    for (size_t span = first; span < spans.size() && spans[span].begin < end; ++span)
      if (spans[span].end > begin) result[i] = static_cast<int32_t>(span);
    for (size_t same = i + 1; same <= region; ++same) result[same] = result[i];
    i = region;
  }
  return result;
}

}  // namespace hone::tokenizer
