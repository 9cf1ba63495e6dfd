#include "corpus/page_lines.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <unordered_set>

#include "base/error.h"
#include "base/hash.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr uint64_t kMultiplier = UINT64_C(0x9E3779B97F4A7C15);
constexpr size_t kEdge = kPackedLines / 3, kSample = kPackedLines - 2 * kEdge;
constexpr size_t kLabelBytes = 60;  // a label that begins later is a sentence with a colon
constexpr uint16_t kMostInk = 0xFFFF;
constexpr size_t kParagraphBytes = 400;  // longer lines are told apart by their bytes, as are those
constexpr size_t kDeep = 200;            // so many lines from both ends

constexpr uint64_t step(uint64_t hash, uint64_t value) { return (hash ^ value) * kMultiplier; }
constexpr uint64_t finished(uint64_t hash) { return hash ^ (hash >> 29); }

uint64_t word_hash(std::string_view word) {
  uint64_t hash = kMultiplier;
  for (const char byte : word) hash = step(hash, static_cast<uint8_t>(byte));
  return finished(hash);
}

/// Words known by their hash, behind a filter of bits because hardly any word is one.
class Words {
 public:
  explicit Words(std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) {
      hashes_.insert(word_hash(word));
      filter_.set(word_hash(word) % kBits);
    }
  }
  bool has(uint64_t hash) const { return filter_[hash % kBits] && hashes_.contains(hash); }

 private:
  static constexpr size_t kBits = 8192;
  std::bitset<kBits> filter_;
  std::unordered_set<uint64_t> hashes_;
};

const Words& date_words() {
  static const Words kWords{"january", "february", "march",   "april",    "june",      "july",   "august", "september", "october", "november",
                               "december", "jan",     "feb",     "mar",      "apr",       "may",    "jun",    "jul",       "aug",     "sep",
                               "sept",    "oct",      "nov",     "dec",      "monday",    "tuesday", "wednesday", "thursday", "friday", "saturday",
                               "sunday",  "mon",      "tue",     "wed",      "thu",       "fri",    "sat",    "sun",       "am",      "pm",
                               "월요일",  "화요일",   "수요일",  "목요일",   "금요일",    "토요일", "일요일", "오전",      "오후"};
  return kWords;
}

const Words& interface_words() {
  static const Words kWords{
      "share",     "tweet",      "twitter",  "facebook",  "linkedin",   "instagram", "youtube",  "whatsapp",  "telegram", "reddit",    "email",
      "print",     "subscribe",  "newsletter", "cookie",  "cookies",    "login",     "signin",   "menu",      "search",   "sitemap",   "privacy",
      "terms",     "feedback",   "helpful",  "copyright", "rights",     "reserved",  "confidential", "advertisement", "sponsored", "follow", "bookmark",
      "previous",  "next",       "top",      "download",  "pdf",        "rss",       "comments", "accept",    "reject",   "contact",   "imprint",
      "공유",      "공유하기",   "인쇄",     "인쇄하기",  "목록",       "목록으로",  "이전글",   "다음글",    "로그인",   "회원가입",  "구독",
      "구독하기",  "쿠키",       "쿠키를",   "바로가기",  "댓글",       "좋아요",    "추천",     "스크랩",    "광고",     "페이스북",  "트위터",
      "카카오톡",  "카카오스토리", "네이버", "밴드",      "복사",       "url복사",   "링크",     "즐겨찾기",  "신고",     "신고하기",  "저작권",
      "무단",      "이용약관",   "개인정보처리방침", "맨위로", "위로", "메뉴",      "검색",     "다운로드",  "조회수",   "문의",      "고객센터"};
  return kWords;
}

/// Words that begin a line about the page itself.
const Words& label_words() {
  static const Words kWords{"posted", "published", "written", "edited", "author", "updated", "작성자", "등록자", "등록일", "작성일", "게시일", "수정일", "담당자", "담당부서"};
  return kWords;
}

/// Labels of what the text says, not of the page.
const Words& title_words() {
  static const Words kWords{"subject", "title", "note", "re", "fwd", "warning", "제목", "주의", "참고", "건명", "문서명"};
  return kWords;
}

bool ends_sentence(std::string_view line) {
  const char last = line.back();
  return last == '.' || last == '!' || last == '?' || line.ends_with("。");
}

enum class Byte : uint8_t { sign, space, letter, digit, beyond };

