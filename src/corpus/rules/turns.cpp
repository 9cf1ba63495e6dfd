#include "corpus/rules/turns.h"

#include "corpus/unicode.h"
#include "document/document.h"

namespace hone::corpus {
namespace {

bool blank(std::string_view text) {
  for (size_t i = 0; i < text.size();)
    if (!is_white_space(next_code_point(text, i))) return false;
  return true;
}

}  // namespace

Outcome Turns::judge(const DocumentView& document) const {
  for (const document::Part& part : document.parts)
    if (blank(document.text.substr(part.begin, part.end - part.begin))) return Outcome::drop("empty_turn");
  return Outcome::keep();
}

}  // namespace hone::corpus
