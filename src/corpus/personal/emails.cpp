#include <re2/re2.h>

#include <algorithm>
#include <string>

#include "corpus/literal_scan.h"
#include "corpus/personal/detectors.h"
#include "corpus/personal/domains.h"
#include "corpus/personal/emails.h"

namespace hone::corpus::personal {
namespace {

constexpr size_t kLongestLocal = 64, kLongestDomain = 253;

bool is_local(char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-' || c == '\''; }
bool is_domain(char c) { return is_alphanumeric(c) || c == '.' || c == '-'; }

/// Where the domain that starts at `begin` ends: labels of letters, digits and inner hyphens, the last one a top-level domain.
size_t domain_end(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() && end - begin < kLongestDomain && is_domain(text[end])) ++end;
  while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  if (text.substr(begin, end - begin).find("..") != std::string_view::npos || end == begin || text[begin] == '.' || text[begin] == '-') return begin;
  return end;
}

std::string_view last_part(std::string_view domain) {
  const size_t dot = domain.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : domain.substr(dot + 1);
}

bool is_word_of_letters(std::string_view part) { return part.size() >= 2 && part.size() <= 12 && std::all_of(part.begin(), part.end(), is_latin); }

/// scheme://user@host: what a program signs in with.
bool is_in_authority(std::string_view text, size_t local) {
  const size_t reach = local > 128 ? local - 128 : 0;
  for (size_t i = local; i > reach; --i) {
    const char c = text[i - 1];
    if (c == '/') return i >= 3 && text.substr(i - 3, 3) == "://";
    if (!is_alphanumeric(c) && std::string_view{":._~%!$&*+-"}.find(c) == std::string_view::npos) return false;
  }
  return false;
}

/// git@host:path and host.example:~/file, as ssh and scp write them.
bool is_remote_path(std::string_view text, size_t end) {
  if (end + 1 >= text.size() || text[end] != ':') return false;
  const char next = text[end + 1];
  return is_latin(next) || next == '/' || next == '~';
}

/// logo@2x.png and the like come out by their last part; this is for those whose last part could be a country.
bool is_scale(std::string_view domain) { return domain.size() > 2 && is_digit(domain[0]) && domain[1] == 'x' && domain[2] == '.'; }

}  // namespace

bool match_email(std::string_view text, size_t at, Context& context, Match& match) {
  size_t local_end = at, domain = at + 1;
  const bool spaced = at > 1 && text[at - 1] == ' ' && domain < text.size() && text[domain] == ' ';
  if (spaced) {
    --local_end;
    ++domain;
  }
  size_t begin = local_end;
  while (begin > 0 && local_end - begin < kLongestLocal && is_local(text[begin - 1])) --begin;
  while (begin < local_end && (text[begin] == '.' || text[begin] == '-' || text[begin] == '\'' || text[begin] == '%')) ++begin;
  if (begin == local_end || text[local_end - 1] == '.') return false;
  const size_t end = domain_end(text, domain);
  const std::string_view name = text.substr(domain, end - domain), last = last_part(name);
  if (name.size() <= last.size() + 1 || last.empty() || is_scale(name) || (end < text.size() && (text[end] == '@' || text[end] == '_'))) return false;
  if (name == "example.invalid" && text.substr(begin, 5) == "user-") return false;  // a stand-in of ours (stand_in.h)
  if (is_in_authority(text, begin) || is_remote_path(text, end)) return false;
  const bool known = is_top_level_domain(last);
  if (!known || spaced) {
    const Label& label = context.before(begin);
    if (!(known || is_word_of_letters(last)) || !label.says(Topic::email)) return false;
  }
  match = {begin, end, Kind::email};
  return true;
}

void find_spelt_emails(std::string_view text, std::vector<Match>& matches) {
  static const LiteralScan kSigns({"(at", "[at", "{at", "<at", "( at", "[ at", "(@)", "[@]", "( @", "[ @", "골뱅이", "(앳", "[앳", " dot "});
  bool spelt = false;
  kSigns.each(text, [&](size_t, size_t) { spelt = true; });
  if (!spelt) return;
  static const RE2 kForm(
      R"((?i)([a-z0-9][a-z0-9._%+-]{0,63})(?:\s?[(\[{<]\s?(?:at|@|골뱅이|앳)\s?[)\]}>]\s?|\s?골뱅이\s?|\s?앳\s?|(\sat\s))([a-z0-9][a-z0-9-]{0,62}(?:(?:\.|\s?[(\[{<]\s?(?:dot|\.|점|닷)\s?[)\]}>]\s?|\s(?:dot|점|닷)\s)[a-z0-9-]{1,62}){1,4}))");
  re2::StringPiece rest(text.data(), text.size());
  re2::StringPiece local, bare, domain;
  while (RE2::FindAndConsume(&rest, kForm, &local, &bare, &domain)) {
    const std::string_view name{domain.data(), domain.size()};
    size_t last = name.size();
    while (last > 0 && is_latin(name[last - 1])) --last;
    const auto begin = static_cast<size_t>(local.data() - text.data());
    // "meet at example.com" is a sentence; "hong at example dot com" is an address.
    const bool dotted = lower_case(name).find(" dot ") != std::string::npos;
    if (!is_top_level_domain(name.substr(last)) || (!bare.empty() && !dotted)) continue;
    const size_t end = begin + static_cast<size_t>(domain.data() + domain.size() - local.data());
    matches.push_back({begin, end, Kind::email});
  }
}

}  // namespace hone::corpus::personal
