#include "corpus/injection/find.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "base/error.h"
#include "corpus/injection/signals.h"
#include "corpus/literal_scan.h"

namespace hone::corpus::injection {
namespace {

constexpr int kEnough = 3;
constexpr size_t kReach = 400, kLongestPassage = 1500, kNear = 120;

struct Hit {
  size_t begin = 0, end = 0;
  Topic topic = Topic::override;
  int points = 0;
};

RE2::Options caseless() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(32 << 20);
  return options;
}

std::unique_ptr<RE2> compiled(const std::string& form) {
  auto pattern = std::make_unique<RE2>(form, caseless());
  if (!pattern->ok()) throw Error(ExitCode::internal, "a form of the rule injection does not compile: " + pattern->error());
  return pattern;
}

/// The signals, ready to be looked for.
class Forms {
 public:
  static const Forms& get() {
    static const Forms kForms;
    return kForms;
  }

  template <typename Found>
  void each(std::string_view text, Found&& found) const {
    const re2::StringPiece piece(text.data(), text.size());
    scan_->each(text, [&](size_t literal, size_t position) {
      const char first = text[position];
      const bool letter = (first | 0x20) >= 'a' && (first | 0x20) <= 'z';
      if (letter && position > 0 && (text[position - 1] | 0x20) >= 'a' && (text[position - 1] | 0x20) <= 'z') return;
      for (const size_t signal : signals_of_[literal]) {
        re2::StringPiece match;
        const size_t stop = std::min(text.size(), position + kReach);
        const size_t back = signals()[signal].back, start = position - std::min(back, position);
        if (!patterns_[signal]->Match(piece, start, stop, back == 0 ? RE2::ANCHOR_START : RE2::UNANCHORED, &match, 1)) continue;
        const auto begin = static_cast<size_t>(match.data() - text.data());
        if (begin <= position) found(signals()[signal], begin, begin + match.size());
      }
    });
  }

