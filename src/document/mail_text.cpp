#include "document/mail_text.h"

#include <re2/re2.h>

#include <algorithm>
#include <vector>

namespace hone::document {
namespace {

constexpr size_t kMaxPatternLine = 400;    // no line of a mailer's own is longer
constexpr size_t kMaxIntroduction = 3;     // lines that "On … wrote:" may be broken into
constexpr size_t kMaxSignatureLines = 20;  // more behind "-- " is no signature
constexpr size_t kMinFields = 3;           // header fields in a row that make an older mail

enum class Kind : uint8_t { fresh, quoted, signature };

bool matches(std::string_view line, const RE2& pattern) {
  return line.size() <= kMaxPatternLine &&
         RE2::FullMatch(re2::StringPiece(line.data(), line.size()), pattern);
}

/// "-----Original Message-----" and its kin in the mailers that Korean and international offices use.
bool is_separator(std::string_view line) {
  static const RE2 kPattern(
      R"((?i)\s*(?:[-_=*]{2,}|-{1,}\s)\s*(?:original\s+(?:message|mail|e-?mail|appointment)|forwarded\s+(?:message|mail|by\b.*)|)"
      R"(reply\s+message|원본\s*(?:메시지|메세지|메일|편지)|원문|전달된\s*(?:메시지|메세지|메일|편지)|전달\s*(?:메시지|메일)|)"
      R"(받은\s*(?:메시지|메일|편지)|보낸\s*(?:메시지|메일|편지)|ursprüngliche\s+nachricht|message\s+d'origine|mensaje\s+original|)"
      R"(元のメッセージ|原始邮件|原始郵件)\s*(?:[-_=*]{2,})?\s*)");
  static const RE2 kSentence(R"((?i)\s*begin\s+forwarded\s+message:?\s*)");
  return matches(line, kPattern) || matches(line, kSentence);
}

enum class Field : uint8_t { none, from, date, other };

/// "From: …", "보낸 사람: …": which of the fields that introduce older mails.
Field header_field(std::string_view line) {
  static const RE2 kFrom(
      R"((?i)[*\s]*(?:from|보낸\s*사람|보낸\s*이|발신인?|발신자|von|de|送信者|发件人|差出人)\s*[*]?\s*[:：].*)");
  static const RE2 kDate(
      R"((?i)[*\s]*(?:sent|date|보낸\s*날짜|보낸\s*시간|날짜|일시|gesendet|envoyé|发送时间)\s*[*]?\s*[:：].*)");
  static const RE2 kOther(
      R"((?i)[*\s]*(?:to|cc|bcc|subject|reply-to|importance|attachments|받는\s*사람|받은\s*사람|수신인?|수신자|참조|숨은\s*참조|제목|)"
      R"(첨부|중요도|an|betreff|à|objet|收件人|主题)\s*[*]?\s*[:：].*)");
  if (matches(line, kFrom)) return Field::from;
  if (matches(line, kDate)) return Field::date;
  return matches(line, kOther) ? Field::other : Field::none;
}

/// Whether `line` ends a sentence that introduces a quotation.
bool introduces(std::string_view line) {
  static const RE2 kPattern(
      R"((?i).*(?:wrote|writes|said|schrieb.*|a\s+écrit|escribió|님이\s*(?:작성|쓴|쓰신|보낸|보내신).*|님께서\s*(?:작성|쓰신|보내신).*|)"
      R"(작성|작성했습니다|작성한\s*(?:글|메시지)|쓰신\s*글|쓴\s*글|のメール|写道|寫道)\s*[:：]?\s*)");
  static const RE2 kEnd(R"(.*[:：]\s*)");
  return matches(line, kPattern) && (matches(line, kEnd) || line.find('@') != std::string_view::npos);
}

/// Whether `line` can introduce lines that are marked as quoted: a weaker sentence is enough where '>'
/// follows.
bool introduces_marked(std::string_view line) {
  static const RE2 kPattern(
      R"((?i).*(?:\b(?:wrote|writes|said|schrieb|escribió)\b|a\s+écrit|님(?:이|께서)|이\(가\)|작성|쓴\s*글|쓰신|썼습니다|보낸\s*(?:글|메일|메시지)|)"
      R"(<\S+@\S+>|のメール|写道|寫道).*[:：]\s*)");
  return introduces(line) || matches(line, kPattern);
}

/// Whether an introduction names a person's address or a moment: one that stands before unmarked text must.
bool names_a_mail(std::string_view line) {
  static const RE2 kMoment(R"(.*(?:\b|[^0-9])(?:19|20)\d\d.*\d{1,2}:\d\d.*)");
  return line.find('@') != std::string_view::npos || matches(line, kMoment);
}

bool is_mobile_closing(std::string_view line) {
  static const RE2 kPattern(
      R"((?i)\s*(?:sent\s+from\s+(?:my|mail|outlook|yahoo|samsung|the)\b.*|get\s+outlook\s+for\s+.*|나의\s*\S+에서\s*보냄.*|내\s*\S+에서\s*보냄.*|)"
      R"((?:iPhone|iPad|Galaxy|갤럭시|아이폰|삼성\s*모바일)\S*에서\s*보냄.*|.*(?:메일\s*앱|모바일)에서\s*(?:보냈습니다|보냄|발송).*)\.?\s*)");
  return matches(line, kPattern);
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\xC2\xA0") == std::string_view::npos;
}
bool is_marked(std::string_view line) { return !line.empty() && (line[0] == '>' || line.starts_with(" >")); }
bool is_rule(std::string_view line) {
  return line.size() >= 20 && line.find_first_not_of('_') == std::string_view::npos;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : lines_(lines_of(text)), kinds_(lines_.size(), Kind::fresh) {}

  MailText split() {
    mark_quoted_lines();
    mark_older_mail();
    mark_signature();
    return {joined(Kind::fresh), joined(Kind::quoted), joined(Kind::signature)};
  }

 private:
  void mark(size_t begin, size_t end, Kind kind) {
    std::fill(kinds_.begin() + static_cast<ptrdiff_t>(begin), kinds_.begin() + static_cast<ptrdiff_t>(end),
              kind);
  }

  /// '>' lines, the blank lines between them, and their introduction.
  void mark_quoted_lines() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (!is_marked(lines_[i])) continue;
      size_t end = i + 1;
      for (size_t next = end; next < lines_.size() && (is_marked(lines_[next]) || is_blank(lines_[next]));
           ++next)
        if (is_marked(lines_[next])) end = next + 1;
      mark(introduction_before(i), end, Kind::quoted);
      i = end - 1;
    }
  }

