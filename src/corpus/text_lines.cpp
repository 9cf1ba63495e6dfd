#include "corpus/text_lines.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "base/hash.h"
#include "corpus/seen.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr std::string_view kEllipsis = "…";

std::string_view without_leading_space(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    if (!is_white_space(next_code_point(text, at))) return text.substr(begin);
  }
  return {};
}

std::string_view without_trailing_space(std::string_view text) {
  for (size_t at = text.size(); at > 0;) {
    const size_t end = at;
    if (!is_white_space(previous_code_point(text, at))) return text.substr(0, end);
  }
  return {};
}

bool ends_sentence(std::string_view line) {
  if (line.empty()) return false;
  const auto last = static_cast<uint8_t>(line.back());
  if (last < 0x80) return last == '.' || last == '!' || last == '?';
  size_t at = line.size();
  return u_hasBinaryProperty(static_cast<UChar32>(previous_code_point(line, at)), UCHAR_S_TERM) != 0;
}

uint64_t occurrences(std::string_view text, std::string_view what) {
  uint64_t count = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

class LineCounter {
 public:
  LineCounter(std::string_view text, LineCounts& counts, Seen& lines, Seen& paragraphs)
      : text_(text), counts_(counts), seen_lines_(lines), seen_paragraphs_(paragraphs) {}

  void run() {
    counts_.newlines = static_cast<uint64_t>(std::count(text_.begin(), text_.end(), '\n'));
    seen_lines_.reset(counts_.newlines + 3);
    for (size_t begin = 0; begin <= text_.size();) {
      const size_t end = std::min(text_.find('\n', begin), text_.size());
      const bool last = end == text_.size();
      const std::string_view line = text_.substr(begin, end - begin);
      const auto characters = static_cast<uint32_t>(count_code_points(line));
      if (!last || !line.empty()) count(line, characters);
      if (!line.empty() || begin == 0 || last) count_piece(line, characters);
      counts_.length += characters;
      begin = end + 1;
    }
    counts_.length += counts_.newlines;
    count_paragraphs(without_leading_space(without_trailing_space(text_)));
    counts_.hashes = static_cast<uint64_t>(std::count(text_.begin(), text_.end(), '#'));
    counts_.ellipses = occurrences(text_, "...") + occurrences(text_, kEllipsis);
  }

 private:
  void count(std::string_view line, uint32_t characters) {
    ++counts_.lines;
    const std::string_view words = without_leading_space(line);
    if (words.empty()) return;
    counts_.bullet_lines += words.front() == '-' || words.starts_with("•");
    const std::string_view trimmed = without_trailing_space(words);
    counts_.ellipsis_lines += trimmed.ends_with("...") || trimmed.ends_with(kEllipsis);
    ++counts_.filled_lines;
    counts_.punctuated_lines += ends_sentence(line);
    counts_.filled_lengths.push_back(characters);
  }

  void count_piece(std::string_view line, uint32_t characters) {
    ++counts_.pieces;
    if (!seen_lines_.add(base::hash64(line))) return;
    ++counts_.duplicate_pieces;
    counts_.duplicate_piece_characters += characters;
    if (!without_leading_space(line).empty()) counts_.duplicate_filled_characters += characters;
  }

  void count_paragraphs(std::string_view text) {
    seen_paragraphs_.reset(counts_.lines + 3);
    for (size_t begin = 0; begin <= text.size();) {
      const size_t end = std::min(text.find("\n\n", begin), text.size());
      const std::string_view paragraph = text.substr(begin, end - begin);
      ++counts_.paragraphs;
      if (seen_paragraphs_.add(base::hash64(paragraph))) {
        ++counts_.duplicate_paragraphs;
        counts_.duplicate_paragraph_characters += count_code_points(paragraph);
      }
      begin = end == text.size() ? end + 1 : text.find_first_not_of('\n', end);
    }
  }

  std::string_view text_;
  LineCounts& counts_;
  Seen& seen_lines_;
  Seen& seen_paragraphs_;
};

}  // namespace

void count_lines(std::string_view text, LineCounts& counts) {
  thread_local Seen lines, paragraphs;
  std::vector<uint32_t> lengths = std::move(counts.filled_lengths);
  lengths.clear();
  counts = {};
  counts.filled_lengths = std::move(lengths);
  LineCounter(text, counts, lines, paragraphs).run();
}

}  // namespace hone::corpus
