#pragma once
/// Whose the characters of a rendered conversation are, for templates without generation marks.
///
/// Provenance by substitution: the conversation is rendered a second time with a sign in the place of every stretch of words, all
/// else (white space at the ends, tags like <think>) left as it is. What stands between the signs is the template's; with the words put
/// back it must be the real text, to the byte, or nothing is claimed. Such skeletons are kept by shape.
/// What ends an answer and what a generation prompt is are read once from conversations of signs alone:
///   terminator: what stands behind an answer both at the end of a conversation and inside one; up to the first control token, else
///               without white space at its end
///   prompt:     what add_generation_prompt adds behind a question
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tokenizer/chat_template.h"

namespace hone::tokenizer {

class ChatSpans {
 public:
  /// The text of a conversation, or nothing when the template declines it.
  using Render = std::function<std::optional<std::string>(const std::vector<ChatMessage>&, bool add_generation_prompt)>;

  /// `control`: spellings of the vocabulary's control tokens.
  ChatSpans(Render render, std::vector<std::string> control);

  /// Spans of `text`, which `messages` were rendered to; nothing when they cannot be told. A message that the template does not write
  /// has none. Any number of threads.
  std::optional<std::vector<ChatSpan>> of(const std::vector<ChatMessage>& messages, bool add_generation_prompt, std::string_view text) const;

  /// What ends an answer, without the white space before it; empty when nothing does.
  const std::string& terminator() const { return facts().terminator; }
  /// A short conversation that ends in an answer, as the template takes it.
  const std::vector<ChatMessage>& example() const { return facts().example; }

 private:
  /// Of the template, whatever the conversation.
  struct Facts {
    std::string terminator;
    std::string prompt;           ///< Without it: the template has none.
    size_t leading_space = 0;     ///< Without a prompt: white space before an answer that is its own.
    size_t header_space = 0;      ///< White space at the end of what stands before an answer.
    std::vector<ChatMessage> example;
  };
  /// A conversation's text with gaps: literal, gap, literal, gap … literal.
  struct Skeleton {
    std::vector<std::string> literals;
    std::vector<uint32_t> gaps;  ///< Number of the stretch of words that stands there.
  };
  /// A stretch of words of one message.
  struct Stretch {
    size_t message = 0;
    std::string_view words;
  };
  enum class Cut { whole, tags };
  struct Signs {
    std::vector<ChatMessage> messages;  ///< With signs for words.
    std::vector<Stretch> stretches;
    std::string shape;  ///< Equal shapes have equal skeletons.
  };

  const Facts& facts() const;
  Facts find_facts() const;
  static Signs with_signs(const std::vector<ChatMessage>& messages, Cut cut);
  static std::optional<Skeleton> skeleton_of(std::string_view text, size_t stretches);
  std::shared_ptr<const Skeleton> skeleton(const Signs& signs, bool add_generation_prompt) const;
  std::optional<std::vector<ChatSpan>> fit(const std::vector<ChatMessage>& messages, const Signs& signs, const Skeleton& skeleton, std::string_view text) const;
  size_t control_at(std::string_view text) const;
  void widen(const ChatMessage& message, std::string_view text, size_t behind, size_t until, ChatSpan& span) const;

  Render render_;
  std::vector<std::string> control_;
  mutable std::once_flag once_;
  mutable Facts facts_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::shared_ptr<const Skeleton>> skeletons_;  ///< Null: the template declined.
};

}  // namespace hone::tokenizer
