#include <algorithm>
#include <array>
#include <string>

#include "corpus/secret/detectors.h"
#include "corpus/secret/plausible.h"

namespace hone::corpus::secret {
namespace {

constexpr size_t kLongestName = 64, kLongestValue = 512;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; }

enum class Sort { none, password, key };

bool ends_with(std::string_view text, std::string_view end) { return text.size() >= end.size() && text.substr(text.size() - end.size()) == end; }

/// What a name says about its value: lower case, without the signs between its words.
Sort sort_of(std::string_view name) {
  std::string word;
  for (const char c : name) {
    if (is_letter(c)) word += static_cast<char>(c | 0x20);
    else if (c >= '0' && c <= '9') word += c;
  }
  while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.pop_back();
  for (const std::string_view other : {"pagetoken", "nexttoken", "continuetoken", "continuationtoken", "csrftoken", "synctoken", "publickey",
                                       "tokentype", "bytoken", "stoptoken", "eostoken", "bostoken", "padtoken", "unktoken", "endtoken", "specialtoken"}) {
    if (ends_with(word, other)) return Sort::none;
  }
  for (const std::string_view password : {"password", "passwd", "passphrase", "pwd", "passcode", "dbpass", "userpass", "rootpass", "mysqlpass",
                                          "smtppass", "adminpass", "ftppass", "mailpass", "pgpass", "redispass", "keypass", "storepass"}) {
    if (ends_with(word, password)) return Sort::password;
  }
  if (word == "pass" || (ends_with(word, "pass") && name.size() > 4 && (name[name.size() - 5] == '_' || name[name.size() - 5] == '-'))) return Sort::password;
  for (const std::string_view key : {"secret", "token", "apikey", "apisecret", "accesskey", "authkey", "privatekey", "encryptionkey", "signingkey",
                                     "masterkey", "accountkey", "sharedkey", "storagekey", "clientkey", "consumerkey", "appkey", "servicekey",
                                     "subscriptionkey", "licensekey", "licencekey", "secretkey", "credential", "credentials", "apitoken", "jwtkey",
                                     "hmackey", "aeskey", "cryptkey", "webhookkey", "deploykey", "integrationkey", "serverkey", "ingestionkey"}) {
    if (ends_with(word, key)) return Sort::key;
  }
  return Sort::none;
}

/// A reader of one setting, from the end of its name on.
class Setting {
 public:
  Setting(std::string_view text, size_t name_begin, size_t name_end) : text_(text), name_begin_(name_begin), at_(name_end) {}

  /// Moves behind what gives the name a value: "=", ":", "=>", ":=", ">" of an element, a space behind --name, " is ", Korean "는 ".
  bool has_value() {
    const bool command = name_begin_ >= 2 && text_.substr(name_begin_ - 2, 2) == "--";
    const bool element = name_begin_ >= 1 && text_[name_begin_ - 1] == '<';
    if (peek() == '"' || peek() == '\'' || peek() == '`') ++at_;
    if (peek() == ']' ) ++at_;  // config["password"] = …
    if (element && peek() == '>') {
      ++at_;
      return true;
    }
    const size_t spaces = skip_spaces();
    if (take("=>") || take(":=") || take("==") || take("=") || take(":")) {
      skip_spaces();
      return true;
    }
    if (spaces > 0 && (command || follows_login())) return true;
    if (take("는 ") || take("은 ") || take("이 ") || (spaces > 0 && (take("is ") || take("was ") || take("to ")))) {
      prose_ = true;
      if (take("now ")) return true;
      return true;
    }
    if (spaces > 0 && (peek() == '\'' || peek() == '"')) return true;  // identified by 'x', PASSWORD 'x'
    return false;
  }

  /// The value, in quotes or up to the end of the word.
  std::optional<Match> value(std::string_view kind) {
    const char quote = peek();
    if (quote == '"' || quote == '\'' || quote == '`') {
      const size_t begin = at_ + 1;
      const size_t end = text_.substr(0, std::min(text_.size(), begin + kLongestValue)).find(quote, begin);
      if (end == std::string_view::npos || text_.substr(begin, end - begin).find('\n') != std::string_view::npos) return std::nullopt;
      quoted_ = true;
      return Match{begin, end, kind};
    }
    size_t end = at_;
    while (end < text_.size() && end - at_ < kLongestValue && in_word(end)) ++end;
    while (end > at_ && std::string_view{".,;:)!?"}.find(text_[end - 1]) != std::string_view::npos && !(text_[end - 1] == '!' && end - at_ < 20)) --end;
    if (end == at_) return std::nullopt;
    return Match{at_, end, kind};
  }