constexpr std::array<Byte, 256> byte_kinds() {
  std::array<Byte, 256> kinds{};
  for (size_t byte = 0; byte < 256; ++byte) {
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    // C2 and E2 lead signs that part words (© « » · – — … • › →) and the spaces of Latin-1 and of typography.
    kinds[byte] = byte == ' ' || byte == '\t'         ? Byte::space
                  : letter                            ? Byte::letter
                  : byte >= '0' && byte <= '9'        ? Byte::digit
                  : byte >= 0x80 && byte != 0xC2 && byte != 0xE2 ? Byte::beyond
                                                      : Byte::sign;
  }
  return kinds;
}
constexpr std::array<Byte, 256> kByteKinds = byte_kinds();

Byte kind_at(std::string_view line, size_t at) {
  const Byte kind = kByteKinds[static_cast<uint8_t>(line[at])];
  if (kind != Byte::beyond || at + 2 >= line.size()) return kind;
  // 、 。 「 」, the ideographic space, and the full-width colon
  const bool eastern_sign = (line[at] == '\xE3' && line[at + 1] == '\x80') || (line[at] == '\xEF' && line[at + 1] == '\xBC' && line[at + 2] == '\x9A');
  return eastern_sign ? Byte::sign : kind;
}

/// Builds key, label and the count of interface words of one line.
class Reader {
 public:
  explicit Reader(std::string_view line) : line_(line) {}

  PageLine read() {
    for (size_t i = 0; i < line_.size();) {
      const Byte kind = kind_at(line_, i);
      if (kind == Byte::space) {
        ++i;
      } else if (kind == Byte::sign) {
        sign(i);
      } else {
        word(i, kind == Byte::digit);
      }
    }
    if (pending_ != 0) hash_ = step(hash_, pending_);
    PageLine result{.key = static_cast<uint32_t>(finished(hash_) >> 32), .label = label_, .ink = static_cast<uint16_t>(std::min<size_t>(ink_, kMostInk))};
    if (interface_ >= 2) result.shape |= PageLine::kInterface;
    if (label_ != 0) result.shape |= PageLine::kLabelled;
    if (about_page_) result.shape |= PageLine::kAboutPage;
    return result;
  }

 private:
  void word(size_t& i, bool digits) {
    uint64_t hash = kMultiplier;
    for (; i < line_.size(); ++i) {
      auto byte = static_cast<uint8_t>(line_[i]);
      const Byte kind = kind_at(line_, i);
      if (kind == Byte::space || kind == Byte::sign || (kind == Byte::digit) != digits) break;
      if (static_cast<uint8_t>(byte - 'A') < 26) byte |= 0x20;
      ink_ += (byte & 0xC0) != 0x80;
      hash = step(hash, byte);
    }
    hash = finished(hash);
    const bool date = !digits && date_words().has(hash);
    interface_ += interface_words().has(hash);
    if (words_++ == 0) {
      about_page_ = label_words().has(hash);
      titled_ = title_words().has(hash);
      if (about_page_) label_ = (static_cast<uint32_t>(hash >> 32) | 1) & ~PageLine::kField;
    }
    if ((digits || date) && number_) {
      pending_ = 0;  // 3 May 2021 and 2021-05-03 are one number
      return;
    }
    if (pending_ != 0) hash_ = step(hash_, pending_);
    pending_ = 0;
    number_ = digits || date;
    hash_ = step(hash_, number_ ? 0 : hash);
  }

  void sign(size_t& i) {
    const size_t begin = i;
    const char32_t c = next_code_point(line_, i);
    if (c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200F)) return;
    ++ink_;
    if (label_ == 0 && words_ > 0 && !titled_ && begin <= kLabelBytes && separates(c, begin, i)) {
      label_ = (static_cast<uint32_t>(finished(step(step(hash_, pending_), c)) >> 32) | 1) & ~PageLine::kField;
      if (c == ':' || c == 0xFF1A) label_ |= PageLine::kField;
    }
    pending_ = step(pending_ + 1, c);
  }

  bool separates(char32_t c, size_t begin, size_t end) const {
    const bool spaced = begin > 0 && line_[begin - 1] == ' ' && end < line_.size() && line_[end] == ' ';
    if (c == ':' || c == 0xFF1A) return end < line_.size() && (line_[end] == ' ' || static_cast<uint8_t>(line_[end]) >= 0x80);
    if (c == '/' || c == '|' || c == '-') return spaced;
    return c == '>' || c == 0x203A || c == 0xBB || c == 0x2192 || c == 0x25B8 || c == 0x25B6;
  }

  std::string_view line_;
  uint64_t hash_ = 1, pending_ = 0;
  uint32_t label_ = 0;
  size_t ink_ = 0, words_ = 0, interface_ = 0;
  bool number_ = false, about_page_ = false, titled_ = false;
};

