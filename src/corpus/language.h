#pragma once
/// In which language a document is written, by CLD2 (compact language detector 2) on a sample of its text.
/// Korean is told by its script, English by its small words where they are thick, without asking CLD2: as sure, and it costs less.
#include <string>
#include <string_view>
#include <vector>

namespace hone::corpus {

struct Language {
  std::string code = "und";  ///< ISO 639-1 where CLD2 has one ("en", "ko"), else CLD2's own; "und" when there is no telling.
  double share = 0;          ///< Of the sampled letters, by CLD2's percentage, 0 to 1.
  bool reliable = false;
};

/// `text` is valid UTF-8. Looks at 4 KiB at most: the beginning, the middle and the end.
Language detect_language(std::string_view text);

/// Up to three languages, the most frequent first; none when there is no telling.
std::vector<Language> detect_languages(std::string_view text);

}  // namespace hone::corpus
