#include "tokenizer/added_tokens.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace hone::tokenizer {
namespace {

UChar32 before(std::string_view text, size_t at) {
  size_t begin = at;
  do --begin;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80);
  UChar32 c = 0;
  U8_NEXT_UNSAFE(text.data(), begin, c);
  return c;
}

UChar32 behind(std::string_view text, size_t at) {
  UChar32 c = 0;
  U8_NEXT_UNSAFE(text.data(), at, c);
  return c;
}

bool is_white(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_WHITE_SPACE) != 0; }
/// \w of Unicode's regular expressions (UTS #18, annex C), which the `tokenizers` library asks.
bool in_word(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0 || u_hasBinaryProperty(c, UCHAR_ALPHABETIC) != 0 ||
         u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL) != 0;
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  std::erase_if(tokens_, [](const AddedToken& token) { return token.content.empty(); });
  std::stable_sort(tokens_.begin(), tokens_.end(), [](const AddedToken& a, const AddedToken& b) { return a.content < b.content; });
  for (size_t i = tokens_.size(); i-- > 0;) {
    const auto first = static_cast<unsigned char>(tokens_[i].content[0]);
    if (ends_[first] == 0) ends_[first] = i + 1;
    begins_[first] = i;
  }
}

/// The range of tokens that begin as the text does is narrowed byte by byte.
const AddedToken* AddedTokens::match(std::string_view text, size_t at) const {
  const auto first = static_cast<unsigned char>(text[at]);
  auto low = tokens_.begin() + static_cast<std::ptrdiff_t>(begins_[first]), high = tokens_.begin() + static_cast<std::ptrdiff_t>(ends_[first]);
  const AddedToken* longest = nullptr;
  for (size_t depth = 1;; ++depth) {
    if (low->content.size() == depth) {  // the shortest comes first; of equal ones, the first that was given
      longest = &*low;
      while (low != high && low->content.size() == depth) ++low;
    }
    if (low == high || at + depth >= text.size()) return longest;
    const char next = text[at + depth];
    const auto byte = [](char c) { return static_cast<unsigned char>(c); };
    low = std::partition_point(low, high, [&](const AddedToken& token) { return byte(token.content[depth]) < byte(next); });
    high = std::partition_point(low, high, [&](const AddedToken& token) { return byte(token.content[depth]) == byte(next); });
    if (low == high) return longest;
  }
}

std::vector<TextPart> AddedTokens::split(std::string_view text) const {
  std::vector<TextPart> parts;
  size_t done = 0;
  for (size_t at = 0; at < text.size();) {
    const AddedToken* token = ends_[static_cast<unsigned char>(text[at])] > 0 ? match(text, at) : nullptr;
    if (token == nullptr) {
      ++at;
      continue;
    }
    size_t begin = at, end = at + token->content.size();
    at = end;
    if (token->single_word && ((begin > 0 && in_word(before(text, begin))) || (end < text.size() && in_word(behind(text, end))))) continue;
    while (token->lstrip && begin > done && is_white(before(text, begin))) {
      do --begin;
      while (begin > done && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80);
    }
    while (token->rstrip && end < text.size() && is_white(behind(text, end))) {
      ++end;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    }
    if (begin > done) parts.push_back({-1, done, begin});
    parts.push_back({token->id, begin, end});
    at = done = end;
  }
  if (done < text.size()) parts.push_back({-1, done, text.size()});
  return parts;
}

}  // namespace hone::tokenizer
