#include "corpus/personal/scan.h"

#include <algorithm>
#include <array>

#include "corpus/personal/detectors.h"
#include "corpus/personal/emails.h"
#include "corpus/personal/names.h"

namespace hone::corpus::personal {
namespace {

enum class Sign : uint8_t { nothing, digit, at, colon };

constexpr std::array<Sign, 256> signs() {
  std::array<Sign, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<size_t>(c)] = Sign::digit;
  table['@'] = Sign::at;
  table[':'] = Sign::colon;
  return table;
}

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

class Scanner {
 public:
  Scanner(std::string_view text, const Kinds& kinds) : text_(text), kinds_(kinds), context_(text) {}

  std::vector<Match> run() {
    static constexpr std::array<Sign, 256> kSigns = signs();
    size_t i = 0;
    for (;;) {
      while (i < text_.size() && kSigns[static_cast<uint8_t>(text_[i])] == Sign::nothing) ++i;
      if (i >= text_.size()) break;
      switch (kSigns[static_cast<uint8_t>(text_[i])]) {
        case Sign::digit: i = numbers(i); break;
        case Sign::at: mail(i++); break;
        default: i = colon(i); break;
      }
    }
    if (has(kinds_, Kind::email)) find_spelt_emails(text_, matches_);
    if (has(kinds_, Kind::person_name)) find_names(text_, matches_);
    if (has(kinds_, Kind::address)) find_addresses(text_, matches_);
    settle();
    return std::move(matches_);
  }

 private:
  using Detector = size_t (*)(const NumberRun&, size_t, Context&, Match&);

  /// The run at `begin`; most are short and no candidates.
  size_t numbers(size_t begin) {
    const size_t end = run_.read(text_, begin);
    if (end - begin < 7 && !(begin > 0 && is_latin(text_[begin - 1])) && !(end < text_.size() && is_latin(text_[end]))) return end;
    for (size_t group = 0; group < run_.size();) group += std::max<size_t>(1, group_of(group));
    return end;
  }

  size_t group_of(size_t group) {
    if (const size_t taken = stand_in_groups(group)) return taken;
    const bool in_word = in_a_word(group);
    if (in_word) {
      if (const size_t taken = attempt(match_iban, group)) return taken;
      if (const size_t taken = attempt(match_passport, group)) return taken;
    }
    // A digit group of a long number never begins one of these by chance: the first digit says where to look.
    static constexpr std::array<Detector, 10> kDetectors = {match_ip4,  match_resident,        match_card,      match_business, match_licence,
                                                            match_bank, match_social_security, match_passport_number, match_phone,    match_account};
    for (const Detector detector : kDetectors) {
      if (const size_t taken = attempt(detector, group)) return taken;
    }
    return 0;
  }

  /// +999 …: a telephone number that we made up (stand_in.h); no part of it is another number.
  size_t stand_in_groups(size_t group) const {
    if (run_[group].begin == 0 || text_[run_[group].begin - 1] != '+' || run_.digits(group).substr(0, 3) != "999") return 0;
    size_t taken = 1, digits = run_[group].size();
    while (group + taken < run_.size() && digits + run_[group + taken].size() <= 15) digits += run_[group + taken++].size();
    return taken;
  }

  /// An account before anything else that its digits could be, where the label says so.
  static size_t match_bank(const NumberRun& run, size_t first, Context& context, Match& match) {
    if (run[first].size() > 17 || run.text().size() < 10) return 0;
    const size_t rest = run[std::min(first + 4, run.size() - 1)].end - run[first].begin;
    if (rest < 10) return 0;
    return context.before(run[first].begin).says(Topic::bank) ? match_account(run, first, context, match) : 0;
  }

  static size_t match_passport_number(const NumberRun& run, size_t first, Context& context, Match& match) {
    return run[first].size() == 9 ? match_passport(run, first, context, match) : 0;
  }

  bool in_a_word(size_t group) const {
    const Group& digits = run_[group];
    return (digits.begin > 0 && is_latin(text_[digits.begin - 1])) || (digits.end < text_.size() && is_latin(text_[digits.end]));
  }

  size_t attempt(Detector detector, size_t group) {
    Match match;
    const size_t taken = detector(run_, group, context_, match);
    if (taken > 0 && has(kinds_, match.kind)) matches_.push_back(match);
    return taken;
  }

  void mail(size_t at) {
    Match match;
    if (has(kinds_, Kind::email) && match_email(text_, at, context_, match)) matches_.push_back(match);
  }

  size_t colon(size_t at) {
    const bool address = at + 1 < text_.size() && (text_[at + 1] == ':' || is_hex(text_[at + 1])) && (at == 0 || is_hex(text_[at - 1]) || text_[at + 1] == ':');
    if (!address || !has(kinds_, Kind::ip)) return at + 1;
    Match match;
    if (match_ip6(text_, at, context_, match)) matches_.push_back(match);
    return at + 1;
  }

  void settle() {
    std::sort(matches_.begin(), matches_.end(),
              [](const Match& a, const Match& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
    std::vector<Match> settled;
    for (const Match& match : matches_) {
      if (settled.empty() || match.begin >= settled.back().end) {
        settled.push_back(match);
      } else if (match.end - match.begin > settled.back().end - settled.back().begin) {
        settled.back() = match;
      }
    }
    matches_ = std::move(settled);
  }

  const std::string_view text_;
  const Kinds kinds_;
  Context context_;
  NumberRun run_;
  std::vector<Match> matches_;
};

}  // namespace

std::vector<Match> find_all(std::string_view text, const Kinds& kinds) { return Scanner(text, kinds).run(); }

Kinds numbered_kinds() {
  Kinds kinds;
  kinds.set();
  kinds.reset(static_cast<size_t>(Kind::address));
  kinds.reset(static_cast<size_t>(Kind::person_name));
  return kinds;
}

}  // namespace hone::corpus::personal