/// Rows of tables, and lines with more signs of programs than sentences have.
bool looks_like_code(std::string_view line, size_t indent) {
  if (indent >= 4 || line.starts_with("$ ") || line.starts_with("| ") || line.starts_with("|-") || line.starts_with("//") || line.starts_with("#!")) return true;
  if (line.back() == '{' || line.back() == ';' || line.back() == '}' || line.back() == '\\') return true;
  if (line.size() > kParagraphBytes || line.starts_with("==")) return false;
  size_t signs = 0;
  for (const char c : line) signs += c == '{' || c == '}' || c == '=' || c == '$' || c == '`' || c == '\\' || c == '<';
  return signs >= 2 && signs * 12 >= line.size();
}

/// A paragraph: taken as it is, for it repeats to the letter or not at all.
PageLine read_paragraph(std::string_view line) {
  const size_t spaces = static_cast<size_t>(std::count(line.begin(), line.end(), ' '));
  const size_t ink = count_code_points(line) - spaces;
  return {.key = static_cast<uint32_t>(base::hash64(line)), .label = 0, .ink = static_cast<uint16_t>(std::min<size_t>(ink, kMostInk))};
}

constexpr size_t kTracedLines = 120;  // from either end
constexpr size_t kTracedBytes = 600;  // of a paragraph

/// Traces of the lines it is given, the smallest keys of them.
class Tracer {
 public:
  explicit Tracer(std::vector<WordTrace>& traces) : traces_(traces) { traces_.clear(); }

  void read(std::string_view line, size_t number) {
    line = line.substr(0, kTracedBytes);
    uint64_t before = 0, last = 0;
    bool number_before = false;
    for (size_t i = 0, words = 0; i < line.size();) {
      const Byte kind = kind_at(line, i);
      if (kind == Byte::space || kind == Byte::sign) {
        ++i;
        continue;
      }
      const bool digits = kind == Byte::digit;
      const uint64_t hash = digits ? skip_digits(line, i) : word(line, i);
      if (digits && number_before) continue;  // 1,234.50 and 2021-05-03 are one number
      number_before = digits;
      if (++words >= 2) add(static_cast<uint32_t>(finished(step(step(before, last), hash)) >> 32), number);
      before = last;
      last = hash;
    }
  }

  /// Places from the end can be told once all lines are known.
  void finish(size_t lines) {
    shrink();
    for (size_t i = 0; i < traces_.size(); ++i) traces_[i].place = place(numbers_[i], lines);
  }

 private:
  static uint64_t skip_digits(std::string_view line, size_t& i) {
    while (i < line.size() && kind_at(line, i) == Byte::digit) ++i;
    return 1;
  }
  static uint64_t word(std::string_view line, size_t& i) {
    uint64_t hash = kMultiplier;
    for (; i < line.size(); ++i) {
      const Byte kind = kind_at(line, i);
      if (kind != Byte::letter && kind != Byte::beyond) break;
      auto byte = static_cast<uint8_t>(line[i]);
      if (static_cast<uint8_t>(byte - 'A') < 26) byte |= 0x20;
      hash = step(hash, byte);
    }
    return finished(hash);
  }
  static uint8_t place(size_t number, size_t lines) {
    const size_t below = lines - 1 - number;
    if (number < WordTrace::kMiddle && number <= below) return static_cast<uint8_t>(number);
    return below < 127 ? static_cast<uint8_t>(255 - below) : WordTrace::kMiddle;
  }
  void add(uint32_t key, size_t number) {
    if (key >= bound_) return;
    traces_.push_back({key, 0});
    numbers_.push_back(static_cast<uint32_t>(number));
    if (traces_.size() >= 4 * kMostTraces) shrink();
  }
  void shrink() {
    std::vector<uint32_t> order(traces_.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return traces_[a].key != traces_[b].key ? traces_[a].key < traces_[b].key : a < b; });
    std::vector<WordTrace> kept;
    std::vector<uint32_t> numbers;
    for (const uint32_t i : order) {
      if (!kept.empty() && kept.back().key == traces_[i].key) continue;
      if (kept.size() == kMostTraces) {
        bound_ = kept.back().key;
        break;
      }
      kept.push_back(traces_[i]);
      numbers.push_back(numbers_[i]);
    }
    traces_ = std::move(kept);
    numbers_ = std::move(numbers);
  }

  std::vector<WordTrace>& traces_;
  std::vector<uint32_t> numbers_;
  uint32_t bound_ = UINT32_MAX;
};

bool is_list_item(std::string_view line) {
  if (line.starts_with("* ") || line.starts_with("- ") || line.starts_with("• ")) return true;
  const size_t digits = line.find_first_not_of("0123456789");
  return digits > 0 && digits < 4 && (line.substr(digits).starts_with(". ") || line.substr(digits).starts_with(") "));
}

}  // namespace

