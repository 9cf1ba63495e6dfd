#pragma once
/// Conversations as a model reads them, and whose each token is.
///
/// The template is the model's own, one of ours, or a file (chat_template_files.h). Its text is encoded as it stands, control tokens
/// spelled in it being those tokens; nothing is added around it, since templates write BOS themselves (as transformers'
/// apply_chat_template does).
/// A message's span is what it says and the terminator behind it (<|eot_id|>, <|im_end|>, </s>), without headers; an assistant's begins
/// where a generation prompt would end, so that it is exactly what the model has to produce. It comes from the template's
/// {% generation %} marks, else it is derived (chat_spans.h). A token belongs to the span that it overlaps.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tokenizer/tokenizer.h"

namespace hone::tokenizer {

struct ChatMessage {
  std::string role;     ///< system, user, assistant, tool.
  std::string content;
  std::string input;    ///< What the task is about, where it stands apart (alpaca); other templates write it under the content.
};

/// Bytes [begin, end) of a text.
struct ChatSpan {
  size_t message = 0;
  size_t begin = 0, end = 0;
};

struct RenderedChat {
  std::string text;
  std::vector<ChatSpan> spans;  ///< In order, apart; at most one a message.
};

struct TokenizedChat {
  std::vector<int32_t> ids;
  std::vector<int32_t> message;  ///< Of each token: the number of the message that says it, or -1 where the template does.
  std::vector<uint64_t> end;     ///< Of each token: the byte of `text` behind it; ascending.
  std::string text;
  std::vector<ChatSpan> spans;
};

/// What a template said of a conversation by raise_exception, or could not do with it.
class ChatRefused final : public Error {
 public:
  explicit ChatRefused(const std::string& why) : Error(ExitCode::data, why) {}
};

class ChatTemplate {
 public:
  /// `where` names it in errors. `tokenizer` must outlive it. Throws data when it is no template.
  ChatTemplate(std::string source, std::string where, const Tokenizer& tokenizer);
  ~ChatTemplate();
  ChatTemplate(ChatTemplate&&) noexcept;
  ChatTemplate& operator=(ChatTemplate&&) noexcept;

  const std::string& source() const;
  const std::string& where() const;
  /// Whether it says itself what is generated.
  bool marked() const;

  /// The text alone. Throws ChatRefused. Any number of threads, as for the others.
  std::string render(const std::vector<ChatMessage>& messages, bool add_generation_prompt) const;
  /// With spans. Throws ChatRefused, and data when they cannot be told; then it asks for generation marks.
  RenderedChat render_spans(const std::vector<ChatMessage>& messages, bool add_generation_prompt = false) const;
  TokenizedChat tokenize(const std::vector<ChatMessage>& messages, bool add_generation_prompt = false) const;
  /// Ids of render(): a prompt to go on from.
  std::vector<int32_t> encode_prompt(const std::vector<ChatMessage>& messages) const;

  /// What ends an answer, as it is spelled: "<|eot_id|>". Throws data, naming the template, when answers have no end that a model could
  /// learn, or when the template's marks leave it out: a model trained so would never stop.
  std::string terminator() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Tokens of `tokens` whose bytes lie in a span, by the rule of transformers: from the token of its first character to that of its
/// last. Gives the span's number for each token, or -1. `spans` in order and apart.
std::vector<int32_t> spans_of_tokens(const std::vector<TokenSpan>& tokens, const std::vector<ChatSpan>& spans);

}  // namespace hone::tokenizer
