#include "document/line_joints.h"

#include <algorithm>

namespace hone::document {
namespace {

constexpr size_t kFewestPairs = 5;
constexpr size_t kFewestHyphens = 3;
constexpr size_t kMaxWords = 1 << 20;
constexpr double kNaturalSpace = 0.25;  // of a line's height, where too few spaces were seen
constexpr double kUnstretched = 0.1;    // the share of spaces that are not stretched by justified setting
constexpr uint32_t kFewestSpaces = 20;

char32_t decode(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (at + size > text.size()) {
    ++at;
    return 0xFFFD;
  }
  char32_t c = size == 1 ? lead : lead & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; ++i) c = c << 6 | (byte(at + i) & 0x3Fu);
  at += size;
  return c;
}

char32_t last_of(std::string_view text) {
  if (text.empty()) return 0;
  size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return decode(text, at);
}

char32_t first_of(std::string_view text) {
  size_t at = 0;
  return text.empty() ? 0 : decode(text, at);
}

bool hangul(char32_t c) { return c >= 0xAC00 && c <= 0xD7A3; }
/// Scripts written without spaces: Han, kana, CJK punctuation.
bool spaceless(char32_t c) {
  return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         c == 0x3001 || c == 0x3002;
}
bool small_latin(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7); }
bool latin(char32_t c) {
  return small_latin(c) || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
}

size_t count_characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Lower case, without punctuation at either end.
std::string bare(std::string_view word) {
  static constexpr std::string_view kAround = "\"'()[]{}<>,.;:!?*`_";
  const size_t begin = word.find_first_not_of(kAround);
  if (begin == std::string_view::npos) return {};
  std::string result(word.substr(begin, word.find_last_not_of(kAround) + 1 - begin));
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

/// Particles and endings that never begin a word: what begins a line with one goes on with the word above.
constexpr std::string_view kParticles[] = {
    "을",   "를",   "은",   "는",   "의",   "에서", "에게", "으로",   "로서",   "로써", "까지",
    "부터", "에는", "에도", "며",   "면",   "려면", "려고", "려는",   "으며",   "으면", "라면",
    "다면", "러면", "지만", "는데", "은데", "이며", "니다", "습니다", "입니다", "이다", "였다",
    "었다", "았다", "하다", "되다", "던",   "라는", "다는", "라고",   "다고"};
/// Forms of the verbs that make verbs of nouns. Behind an ending such as -야 they are words of their own.
constexpr std::string_view kVerbForms[] = {"하고", "하며", "하여",   "하는", "하려면", "하려고", "하거나",
                                           "하면", "하지", "하기",   "한다", "합니다", "하세요", "되는",
                                           "되어", "된다", "됩니다", "되며", "되고",   "되지",   "되면"};
/// Words that stand alone, and that many sentences have.
constexpr std::string_view kWholeWords[] = {
    "있는",     "있다",   "있다.",    "있습니다", "있으며", "있어",   "있도록",  "없는",     "없이",   "없다",
    "없습니다", "않는",   "않습니다", "않고",     "않은",   "않는다", "경우",    "경우에는", "때문에", "위해",
    "위한",     "대한",   "대해",     "통해",     "또는",   "그리고", "하지만",  "그러나",   "그대로", "다른",
    "모든",     "이러한", "수도",     "것은",     "것을",   "것이다", "것입니다"};
/// Endings behind which a word is mostly over.
constexpr std::string_view kEndings[] = {
    "을",   "를",   "은",   "는",     "의",   "에",   "에서", "으로", "와",   "과",   "및",   "한",
    "된",   "할",   "될",   "하는",   "되는", "하고", "하여", "하며", "위해", "따라", "대한", "있는",
    "있다", "경우", "또는", "그리고", "것을", ".",    ",",    ")",    "?",    "!"};

bool begins_with_ending(std::string_view last, std::string_view first) {
  const std::string word = bare(first);
  const auto is_word = [&](std::string_view other) { return word == other; };
  if (std::any_of(std::begin(kParticles), std::end(kParticles), is_word)) return true;
  const bool verb = std::any_of(std::begin(kVerbForms), std::end(kVerbForms), is_word);
  return (verb && !last.ends_with("야") && !last.ends_with("를") && !last.ends_with("을")) ||
         first.starts_with("니다") || first.starts_with("습니다");
}

bool ends_like_word(std::string_view word) {
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) {
    return word.ends_with(ending) && (count_characters(word) > 1 || word == "및");
  });
}

}  // namespace