  /// First line of the introduction that ends right before line `i`, blank lines between them allowed; `i`
  /// when there is none.
  size_t introduction_before(size_t i) const {
    size_t last = i;
    while (last > 0 && is_blank(lines_[last - 1])) --last;
    if (last == 0 || kinds_[last - 1] != Kind::fresh || !introduces_marked(lines_[last - 1])) return i;
    return introduction_begin(last - 1);
  }

  /// Where the introduction that ends with line `last` begins: at most two lines up, at "On …" or a date.
  size_t introduction_begin(size_t last) const {
    static const RE2 kBegin(R"((?i)\s*(?:on\s+.*|am\s+.*|le\s+.*|el\s+.*|(?:19|20)\d\d.*|\d{1,2}[./-].*))");
    if (matches(lines_[last], kBegin)) return last;
    for (size_t up = 1; up < kMaxIntroduction && up <= last; ++up) {
      if (is_blank(lines_[last - up])) break;
      if (matches(lines_[last - up], kBegin)) return last - up;
    }
    return last;
  }

  /// From the first line that can only stand before an older mail, all the rest.
  void mark_older_mail() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (kinds_[i] != Kind::fresh || !older_mail_begins(i)) continue;
      size_t begin = i;
      if (introduces(lines_[i])) begin = introduction_begin(i);
      if (header_field(lines_[i]) == Field::from)
        for (; begin > 0 && (is_rule(lines_[begin - 1]) || is_blank(lines_[begin - 1])); --begin)
          if (is_rule(lines_[begin - 1])) {
            --begin;
            break;
          }
      mark(begin, lines_.size(), Kind::quoted);
      return;
    }
  }

  bool older_mail_begins(size_t i) const {
    if (is_separator(lines_[i])) return true;
    if (header_field(lines_[i]) == Field::from && older_header(i)) return true;
    if (!introduces(lines_[i])) return false;
    // Unmarked text behind an introduction: it must be one without doubt.
    const size_t begin = introduction_begin(i);
    bool named = false;
    for (size_t k = begin; k <= i; ++k) named = named || names_a_mail(lines_[k]);
    size_t next = i + 1;
    while (next < lines_.size() && is_blank(lines_[next])) ++next;
    return named && next < lines_.size() && kinds_[next] == Kind::fresh &&
           lines_[i].find_first_of(":") != std::string_view::npos;
  }

  /// Fields in a row that only a mailer writes: with a date among them, and behind something that is no
  /// field. A mail that begins so is a memorandum, and its author's own.
  bool older_header(size_t i) const {
    if (std::all_of(lines_.begin(), lines_.begin() + static_cast<ptrdiff_t>(i), is_blank)) return false;
    size_t count = 0;
    bool dated = false;
    for (; i + count < lines_.size(); ++count) {
      const Field field = header_field(lines_[i + count]);
      if (field == Field::none) break;
      dated = dated || field == Field::date;
    }
    return count >= kMinFields && dated;
  }

  /// Behind "-- " up to the next quotation; from a mobile client's line or a mailing list's rule on.
  void mark_signature() {
    size_t end = lines_.size();
    while (end > 0 && (kinds_[end - 1] == Kind::quoted || is_blank(lines_[end - 1])))
      --end;  // of what is fresh
    for (size_t i = end, seen = 0; i-- > 0 && seen <= kMaxSignatureLines; ++seen) {
      if (kinds_[i] != Kind::fresh) break;
      const bool dashes = lines_[i] == "-- " || lines_[i] == "--" || lines_[i] == "\xE2\x80\x94 ";
      const bool list = is_rule(lines_[i]) && i + 1 < end && mentions_list(i + 1, end);
      if (!dashes && !list && !(i + 1 == end && is_mobile_closing(lines_[i]))) continue;
      mark(i, end, Kind::signature);
      if (dashes) return;
      end = i;  // a list's footer may stand behind a signature
      while (end > 0 && is_blank(lines_[end - 1])) --end;
      i = end;
    }
  }

  bool mentions_list(size_t begin, size_t end) const {
    static const RE2 kPattern(R"((?i).*(?:mailing list|list info|listinfo|unsubscribe|메일링\s*리스트).*)");
    for (size_t i = begin; i < std::min(end, begin + 4); ++i)
      if (matches(lines_[i], kPattern)) return true;
    return false;
  }

  /// Runs of one kind, each trimmed of blank lines, one blank line between them.
  std::string joined(Kind kind) const {
    std::string text;
    bool seam = false;
    size_t blank = 0;
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (kinds_[i] != kind) {
        seam = !text.empty();
        blank = 0;
        continue;
      }
      if (is_blank(lines_[i])) {
        ++blank;
        continue;
      }
      if (!text.empty()) text.append(seam ? std::max<size_t>(blank, 1) + 1 : blank + 1, '\n');
      text += lines_[i];
      blank = 0;
      seam = false;
    }
    return text;
  }

  std::vector<std::string_view> lines_;
  std::vector<Kind> kinds_;
};

/// How many '>' a flowed line begins with; RFC 3676 4.5.
size_t quote_depth(std::string_view line) { return std::min(line.find_first_not_of('>'), line.size()); }

}  // namespace

MailText split_mail_text(std::string_view text) { return Splitter(text).split(); }

std::string unflowed(std::string_view text, bool delete_space) {
  std::string result;
  result.reserve(text.size());
  bool soft = false;
  size_t depth_before = 0;
  for (std::string_view line : lines_of(text)) {
    const size_t depth = quote_depth(line);
    std::string_view content = line.substr(depth);
    if (content.starts_with(' ')) content.remove_prefix(1);  // stuffed
    const bool signature = content == "-- ";
    if (soft && depth == depth_before && !signature) {
      result.pop_back();  // the line end; the blank before it stays, unless DelSp
      if (delete_space) result.pop_back();
      result += content;
    } else if (depth > 0) {
      result.append(depth, '>').append(content.empty() ? "" : " ").append(content);
    } else {
      result += content;
    }
    result += '\n';
    soft = content.ends_with(' ') && !signature;
    depth_before = depth;
  }
  return result;
}

}  // namespace hone::document
