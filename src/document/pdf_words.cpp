#include "document/pdf_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "document/encoding.h"

namespace hone::document {
namespace {

constexpr double kFarthest = 1e6;  // points; a page of ISO 32000 is at most 14400 wide
constexpr std::string_view kBoxesHead = "<!DOCTYPE html", kTsvHead = "level\tpage_num\t";

double number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return 0;
  return std::clamp(value, -kFarthest, kFarthest);
}

/// The value of `name="…"` in a tag; empty when it is not there.
std::string_view attribute(std::string_view tag, std::string_view name) {
  for (size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
    const size_t open = at + name.size();
    if (!tag.substr(open).starts_with("=\"")) continue;
    const size_t begin = open + 2, end = tag.find('"', begin);
    return end == std::string_view::npos ? std::string_view() : tag.substr(begin, end - begin);
  }
  return {};
}

Box box_of(std::string_view tag) {
  return {number(attribute(tag, "xMin")), number(attribute(tag, "yMin")), number(attribute(tag, "xMax")),
          number(attribute(tag, "yMax"))};
}

/// The five entities that poppler writes.
std::string unescaped(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}};
  std::string result;
  for (size_t i = 0; i < text.size();) {
    bool replaced = false;
    if (text[i] == '&')
      for (const auto& [entity, character] : kEntities)
        if (text.substr(i).starts_with(entity)) {
          result += character;
          i += entity.size();
          replaced = true;
          break;
        }
    if (!replaced) result += text[i++];
  }
  return result;
}

/// A word is one: no white space or controls. Ligatures of Latin type are spelt out, since they are an effect
/// of type setting.
std::string clean_word(std::string_view raw) {
  static constexpr std::pair<std::string_view, std::string_view> kLigatures[] = {
      {"\uFB00", "ff"},  {"\uFB01", "fi"}, {"\uFB02", "fl"}, {"\uFB03", "ffi"},
      {"\uFB04", "ffl"}, {"\uFB05", "st"}, {"\uFB06", "st"}};
  std::string mended = mend_utf8(raw), word;
  for (size_t i = 0; i < mended.size();) {
    const auto byte = static_cast<unsigned char>(mended[i]);
    const std::string_view rest = std::string_view(mended).substr(i);
    if (byte <= 0x20 || byte == 0x7F) {
      ++i;
      continue;
    }
    if (rest.starts_with("\u00A0")) {
      i += 2;
      continue;
    }
    bool spelt = false;
    if (byte == 0xEF)
      for (const auto& [ligature, letters] : kLigatures)
        if (rest.starts_with(ligature)) {
          word += letters;
          i += ligature.size();
          spelt = true;
          break;
        }
    if (!spelt) word += mended[i++];
  }
  return word;
}

/// Dots that lead the eye from a heading to its page number.
bool is_leader(std::string_view word) {
  for (size_t i = 0; i < word.size();) {
    if (word[i] == '.')
      ++i;
    else if (word.substr(i).starts_with("\u2026"))
      i += 3;
    else if (word.substr(i).starts_with("\u00B7"))
      i += 2;
    else
      return false;
  }
  return true;
}

constexpr size_t kFewestDots = 4;

bool drop_leaders(std::vector<PageWord>& words) {
  size_t kept = 0;
  bool any = false;
  for (size_t i = 0; i < words.size();) {
    size_t end = i, dots = 0;
    for (; end < words.size() && is_leader(words[end].text); ++end) dots += words[end].text.size();
    if (dots < kFewestDots) end = std::max(i + 1, end);
    const bool leads = dots >= kFewestDots;
    any = any || leads;
    for (; i < end; ++i) {
      if (leads) continue;
      if (kept != i) words[kept] = std::move(words[i]);
      ++kept;
    }
  }
  words.resize(kept);
  return any;
}

class BoxesParser {
 public:
  explicit BoxesParser(std::string_view text) : text_(text) {}