void LineJoints::learn(const PageLine& line) {
  for (size_t i = 1; i < line.words.size() && line.box.height() > 0; ++i) {
    const double width = (line.words[i].box.left - line.words[i - 1].box.right) / line.box.height();
    ++spaces_[static_cast<size_t>(std::clamp(width, 0.0, 1.0) * kSpaceSteps)];
  }
  for (size_t i = 0; i < line.words.size() && words_.size() < kMaxWords; ++i) {
    const std::string_view text = line.words[i].text;
    if (i + 1 == line.words.size() &&
        (text.ends_with('-') || text.ends_with("\u00AD") || text.ends_with("\u2010")))
      continue;
    // The first and the last word of a Korean line may be parts of one.
    const bool at_end = i == 0 || (i + 1 == line.words.size() && text.back() != '.');
    if (at_end && (hangul(first_of(text)) || hangul(last_of(text)))) continue;
    if (text.size() <= 64) ++words_[bare(text)];
  }
}

double LineJoints::natural_space() const {
  uint64_t all = 0, passed = 0;
  for (size_t step = 1; step < kSpaceSteps; ++step) all += spaces_[step];
  if (all < kFewestSpaces) return kNaturalSpace;
  for (size_t step = 1; step < kSpaceSteps; ++step)
    if (static_cast<double>(passed += spaces_[step]) >= kUnstretched * static_cast<double>(all))
      return static_cast<double>(step + 1) / kSpaceSteps;
  return kNaturalSpace;
}

void LineJoints::measure(const PageLine& above, const PageLine& below, double edge) {
  const PageWord &last = above.words.back(), &first = below.words.front();
  if (last.text.size() > 2 && last.text.back() == '-' && small_latin(first_of(first.text))) {
    ++hyphens_;
    set_hyphens_ += words_.contains(bare(last.text.substr(0, last.text.size() - 1)) + bare(first.text));
  }
  if (!hangul(last_of(last.text)) || !hangul(first_of(first.text))) return;
  const double syllable =
      first.box.width() / static_cast<double>(std::max<size_t>(1, count_characters(first.text)));
  const double natural = natural_space() * above.box.height();
  double room = edge - above.box.right;
  for (size_t i = 1; i < above.words.size(); ++i)  // what justified setting has spread between the words
    room += std::max(0.0, above.words[i].box.left - above.words[i - 1].box.right - natural);
  ++pairs_;
  roomy_ += room > 1.2 * syllable;
}

bool LineJoints::known(std::string_view word) const { return words_.contains(bare(word)); }

bool LineJoints::breaks_inside_words() const { return pairs_ >= kFewestPairs && roomy_ * 12 <= pairs_; }

bool LineJoints::keeps_hyphen(std::string_view stem, std::string_view rest) const {
  const std::string head = bare(stem), tail = bare(rest);
  if (words_.contains(head + tail)) return false;
  if (words_.contains(head + "-" + tail)) return true;
  if (head.find_first_of("-/.0123456789@_") != std::string::npos ||
      tail.find_first_of("-/@_:=") != std::string::npos)
    return true;
  // A second hyphenated part, or two words that stand alone elsewhere: a compound.
  if (head.size() >= 2 && tail.size() >= 3 && words_.contains(head) && words_.contains(tail)) return true;
  return set_hyphens_ == 0 && hyphens_ >= kFewestHyphens;
}

std::string_view LineJoints::korean(std::string_view last, std::string_view first) const {
  if (!breaks_inside_words()) return " ";
  const std::string whole = std::string(last) + std::string(first);
  if (known(whole)) return "";
  if (begins_with_ending(last, first)) return "";
  const std::string word = bare(first);
  if (std::any_of(std::begin(kWholeWords), std::end(kWholeWords),
                  [&](std::string_view other) { return word == other; }))
    return " ";
  if (known(last) && known(first)) return " ";
  return ends_like_word(last) ? " " : "";
}

std::string_view LineJoints::between(std::string_view last, std::string_view first, bool& drop_hyphen) const {
  drop_hyphen = false;
  const char32_t end = last_of(last), begin = first_of(first);
  if (end == 0xAD) {
    drop_hyphen = true;
    return "";
  }
  if ((end == '-' || end == 0x2010) && last.size() >= 2) {
    const std::string_view stem = last.substr(0, last.size() - (end == '-' ? 1 : 3));
    if (latin(last_of(stem)) && latin(begin)) {
      drop_hyphen = small_latin(begin) && !keeps_hyphen(stem, first);
      return "";
    }
    return " ";
  }
  const bool address = last.find("://") != std::string_view::npos || last.starts_with("www.");
  if (address && std::string_view("./-_=?&#%").find(last.back()) != std::string_view::npos &&
      (small_latin(begin) || (begin >= '0' && begin <= '9')))
    return "";
  if (end == '/' && last.size() > 1 && begin > ' ' && last.find('/') + 1 < last.size()) return "";  // a path
  if (hangul(end) && hangul(begin)) return korean(last, first);
  if (hangul(begin) && latin(end) && breaks_inside_words() && begins_with_ending(last, first))
    return "";  // "Hone" + "을"
  if (spaceless(end) && spaceless(begin)) return "";
  return " ";
}

}  // namespace hone::document
