#pragma once
/// Paragraphs in a language nobody asked for, inside documents that are otherwise welcome.
///
/// A paragraph is what stands between blank lines. It is asked about when it has 100 letters (40 where a letter is not Latin), is
/// no quotation, and neither Hangul nor the small words of English say at once what it is; CLD2 then has to be sure (language.h).
#include <string>
#include <string_view>
#include <vector>

namespace hone::corpus {

struct ForeignParagraph {
  size_t begin = 0, end = 0;  ///< Bytes of the text, without the line end.
  std::string language;
};

/// Whether `code` ("zh-Hant") is one of `wanted` ("zh").
bool is_wanted_language(std::string_view code, const std::vector<std::string>& wanted);

/// In order. `wanted`: ISO 639-1 codes; none means all, so nothing is foreign.
std::vector<ForeignParagraph> find_foreign_paragraphs(std::string_view text, const std::vector<std::string>& wanted);

}  // namespace hone::corpus