  PagedWords parse() {
    for (size_t at = text_.find('<'); at != std::string_view::npos; at = text_.find('<', at)) {
      const size_t end = text_.find('>', at);
      if (end == std::string_view::npos) break;
      const size_t inside = end + 1;
      tag(text_.substr(at + 1, end - at - 1), inside);
      at = inside;
    }
    close_line();
    return std::move(result_);
  }

 private:
  void tag(std::string_view tag, size_t inside) {
    if (tag.starts_with("word ")) return word(tag, inside);
    if (tag.starts_with("line ")) {
      close_line();
      line_.box = box_of(tag);
    } else if (tag.starts_with("block ") || tag.starts_with("flow")) {
      close_line();
      ++block_;
    } else if (tag.starts_with("page ")) {
      close_line();
      ++block_;
      result_.pages.push_back({std::max(1.0, number(attribute(tag, "width"))),
                               std::max(1.0, number(attribute(tag, "height"))),
                               {}});
    } else if (tag == "title") {
      result_.title = content(inside);
    } else if (tag.starts_with("meta ")) {
      const std::string_view name = attribute(tag, "name");
      if (name == "Author") result_.author = mend_utf8(unescaped(attribute(tag, "content")));
      if (name == "CreationDate") result_.created = mend_utf8(unescaped(attribute(tag, "content")));
    }
  }

  std::string content(size_t inside) const {
    const size_t end = text_.find('<', inside);
    return mend_utf8(unescaped(text_.substr(inside, end - inside)));
  }

  void word(std::string_view tag, size_t inside) {
    PageWord word{box_of(tag), clean_word(content(inside))};
    if (!word.text.empty()) line_.words.push_back(std::move(word));
  }

  void close_line() {
    line_.leader = drop_leaders(line_.words);
    if (!line_.words.empty() && !result_.pages.empty()) {
      line_.block = block_;
      result_.pages.back().lines.push_back(std::move(line_));
    }
    line_ = {};
  }

  std::string_view text_;
  PagedWords result_;
  PageLine line_;
  uint32_t block_ = 0;
};

/// Words that tesseract is not sure of are mostly specks.
constexpr double kLeastConfidence = 20;

PagedWords parse_tsv(std::string_view text) {
  PagedWords result;
  uint32_t block = 0;
  bool open = false;
  while (!text.empty()) {
    std::string_view row = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), row.size() + 1));
    std::array<std::string_view, 12> fields;
    for (std::string_view& field : fields) {
      field = &field == &fields.back() ? row : row.substr(0, row.find('\t'));
      row.remove_prefix(std::min(row.size(), field.size() + 1));
    }
    const std::string_view level = fields[0];
    const double left = number(fields[6]), top = number(fields[7]), width = number(fields[8]),
                 height = number(fields[9]);
    if (level == "1") {
      result.pages.push_back({std::max(1.0, width), std::max(1.0, height), {}});
      open = false;
    } else if (level == "2" || level == "3") {
      ++block;
      open = false;
    } else if (level == "4") {
      open = false;
    } else if (level == "5" && !result.pages.empty() && number(fields[10]) >= kLeastConfidence) {
      PageWord word{{left, top, left + width, top + height}, clean_word(fields[11])};
      if (word.text.empty()) continue;
      std::vector<PageLine>& lines = result.pages.back().lines;
      if (!open) lines.push_back({word.box, {}, false, block});
      open = true;
      Box& box = lines.back().box;
      box = {std::min(box.left, word.box.left), std::min(box.top, word.box.top),
             std::max(box.right, word.box.right), std::max(box.bottom, word.box.bottom)};
      lines.back().words.push_back(std::move(word));
    }
  }
  return result;
}

}  // namespace

bool is_paged_words(std::string_view text) {
  return text.starts_with(kBoxesHead) || text.starts_with(kTsvHead);
}

PagedWords parse_paged_words(std::string_view text) {
  if (text.starts_with(kTsvHead)) return parse_tsv(text);
  if (!text.starts_with(kBoxesHead)) throw Error(ExitCode::data, "poppler's answer is not understood");
  return BoxesParser(text).parse();
}

}  // namespace hone::document