  /// The words of .netrc (GNU inetutils): machine NAME login NAME password STRING, white space between them.
  bool follows_login() const {
    size_t at = name_begin_;
    const auto is_space = [&](size_t i) { return static_cast<uint8_t>(text_[i]) <= 0x20; };
    const auto back_over = [&](bool space) {
      const size_t from = at;
      while (at > 0 && from - at < kLongestName && is_space(at - 1) == space) --at;
      return text_.substr(at, from - at);
    };
    if (back_over(true).empty() || back_over(false).empty() || back_over(true).empty()) return false;
    return back_over(false) == "login";
  }

  bool prose() const { return prose_; }
  bool quoted() const { return quoted_; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  size_t skip_spaces() {
    const size_t begin = at_;
    while ((peek() == ' ' || peek() == '\t') && at_ - begin < 8) ++at_;
    return at_ - begin;
  }

  /// Values are ASCII: a particle or a bracket ends them, as do separators that a next setting follows.
  bool in_word(size_t position) const {
    const char c = text_[position];
    if (static_cast<uint8_t>(c) <= 0x20 || static_cast<uint8_t>(c) >= 0x7F || c == '"' || c == '\'' || c == '`' || c == '<') return false;
    const char next = position + 1 < text_.size() ? text_[position + 1] : ' ';
    if (c == ';' || c == ',') return !(next == ' ' || next == '\n' || is_letter(next));
    if (c == '&') return !is_parameter(position + 1);
    if (c == ')' || c == '}' || c == ']') return is_name(next);
    return true;
  }
  /// name= behind an ampersand: the next parameter of a query.
  bool is_parameter(size_t position) const {
    size_t end = position;
    while (end < text_.size() && end - position < 32 && is_name(text_[end])) ++end;
    return end > position && end < text_.size() && text_[end] == '=';
  }

  std::string_view text_;
  size_t name_begin_, at_;
  bool prose_ = false, quoted_ = false;
};

/// A value that is no constant: a variable, an attribute, a call.
bool is_code(std::string_view value, bool quoted) {
  if (quoted) return false;
  const bool dotted = std::all_of(value.begin(), value.end(), [](char c) { return is_letter(c) || c == '_' || c == '.'; });
  return dotted || value.find('(') != std::string_view::npos || value.find("[\"") != std::string_view::npos || value.find("['") != std::string_view::npos;
}

bool is_korean_word(std::string_view text, size_t position) { return static_cast<uint8_t>(text[position]) >= 0x80; }

}  // namespace

std::optional<Match> match_setting(std::string_view text, size_t position, size_t end, size_t& settled) {
  size_t begin = position, stop = end;
  Sort sort = Sort::password;
  if (is_korean_word(text, position)) {
    // 토큰 and 키 name keys; 비밀번호, 암호, 패스워드 name passwords.
    const std::string_view word = text.substr(position, end - position);
    if (word == "토큰" || word == "시크릿" || word == "인증키" || ends_with(word, "키")) sort = Sort::key;
  } else {
    while (begin > 0 && position - begin < kLongestName && is_name(text[begin - 1])) --begin;
    while (stop < text.size() && stop - begin < kLongestName && is_name(text[stop])) ++stop;
    while (stop > end && (text[stop - 1] == '.' || text[stop - 1] == '-')) --stop;
    if (stop <= settled) return std::nullopt;
    settled = stop;
    const size_t name = text.substr(begin, stop - begin).find_first_not_of("-.");
    if (name == std::string_view::npos) return std::nullopt;
    begin += name;
    sort = sort_of(text.substr(begin, stop - begin));
    if (sort == Sort::none && begin >= 4 && (text.substr(begin, stop - begin) == "key" || text.substr(begin, stop - begin) == "KEY" || text.substr(begin, stop - begin) == "Key")) {
      // "API key", "secret key": two words.
      const std::string_view before = text.substr(begin - std::min<size_t>(begin, 8), std::min<size_t>(begin, 8));
      for (const std::string_view first : {"api ", "API ", "Api ", "secret ", "Secret ", "access ", "Access "}) {
        if (ends_with(before, first)) sort = Sort::key;
      }
    }
  }
  if (sort == Sort::none) return std::nullopt;
  Setting setting(text, begin, stop);
  if (!setting.has_value()) return std::nullopt;
  const std::optional<Match> match = setting.value(sort == Sort::password ? "password" : "api_key");
  if (!match) return std::nullopt;
  const std::string_view value = text.substr(match->begin, match->end - match->begin);
  if (is_placeholder(value) || is_code(value, setting.quoted()) || value.find(' ') != std::string_view::npos) return std::nullopt;
  const bool fits = sort == Sort::password ? looks_like_password(value, setting.prose()) : looks_random(value);
  return fits ? match : std::nullopt;
}

}  // namespace hone::corpus::secret
