#include "corpus/rules/invisible.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <string>

#include "corpus/rules/script_context.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

bool is_bidi_control(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool ends_line(char32_t c) { return (c >= '\n' && c <= '\r') || c == 0x2028 || c == 0x2029; }

bool is_tag(char32_t c) { return c >= 0xE0000 && c <= 0xE007F; }

/// Bidirectional controls of one line that do what they are for: marks and balanced embeddings or isolates beside right-to-left
/// text. Overrides never are.
class BidiLine {
 public:
  BidiLine(std::string_view text, size_t inside) {
    begin_ = end_ = inside;
    for (size_t i = inside; i > 0;) {
      if (ends_line(previous_code_point(text, i))) break;
      begin_ = i;
    }
    for (size_t i = inside; i < text.size();) {
      if (ends_line(next_code_point(text, i))) break;
      end_ = i;
    }
    bool right_to_left = false;
    struct Open {
      char32_t control;
      size_t position;
    };
    std::vector<Open> open;
    for (size_t i = begin_; i < end_;) {
      const size_t at = i;
      const char32_t c = next_code_point(text, i);
      right_to_left |= !is_bidi_control(c) && is_right_to_left(c);
      if (c == 0x200E || c == 0x200F || c == 0x061C) {
        kept_.push_back(at);
      } else if ((c >= 0x202A && c <= 0x202E && c != 0x202C) || (c >= 0x2066 && c <= 0x2068)) {
        open.push_back({c, at});
      } else if ((c == 0x202C || c == 0x2069) && !open.empty()) {
        const bool isolate = open.back().control >= 0x2066;
        const bool override_ = open.back().control == 0x202D || open.back().control == 0x202E;
        if (isolate == (c == 0x2069)) {
          if (!override_) kept_.insert(kept_.end(), {open.back().position, at});
          open.pop_back();
        }
      }
    }
    if (!right_to_left) kept_.clear();
    std::sort(kept_.begin(), kept_.end());
  }

  bool holds(size_t position) const { return position >= begin_ && position < end_; }
  bool keeps(size_t position) const { return std::binary_search(kept_.begin(), kept_.end(), position); }

 private:
  size_t begin_ = 0, end_ = 0;
  std::vector<size_t> kept_;
};

class Clearer {
 public:
  explicit Clearer(std::string_view text) : text_(text) {}

  std::vector<Edit> run() {
    for (size_t i = 0; i < text_.size();) {
      const auto byte = static_cast<uint8_t>(text_[i]);
      if (byte >= 0x20 && byte < 0x7F) {
        ++i;
        continue;
      }
      const size_t begin = i;
      const char32_t c = next_code_point(text_, i);
      if (is_hangul_syllable(c)) continue;
      i = look(c, begin, i);
    }
    return std::move(edits_);
  }

 private:
  /// Deals with the character at [begin, end) and returns where to go on.
  size_t look(char32_t c, size_t begin, size_t end) {
    if (c < 0xA0) return control(c, begin, end);
    if (c == 0xAD) return replace(begin, end, "", "soft_hyphen", Family::normalise);
    if (c == 0x2028 || c == 0x2029) return replace(begin, end, "\n", "line_end", Family::normalise);
    if (is_white_space(c)) return replace(begin, end, " ", "white_space", Family::normalise);
    if (c == 0xFFFC || (u_charType(static_cast<UChar32>(c)) == U_UNASSIGNED && is_noncharacter(c))) {
      return replace(begin, end, "", "control", Family::normalise);
    }
    if (is_tag(c)) {
      const size_t flag = flag_tags(text_, begin);
      return flag > 0 ? begin + flag : hide(begin, end, "tag");
    }
    if (is_bidi_control(c)) return keeps_direction(begin) ? end : hide(begin, end, "bidi_control");
    if (is_variation_selector(c)) {
      return takes_variation(before(text_, begin), c, after(text_, end)) ? end : hide(begin, end, "variation_selector");
    }
    if (c == 0x200C || c == 0x200D) return joiner_has_effect(text_, begin, end, c) ? end : hide(begin, end, "zero_width");
    if (c == 0x200B) return parts_words(text_, begin, end) ? end : hide(begin, end, "zero_width");
    if (c == 0x2060 || c == 0xFEFF) return hide(begin, end, "zero_width");
    if (c == 0x2800 || (c >= 0xFFF9 && c <= 0xFFFB) || is_default_ignorable(c)) return needed(c, begin, end) ? end : hide(begin, end, "filler");
    return end;
  }

  static bool is_noncharacter(char32_t c) { return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF); }

  size_t control(char32_t c, size_t begin, size_t end) {
    if (c == '\n' || c == '\t') return end;
    if (c == '\r') {
      const bool pair = end < text_.size() && text_[end] == '\n';
      return replace(begin, end, pair ? "" : "\n", "line_end", Family::normalise);
    }
    if (c == '\f' || c == '\v') return replace(begin, end, "\n", "line_end", Family::normalise);
    if (c == 0x1B) return replace(begin, terminal_code_end(end), "", "terminal_code", Family::normalise);
    if (c < 0x20 || c >= 0x7F) return replace(begin, end, "", "control", Family::normalise);
    return end;
  }

  /// ECMA-48 control sequence: ESC [ parameters intermediates final.
  size_t terminal_code_end(size_t position) const {
    if (position >= text_.size() || text_[position] != '[') return position;
    size_t end = position + 1;
    while (end < text_.size() && text_[end] >= 0x20 && text_[end] <= 0x3F && end - position < 32) ++end;
    return end < text_.size() && text_[end] >= 0x40 && text_[end] <= 0x7E ? end + 1 : position;
  }

  bool keeps_direction(size_t position) {
    if (!line_ || !line_->holds(position)) line_.emplace(text_, position);
    return line_->keeps(position);
  }

  /// Other characters that show nothing, where their neighbours give them a meaning.
  bool needed(char32_t c, size_t begin, size_t end) const {
    const char32_t left = before(text_, begin), right = after(text_, end);
    const auto within = [](char32_t x, char32_t low, char32_t high) { return x >= low && x <= high; };
    if (c == 0x115F) return within(right, 0x1161, 0x11A7);                       // a vowel without a first consonant
    if (c == 0x1160) return within(left, 0x1100, 0x115E);                        // a consonant without a vowel
    if (c == 0x034F) return u_getCombiningClass(static_cast<UChar32>(left)) != 0 || u_getCombiningClass(static_cast<UChar32>(right)) != 0;
    if (c == 0x2800) return within(left, 0x2801, 0x28FF) || within(right, 0x2801, 0x28FF);  // a space in braille
    if (c == 0x17B4 || c == 0x17B5) return within(left, 0x1780, 0x17DD);
    if (within(c, 0x1D173, 0x1D17A)) return within(left, 0x1D100, 0x1D1FF) || within(right, 0x1D100, 0x1D1FF);  // music
    if (within(c, 0x1BCA0, 0x1BCA3)) return within(left, 0x1BC00, 0x1BC9F);                                      // shorthand
    return false;
  }

  size_t hide(size_t begin, size_t end, std::string_view kind) { return replace(begin, end, "", kind, Family::hidden); }

  size_t replace(size_t begin, size_t end, std::string_view with, std::string_view kind, Family family) {
    Edit* last = edits_.empty() ? nullptr : &edits_.back();
    if (with.empty() && last != nullptr && last->end == begin && last->replacement.empty() && last->kind == kind) {
      last->end = end;
    } else {
      edits_.push_back({begin, end, std::string{with}, kind, family});
    }
    return end;
  }

  std::string_view text_;
  std::vector<Edit> edits_;
  std::optional<BidiLine> line_;
};

}  // namespace

std::vector<Edit> clear_invisible(std::string_view text) { return Clearer(text).run(); }

}  // namespace hone::corpus
