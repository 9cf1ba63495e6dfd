#include "corpus/personal/context.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

namespace hone::corpus::personal {
namespace {

constexpr size_t kReach = 110, kReachBehind = 48, kBlockReach = 1 << 14;
constexpr int kSpentBy = 6;  // digits

struct Word {
  std::string_view text;
  Topic topic;
};

/// Lower case. Words of ASCII letters stand alone (a plural s apart); Korean words may have anything around them.
constexpr Word kWords[] = {
    {"주민등록", Topic::resident}, {"주민번호", Topic::resident}, {"주민 번호", Topic::resident}, {"주민등록번호", Topic::resident},
    {"주민 등록", Topic::resident}, {"주민 등록 번호", Topic::resident}, {"실명번호", Topic::resident}, {"실명확인번호", Topic::resident},
    {"resident registration", Topic::resident}, {"resident registration number", Topic::resident}, {"resident number", Topic::resident},
    {"resident no", Topic::resident}, {"resident id", Topic::resident}, {"rrn", Topic::resident}, {"national id", Topic::resident},
    {"jumin", Topic::resident},
    {"외국인등록", Topic::foreigner}, {"외국인 등록", Topic::foreigner}, {"외국인등록번호", Topic::foreigner}, {"외국인 등록번호", Topic::foreigner},
    {"외국인번호", Topic::foreigner}, {"외국인", Topic::foreigner}, {"거소신고", Topic::foreigner}, {"거소신고번호", Topic::foreigner},
    {"alien registration", Topic::foreigner}, {"foreigner registration", Topic::foreigner}, {"foreign registration", Topic::foreigner},
    {"alien registration number", Topic::foreigner}, {"foreigner registration number", Topic::foreigner}, {"frn", Topic::foreigner},
    {"arc", Topic::foreigner}, {"foreigner", Topic::foreigner}, {"residence card", Topic::foreigner},
    {"사업자등록", Topic::business}, {"사업자등록번호", Topic::business}, {"사업자 등록번호", Topic::business}, {"사업자번호", Topic::business},
    {"사업자 번호", Topic::business}, {"사업자 등록", Topic::business}, {"사업자", Topic::business}, {"등록번호", Topic::business},
    {"business registration", Topic::business}, {"business registration number", Topic::business}, {"business reg", Topic::business},
    {"business number", Topic::business}, {"business no", Topic::business}, {"brn", Topic::business}, {"vat no", Topic::business},
    {"운전면허", Topic::licence}, {"면허번호", Topic::licence}, {"면허증", Topic::licence}, {"운전면허번호", Topic::licence},
    {"운전 면허", Topic::licence}, {"면허", Topic::licence}, {"driver license", Topic::licence}, {"driver's license", Topic::licence},
    {"drivers license", Topic::licence}, {"driving licence", Topic::licence}, {"driver's licence", Topic::licence},
    {"driver licence", Topic::licence}, {"driving license", Topic::licence},
    {"여권", Topic::passport}, {"여권번호", Topic::passport}, {"passport", Topic::passport}, {"passport number", Topic::passport},
    {"passport no", Topic::passport},
    {"ssn", Topic::social_security}, {"social security", Topic::social_security}, {"social security number", Topic::social_security},
    {"social security no", Topic::social_security}, {"사회보장번호", Topic::social_security}, {"사회보장", Topic::social_security},
    {"itin", Topic::social_security}, {"taxpayer", Topic::social_security},
    {"카드", Topic::card}, {"카드번호", Topic::card}, {"카드 번호", Topic::card}, {"card", Topic::card}, {"card number", Topic::card},
    {"card no", Topic::card}, {"visa", Topic::card}, {"mastercard", Topic::card}, {"amex", Topic::card}, {"비자", Topic::card},
    {"마스터카드", Topic::card}, {"american express", Topic::card}, {"credit", Topic::card}, {"debit", Topic::card}, {"charge", Topic::card},
    {"cc", Topic::card}, {"결제", Topic::card},
    {"계좌", Topic::bank}, {"계좌번호", Topic::bank}, {"계좌 번호", Topic::bank}, {"은행", Topic::bank}, {"예금주", Topic::bank},
    {"입금", Topic::bank}, {"송금", Topic::bank}, {"이체", Topic::bank}, {"통장", Topic::bank}, {"뱅크", Topic::bank}, {"농협", Topic::bank},
    {"신협", Topic::bank}, {"수협", Topic::bank}, {"새마을금고", Topic::bank}, {"우체국", Topic::bank}, {"증권", Topic::bank}, {"환불", Topic::bank},
    {"bank", Topic::bank}, {"bank account", Topic::bank}, {"account number", Topic::bank}, {"account no", Topic::bank},
    {"account #", Topic::bank}, {"acct", Topic::bank}, {"acct no", Topic::bank}, {"a/c", Topic::bank}, {"a/c no", Topic::bank},
    {"iban", Topic::bank}, {"routing", Topic::bank}, {"sort code", Topic::bank}, {"checking account", Topic::bank},
    {"savings account", Topic::bank}, {"direct deposit", Topic::bank}, {"wire", Topic::bank}, {"beneficiary", Topic::bank},
    {"remit", Topic::bank}, {"kakaobank", Topic::bank}, {"deposit", Topic::bank},
    {"전화", Topic::phone}, {"전화번호", Topic::phone}, {"연락처", Topic::phone}, {"연락", Topic::phone}, {"휴대폰", Topic::phone},
    {"휴대전화", Topic::phone}, {"휴대 전화", Topic::phone}, {"핸드폰", Topic::phone}, {"휴대번호", Topic::phone}, {"모바일", Topic::phone},
    {"팩스", Topic::phone}, {"문자", Topic::phone}, {"통화", Topic::phone}, {"내선", Topic::phone}, {"콜센터", Topic::phone},
    {"고객센터", Topic::phone}, {"대표번호", Topic::phone}, {"상담", Topic::phone}, {"문의", Topic::phone}, {"긴급", Topic::phone},
    {"☎", Topic::phone}, {"☏", Topic::phone}, {"📞", Topic::phone}, {"📱", Topic::phone}, {"hp", Topic::phone}, {"h.p", Topic::phone},
    {"h/p", Topic::phone}, {"tel", Topic::phone}, {"telephone", Topic::phone}, {"phone", Topic::phone}, {"phone number", Topic::phone},
    {"mobile", Topic::phone}, {"cell", Topic::phone}, {"cellphone", Topic::phone}, {"fax", Topic::phone}, {"call", Topic::phone},
    {"calling", Topic::phone}, {"dial", Topic::phone}, {"sms", Topic::phone}, {"whatsapp", Topic::phone}, {"hotline", Topic::phone},
    {"contact", Topic::phone}, {"reached at", Topic::phone}, {"reach", Topic::phone}, {"helpline", Topic::phone}, {"pager", Topic::phone},
    {"이메일", Topic::email}, {"메일", Topic::email}, {"전자우편", Topic::email}, {"email", Topic::email}, {"e-mail", Topic::email},
    {"mail", Topic::email}, {"mailto", Topic::email},
    {"ip", Topic::device}, {"아이피", Topic::device}, {"접속", Topic::device}, {"로그인", Topic::device}, {"단말", Topic::device},
    {"사용자", Topic::device}, {"방문자", Topic::device}, {"접근", Topic::device}, {"login", Topic::device}, {"logged in", Topic::device},
    {"logon", Topic::device}, {"client", Topic::device}, {"user", Topic::device}, {"visitor", Topic::device}, {"session", Topic::device},
    {"laptop", Topic::device}, {"workstation", Topic::device}, {"remote address", Topic::device}, {"sign-in", Topic::device},
    {"signed in", Topic::device}, {"address", Topic::device}, {"클라이언트", Topic::device}, {"노트북", Topic::device}, {"pc", Topic::device},
    {"주문", Topic::other}, {"주문번호", Topic::other}, {"운송장", Topic::other}, {"운송장번호", Topic::other}, {"송장", Topic::other},
    {"송장번호", Topic::other}, {"접수번호", Topic::other}, {"문서번호", Topic::other}, {"시험번호", Topic::other}, {"수험번호", Topic::other},
    {"부품", Topic::other}, {"부품번호", Topic::other}, {"모델", Topic::other}, {"모델명", Topic::other}, {"모델번호", Topic::other},
    {"품번", Topic::other}, {"일련번호", Topic::other}, {"시리얼", Topic::other}, {"제품번호", Topic::other}, {"상품번호", Topic::other},
    {"관리번호", Topic::other}, {"특허", Topic::other}, {"출원번호", Topic::other}, {"특허번호", Topic::other}, {"사건번호", Topic::other},
    {"법인등록번호", Topic::other}, {"법인 등록번호", Topic::other}, {"법인번호", Topic::other}, {"법인등록", Topic::other},
    {"발주번호", Topic::other}, {"견적번호", Topic::other}, {"거래번호", Topic::other}, {"승인번호", Topic::other}, {"고지번호", Topic::other},
    {"자산번호", Topic::other}, {"바코드", Topic::other}, {"도서", Topic::other}, {"좌표", Topic::other}, {"규격", Topic::other},
    {"허가번호", Topic::other}, {"인증번호", Topic::other}, {"공고번호", Topic::other}, {"의안번호", Topic::other}, {"예약번호", Topic::other},
    {"티켓", Topic::other}, {"청구번호", Topic::other}, {"고객번호", Topic::other}, {"로트", Topic::other}, {"배치번호", Topic::other},
    {"타임스탬프", Topic::other}, {"식별자", Topic::other}, {"세트번호", Topic::other}, {"차대번호", Topic::other},
    {"order", Topic::other}, {"order number", Topic::other}, {"order no", Topic::other}, {"order id", Topic::other},
    {"invoice", Topic::other}, {"invoice number", Topic::other}, {"invoice no", Topic::other}, {"tracking", Topic::other},
    {"tracking number", Topic::other}, {"tracking no", Topic::other}, {"part number", Topic::other}, {"part no", Topic::other},
    {"part", Topic::other}, {"serial", Topic::other}, {"serial number", Topic::other}, {"serial no", Topic::other}, {"s/n", Topic::other},
    {"model", Topic::other}, {"model number", Topic::other}, {"model no", Topic::other}, {"sku", Topic::other}, {"ticket", Topic::other},
    {"ticket number", Topic::other}, {"case number", Topic::other}, {"case no", Topic::other}, {"reference number", Topic::other},
    {"reference", Topic::other}, {"reference no", Topic::other}, {"ref", Topic::other}, {"document number", Topic::other},
    {"document no", Topic::other}, {"item", Topic::other}, {"item number", Topic::other}, {"catalog", Topic::other},
    {"catalogue", Topic::other}, {"isbn", Topic::other}, {"issn", Topic::other}, {"doi", Topic::other}, {"upc", Topic::other},
    {"ean", Topic::other}, {"barcode", Topic::other}, {"patent", Topic::other}, {"corporate registration", Topic::other},
    {"corporate registration number", Topic::other}, {"corporation number", Topic::other}, {"confirmation number", Topic::other},
    {"booking", Topic::other}, {"shipment", Topic::other}, {"parcel", Topic::other}, {"lot", Topic::other}, {"batch", Topic::other},
    {"batch number", Topic::other}, {"timestamp", Topic::other}, {"epoch", Topic::other}, {"uuid", Topic::other}, {"guid", Topic::other},
    {"commit", Topic::other}, {"coordinates", Topic::other}, {"latitude", Topic::other}, {"longitude", Topic::other}, {"po number", Topic::other},
    {"purchase order", Topic::other}, {"asset tag", Topic::other}, {"asset number", Topic::other}, {"transaction id", Topic::other},
    {"transaction number", Topic::other}, {"imei", Topic::other}, {"trace id", Topic::other}, {"request id", Topic::other},
    {"aws account", Topic::other}, {"aws account id", Topic::other}, {"project number", Topic::other}, {"bug", Topic::other},
    {"버전", Topic::numbering}, {"절", Topic::numbering}, {"장", Topic::numbering}, {"펌웨어", Topic::numbering}, {"그림", Topic::numbering},
    {"조항", Topic::numbering}, {"항목", Topic::numbering}, {"릴리스", Topic::numbering}, {"빌드", Topic::numbering}, {"부록", Topic::numbering},
    {"version", Topic::numbering}, {"ver", Topic::numbering}, {"v", Topic::numbering}, {"section", Topic::numbering}, {"sec", Topic::numbering},
    {"chapter", Topic::numbering}, {"clause", Topic::numbering}, {"release", Topic::numbering}, {"rfc", Topic::numbering},
    {"appendix", Topic::numbering}, {"figure", Topic::numbering}, {"table", Topic::numbering}, {"firmware", Topic::numbering},
    {"build", Topic::numbering}, {"article", Topic::numbering}, {"paragraph", Topic::numbering}, {"step", Topic::numbering},
    {"oid", Topic::numbering}, {"§", Topic::numbering}, {"upgrade", Topic::numbering}, {"upgraded", Topic::numbering},
    {"driver", Topic::numbering}, {"patch", Topic::numbering}, {"schema", Topic::numbering}, {"rule", Topic::numbering},
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether the word at [begin, end) of `window` stands alone as far as Latin letters go, and is no placeholder.
bool stands_alone(std::string_view window, size_t begin, size_t end) {
  if (is_letter(window[begin]) && begin > 0 && is_letter(window[begin - 1])) return false;
  if (is_letter(window[end - 1]) && end < window.size() && is_letter(window[end])) {
    const bool plural = window[end] == 's' && (end + 1 == window.size() || !is_letter(window[end + 1]));
    if (!plural) return false;
  }
  return !(begin > 0 && window[begin - 1] == '[' && end < window.size() && window[end] == ']');
}

struct Found {
  Topic topic = Topic::none;
  size_t begin = 0, end = 0;
};

/// The words by how they begin: two bytes of an ASCII word, three of another.
class WordStarts {
 public:
  WordStarts() {
    for (uint16_t i = 0; i < std::size(kWords); ++i) {
      const std::string_view text = kWords[i].text;
      (text.size() < length(text) ? short_ : lists_[slot(text)]).push_back(i);
    }
  }
  /// Calls take(word) for each word of the table that `rest` begins with, in the table's order but for the shortest.
  template <typename Take>
  void each(std::string_view rest, Take&& take) const {
    const auto go_through = [&](const std::vector<uint16_t>& list) {
      for (const uint16_t i : list) {
        if (rest.starts_with(kWords[i].text)) take(kWords[i]);
      }
    };
    if (rest.size() >= length(rest)) go_through(lists_[slot(rest)]);
    go_through(short_);
  }

 private:
  static size_t length(std::string_view text) { return static_cast<uint8_t>(text[0]) < 0x80 ? 2 : 3; }
  static size_t slot(std::string_view text) {
    uint32_t bytes = 0;
    for (const char c : text.substr(0, length(text))) bytes = bytes << 8 | static_cast<uint8_t>(c);
    return (bytes * UINT32_C(2654435761)) >> 22;
  }
  std::array<std::vector<uint16_t>, 1024> lists_;
  std::vector<uint16_t> short_;
};

/// The word of the table that ends last, the longer of two; `all` takes the topics of every one.
Found last_word(std::string_view window, Topics& all) {
  static const WordStarts kStarts;
  Found last;
  for (size_t at = 0; at < window.size(); ++at) {
    if ((static_cast<uint8_t>(window[at]) & 0xC0) == 0x80) continue;
    if (is_letter(window[at]) && at > 0 && is_letter(window[at - 1])) continue;  // would not stand alone
    kStarts.each(window.substr(at), [&](const Word& word) {
      const size_t end = at + word.text.size();
      if (!stands_alone(window, at, end)) return;
      all |= bit(word.topic);
      const bool later = end > last.end || (end == last.end && (last.topic == Topic::none || at < last.begin));
      if (later) last = {word.topic, at, end};
    });
  }
  return last;
}

size_t whole_character(std::string_view text, size_t position) {
  while (position < text.size() && (static_cast<uint8_t>(text[position]) & 0xC0) == 0x80) ++position;
  return position;
}

int digits_in(std::string_view text) {
  int count = 0;
  for (const char c : text) count += is_digit(c);
  return count;
}

size_t line_begin(std::string_view text, size_t position) {
  const size_t newline = position == 0 ? std::string_view::npos : text.rfind('\n', position - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return result;
}

const Label& Context::before(size_t begin) {
  if (labelled_ == begin) return label_;
  labelled_ = begin;
  label_ = {};
  size_t from = whole_character(text_, begin > kReach ? begin - kReach : 0);
  const std::string_view raw = text_.substr(from, begin - from);
  const size_t blank = raw.rfind("\n\n");
  const std::string window = lower_case(blank == std::string_view::npos ? raw : raw.substr(blank + 2));
  const Found found = last_word(window, label_.all);
  label_.nearest = found.topic;
  label_.gap = window.size() - found.end;
  label_.spent = digits_in(std::string_view{window}.substr(found.end)) >= kSpentBy;
  label_.column = heading(begin);
  return label_;
}

Topics Context::behind(size_t end) const {
  const size_t stop = whole_character(text_, std::min(text_.size(), end + kReachBehind));
  std::string_view raw = text_.substr(end, stop - end);
  raw = raw.substr(0, raw.find('\n'));
  Topics all = 0;
  last_word(lower_case(raw), all);
  return all;
}

Topic Context::heading(size_t begin) {
  // Blocks end at blank lines; each byte is looked at once, as places come in order.
  if (begin < block_seen_) block_begin_ = block_seen_ = 0;
  for (size_t blank = text_.find("\n\n", block_seen_ > 0 ? block_seen_ - 1 : 0); blank != std::string_view::npos && blank < begin; blank = text_.find("\n\n", blank + 1)) {
    block_begin_ = blank + 2;
  }
  block_seen_ = begin;
  const size_t line = line_begin(text_, begin);
  if (block_begin_ >= line || line - block_begin_ > kBlockReach) return Topic::none;
  const std::string_view before = text_.substr(line, begin - line);
  if (before.size() > 1024) return Topic::none;
  const std::string_view whole = text_.substr(line, std::min(text_.find('\n', begin), line + 2048) - line);
  std::string_view first = text_.substr(block_begin_, line - block_begin_);
  first = first.substr(0, std::min(first.find('\n'), size_t{1024}));
  for (const char separator : {'|', '\t', ',', ';'}) {
    const auto separators = [separator](std::string_view part) { return std::count(part.begin(), part.end(), separator); };
    if (separators(first) == 0) continue;
    if (separators(first) != separators(whole)) return Topic::none;  // prose with a comma, not a table
    auto cells = separators(before);
    size_t at = 0;
    for (; cells > 0 && at != std::string_view::npos; --cells) {
      at = first.find(separator, at);
      if (at != std::string_view::npos) ++at;
    }
    if (at == std::string_view::npos) return Topic::none;
    const std::string_view cell = first.substr(at, first.find(separator, at) - at);
    if (cell.size() > 64 || digits_in(cell) > 3) return Topic::none;
    Topics all = 0;
    return last_word(lower_case(cell), all).topic;
  }
  return Topic::none;
}

}  // namespace hone::corpus::personal