  bool talks_about(std::string_view text) const { return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *about_); }
  bool is_conditional(std::string_view text) const { return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *condition_); }
  bool tells_of_tokens(std::string_view text) const { return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *tokens_); }
  /// Whether the Korean order in front is only told of.
  bool is_reported(std::string_view after) const { return RE2::PartialMatch(re2::StringPiece(after.data(), after.size()), *reported_); }
  bool is_told(std::string_view before) const { return RE2::PartialMatch(re2::StringPiece(before.data(), before.size()), *told_); }

 private:
  Forms() {
    std::vector<std::string> literals;
    for (size_t i = 0; i < signals().size(); ++i) {
      patterns_.push_back(compiled(spelt_out(signals()[i].form)));
      for (std::string_view rest = signals()[i].triggers; !rest.empty();) {
        const size_t end = std::min(rest.find(';'), rest.size());
        add(literals, std::string{rest.substr(0, end)}, i);
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    scan_ = std::make_unique<LiteralScan>(std::move(literals));
  }

  void add(std::vector<std::string>& literals, std::string word, size_t signal) {
    const auto found = std::find(literals.begin(), literals.end(), word);
    const auto index = static_cast<size_t>(found - literals.begin());
    if (found == literals.end()) {
      literals.push_back(std::move(word));
      signals_of_.emplace_back();
    }
    signals_of_[index].push_back(signal);
  }

  std::vector<std::unique_ptr<RE2>> patterns_;
  std::vector<std::vector<size_t>> signals_of_;  ///< By literal.
  std::unique_ptr<LiteralScan> scan_;
  std::unique_ptr<RE2> about_ = compiled(talk_about());
  std::unique_ptr<RE2> condition_ = compiled(condition());
  std::unique_ptr<RE2> reported_ = compiled(reported());
  std::unique_ptr<RE2> tokens_ = compiled(R"(\b(?:tokens?|format|markup|tags?|templates?|elements?|delimiters?)\b|토큰|템플릿|형식|태그|구분자)");
  std::unique_ptr<RE2> told_ =
      compiled(R"((?:^|\W)(?:will|would|to|could|may|might|that|which|they|it|not|does|can|we|i|users?|clients?|servers?|be|is|are|simply) $)");
};

bool ends_sentence(std::string_view text, size_t position) {
  const char c = text[position];
  if (c == '\n') return true;
  return (c == '.' || c == '!' || c == '?') && (position + 1 == text.size() || text[position + 1] == ' ' || text[position + 1] == '\n');
}

size_t sentence_begin(std::string_view text, size_t position) {
  size_t begin = position;
  while (begin > 0 && position - begin < kReach && !ends_sentence(text, begin - 1)) --begin;
  while (begin < position && text[begin] == ' ') ++begin;
  while (begin < position && (static_cast<uint8_t>(text[begin]) & 0xC0) == 0x80) ++begin;
  return begin;
}

size_t sentence_end(std::string_view text, size_t position) {
  size_t end = position;
  while (end < text.size() && end - position < kReach && !ends_sentence(text, end)) ++end;
  if (end < text.size() && text[end] != '\n') ++end;  // its full stop
  // Closing marks that belong to it: quotes, brackets, the end of a comment or of a template's turn.
  const std::string_view rest = text.substr(end, 24);
  for (const std::string_view closing : {" -->", "-->", " [/INST]", "[/INST]", "<|im_end|>", " <|im_end|>", "\"", "'", "”", ")"}) {
    if (rest.substr(0, closing.size()) == closing) {
      end += closing.size();
      break;
    }
  }
  while (end < text.size() && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) ++end;
  return end;
}

class Judge {
 public:
  explicit Judge(std::string_view text) : text_(text) {}

  std::vector<Passage> run() {
    Forms::get().each(text_, [this](const Signal& signal, size_t begin, size_t end) { hits_.push_back({begin, end, signal.topic, signal.points}); });
    std::stable_sort(hits_.begin(), hits_.end(), [](const Hit& a, const Hit& b) { return a.begin < b.begin; });
    std::vector<Passage> passages;
    for (size_t first = 0; first < hits_.size();) {
      size_t last = first + 1;
      while (last < hits_.size() && belongs(hits_[first], hits_[last - 1], hits_[last])) ++last;
      judge(first, last, passages);
      first = last;
    }
    return passages;
  }

 private:
  /// Signals of one paragraph; a control token reaches a little beyond.
  bool belongs(const Hit& first, const Hit& previous, const Hit& next) const {
    if (next.begin - first.begin > kLongestPassage) return false;
    if (next.begin < previous.end) return true;
    const size_t gap = next.begin - previous.end;
    return text_.substr(previous.end, gap).find("\n\n") == std::string_view::npos || (previous.topic == Topic::control && gap <= kNear);
  }

  void judge(size_t first, size_t last, std::vector<Passage>& passages) {
    std::array<int, 16> best{};
    int sum = 0;
    for (size_t i = first; i < last; ++i) sum += hits_[i].points;
    if (sum < kEnough) return;
    size_t begin = text_.size(), end = 0;
    sum = 0;
    for (size_t i = first; i < last; ++i) {
      const int points = worth(hits_[i]);
      if (points <= 0) continue;
      int& topic = best[static_cast<size_t>(hits_[i].topic)];
      sum += std::max(0, points - topic);
      topic = std::max(topic, points);
      begin = std::min(begin, hits_[i].begin);
      end = std::max(end, hits_[i].end);
    }
    if (sum < kEnough) return;
    begin = sentence_begin(text_, begin);
    end = sentence_end(text_, end);
    if (!passages.empty() && begin < passages.back().end) begin = passages.back().end;
    if (begin < end) passages.push_back({begin, end, sum});
  }

  int worth(const Hit& hit) {
    if (in_fence(hit.begin) || is_quoted(hit)) return 0;
    const size_t begin = sentence_begin(text_, hit.begin), end = sentence_end(text_, hit.end);
    const size_t earlier = begin > 1 ? sentence_begin(text_, begin - 2) : begin;
    const bool same_paragraph = text_.substr(earlier, begin - earlier).find("\n\n") == std::string_view::npos;
    const std::string_view around = text_.substr(same_paragraph ? earlier : begin, end - (same_paragraph ? earlier : begin));
    const Forms& forms = Forms::get();
    if (forms.talks_about(around)) return 0;
    const std::string_view sentence = text_.substr(begin, end - begin);
    if (hit.topic == Topic::control) return forms.tells_of_tokens(sentence) ? 0 : hit.points;
    if (ends_in_order(hit) && forms.is_reported(text_.substr(hit.end, 48))) return 0;
    int points = hit.points;
    if (hit.topic == Topic::override || hit.topic == Topic::safety || hit.topic == Topic::reveal) {
      if (forms.is_conditional(sentence)) points -= 2;
      const size_t reach = std::min<size_t>(hit.begin, 14);
      if (forms.is_told(text_.substr(hit.begin - reach, reach))) points -= 2;
    }
    return points;
  }

  /// Of those forms that end in a verb: a Korean syllable, or the space behind it.
  bool ends_in_order(const Hit& hit) const {
    if (hit.topic != Topic::override && hit.topic != Topic::reveal && hit.topic != Topic::safety && hit.topic != Topic::send && hit.topic != Topic::dictate) return false;
    const size_t last = text_[hit.end - 1] == ' ' ? hit.end - 2 : hit.end - 1;
    return hit.end >= 2 && static_cast<uint8_t>(text_[last]) >= 0x80;
  }

  /// Between ``` fences. Places come in order.
  bool in_fence(size_t position) {
    for (size_t at = text_.find("```", fence_at_); at != std::string_view::npos && at < position; at = text_.find("```", fence_at_)) {
      fenced_ = !fenced_;
      fence_at_ = at + 3;
    }
    return fenced_ && text_.find("```", fence_at_) != std::string_view::npos;
  }

  /// Between a pair of quotation marks or backticks on its line.
  bool is_quoted(const Hit& hit) const {
    size_t line = hit.begin;
    while (line > 0 && text_[line - 1] != '\n' && hit.begin - line < kReach) --line;
    const std::string_view before = text_.substr(line, hit.begin - line);
    size_t stop = hit.end;
    while (stop < text_.size() && text_[stop] != '\n' && stop - hit.end < kReach) ++stop;
    const std::string_view after = text_.substr(hit.end, stop - hit.end);
    for (const char mark : {'"', '`'}) {
      if (std::count(before.begin(), before.end(), mark) % 2 == 1 && after.find(mark) != std::string_view::npos) return true;
    }
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kPairs = {
        {{"“", "”"}, {"‘", "’"}, {"「", "」"}, {"『", "』"}, {"«", "»"}, {"《", "》"}, {"„", "“"}}};
    for (const auto& [opening, closing] : kPairs) {
      const size_t open = before.rfind(opening);
      if (open == std::string_view::npos || before.find(closing, open + opening.size()) != std::string_view::npos) continue;
      if (after.find(closing) != std::string_view::npos) return true;
    }
    return is_single_quoted(before, after);
  }

  /// Apostrophes are no quotation marks: an opening one has a space before it, a closing one no letter behind it.
  static bool is_single_quoted(std::string_view before, std::string_view after) {
    const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
    size_t open = std::string_view::npos;
    for (size_t i = 0; i < before.size(); ++i) {
      if (before[i] != '\'') continue;
      const bool opens = i == 0 || before[i - 1] == ' ' || before[i - 1] == '(' || before[i - 1] == ':';
      open = opens ? i : std::string_view::npos;
    }
    if (open == std::string_view::npos) return false;
    for (size_t i = 0; i < after.size(); ++i) {
      if (after[i] == '\'' && (i + 1 == after.size() || !is_letter(after[i + 1]))) return true;
    }
    return false;
  }

  const std::string_view text_;
  std::vector<Hit> hits_;
  size_t fence_at_ = 0;
  bool fenced_ = false;
};

}  // namespace

std::vector<Passage> find_all(std::string_view text) { return Judge(text).run(); }

}  // namespace hone::corpus::injection