void find_lines(std::string_view text, Page& page) {
  page.lines.clear();
  page.ink = 0;
  Tracer tracer(page.traces);
  bool fenced = false;
  const auto line_ends = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  size_t number = 0;
  for (size_t begin = 0; begin < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    const size_t indent = std::min(line.find_first_not_of(" \t\r\f"), line.size());
    line.remove_prefix(indent);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
    if (!line.empty()) {
      const bool deep = number >= kDeep && number + kDeep < line_ends;
      PageLine found = deep || line.size() > kParagraphBytes ? read_paragraph(line) : Reader(line).read();
      const bool fence = line.starts_with("```") || line.starts_with("~~~");
      if (fenced || fence || looks_like_code(line, indent)) found.shape |= PageLine::kCode;
      if (fence) fenced = !fenced;
      if (line.front() == '#' || line.ends_with(":") || line.ends_with("：")) found.shape |= PageLine::kHeading;
      if (line.front() == '>') found.shape |= PageLine::kQuoted;
      if (is_list_item(line)) found.shape |= PageLine::kItem;
      if (ends_sentence(line)) found.shape |= PageLine::kSentence;
      found.begin = static_cast<uint32_t>(begin);
      found.end = static_cast<uint32_t>(end);
      page.ink += found.ink;
      const bool near_edge = number < kTracedLines || number + kTracedLines >= line_ends;
      if (near_edge && !found.is(PageLine::kCode | PageLine::kQuoted)) tracer.read(line, page.lines.size());
      page.lines.push_back(found);
    }
    begin = end + 1;
  }
  tracer.finish(page.lines.size());
}

std::string pack_lines(const Page& page) {
  const size_t count = page.lines.size();
  uint32_t largest = UINT32_MAX;  // of the keys in the middle that are kept
  if (count > 2 * kEdge + kSample) {
    std::vector<uint32_t> keys;
    for (size_t i = kEdge; i < count - kEdge; ++i) keys.push_back(page.lines[i].key);
    std::nth_element(keys.begin(), keys.begin() + kSample - 1, keys.end());
    largest = keys[kSample - 1];
  }
  std::string bytes;
  size_t sampled = 0;
  for (size_t i = 0; i < count; ++i) {
    PageLine line = page.lines[i];
    const bool edge = i < kEdge || i + kEdge >= count;
    if (!edge && (line.key > largest || sampled == kSample)) continue;
    sampled += !edge;
    if (i >= kEdge / 2 && i + kEdge / 2 < count) line.shape &= static_cast<uint8_t>(~PageLine::kLabelled);
    bytes.append(reinterpret_cast<const char*>(&line.key), sizeof line.key);
    bytes.append(reinterpret_cast<const char*>(&line.ink), sizeof line.ink);
    bytes += static_cast<char>(line.shape);
    if (line.is(PageLine::kLabelled)) bytes.append(reinterpret_cast<const char*>(&line.label), sizeof line.label);
  }
  const auto traces = static_cast<uint8_t>(std::min(page.traces.size(), (kPackedBytes - bytes.size() - 5) / 5));
  std::string packed(reinterpret_cast<const char*>(&page.ink), sizeof page.ink);
  packed += static_cast<char>(traces);
  for (size_t i = 0; i < traces; ++i) {
    packed.append(reinterpret_cast<const char*>(&page.traces[i].key), sizeof page.traces[i].key);
    packed += static_cast<char>(page.traces[i].place);
  }
  return packed + bytes;
}

void unpack_lines(std::string_view packed, Page& page) {
  const auto take = [&packed](auto& value) {
    HONE_ASSERT(packed.size() >= sizeof value);
    std::memcpy(&value, packed.data(), sizeof value);
    packed.remove_prefix(sizeof value);
  };
  take(page.ink);
  uint8_t traces = 0;
  take(traces);
  page.traces.resize(traces);
  for (WordTrace& trace : page.traces) {
    take(trace.key);
    take(trace.place);
  }
  constexpr size_t kShortest = sizeof(PageLine::key) + sizeof(PageLine::ink) + sizeof(PageLine::shape);
  page.lines.resize(packed.size() / kShortest);
  size_t count = 0;
  while (!packed.empty()) {
    HONE_ASSERT(count < page.lines.size());
    PageLine& line = page.lines[count++];
    line = {};
    take(line.key);
    take(line.ink);
    take(line.shape);
    if (line.is(PageLine::kLabelled)) take(line.label);
  }
  page.lines.resize(count);
}

}  // namespace hone::corpus
