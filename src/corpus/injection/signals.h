#pragma once
/// The signals of instructions to a model: what each looks like and what it is worth. Each form holds one of its triggers, words
/// that are rare in ordinary text, and is only tried around one.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hone::corpus::injection {

/// Signals of one topic count once in a paragraph: the highest.
enum class Topic : unsigned char { override, reveal, role, address, dictate, conceal, send, renew, obey, safety, control, comment };

struct Signal {
  Topic topic;
  int points;
  std::string_view triggers;  ///< Parted by ";", lower case, at least three bytes each.
  size_t back = 0;            ///< The trigger is the rarest word: the form may begin this many bytes before it.
  const char* form;           ///< RE2, anchored at the trigger where `back` is 0; case does not matter. {order} and {ignore}: see spelt_out().
};

std::span<const Signal> signals();

/// The form with {order} and {ignore} written out: Korean endings that order or join a next order, and verbs of ignoring with them.
/// "무시해도 된다" and "무시됩니다" are not among them.
std::string spelt_out(const char* form);

/// Words of texts that talk about attacks, examples and phrases.
const char* talk_about();
/// What follows a Korean order that is only told of: "출력하라"는 요구, "무시하라"고 시키는, "보여" 달라는, "공개하도록" 유도하는.
const char* reported();
/// Words that put an instruction under a condition or allow it.
const char* condition();

}  // namespace hone::corpus::injection
