#include "corpus/rules/c4.h"

#include <re2/re2.h>
#include <unicode/uchar.h>

#include <algorithm>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr std::string_view kTerminalMarks[] = {".", "?", "!", "\"", "'"};
constexpr std::string_view kMoreKoreanMarks[] = {"”", "’", "」", "』", "。"};

enum class Fate : uint8_t { stays, blank, long_word, no_terminal_mark, few_words, phrase };
constexpr std::string_view kKinds[] = {"", "blank_line", "long_word", "no_terminal_mark", "few_words", "phrase"};

std::string alternation(const std::vector<std::string>& phrases) {
  std::string pattern = "(?i)";
  for (const std::string& phrase : phrases) pattern += (pattern.size() > 4 ? "|" : "") + RE2::QuoteMeta(phrase);
  return pattern;
}

struct WordCount {
  uint64_t words = 0, longest = 0;
};

WordCount count_words(std::string_view line) {
  WordCount count;
  uint64_t length = 0;
  for (size_t at = 0; at < line.size();) {
    length = is_white_space(next_code_point(line, at)) ? 0 : length + 1;
    count.words += length == 1;
    count.longest = std::max(count.longest, length);
  }
  return count;
}

bool is_terminal(char32_t c) {
  return c < 0x80 ? c == '.' || c == '!' || c == '?' : u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_S_TERM) != 0;
}

/// One more than there are terminals with white space and something else behind them.
uint64_t count_sentences(std::string_view line) {
  uint64_t sentences = 0;
  bool open = false, ended = false;
  for (size_t at = 0; at < line.size();) {
    const char32_t c = next_code_point(line, at);
    if (is_white_space(c)) {
      sentences += open && ended;
      open = open && !ended;
    } else {
      const bool closes = c == '"' || c == '\'' || c == ')' || c == 0x201D || c == 0x2019;
      ended = is_terminal(c) || (ended && closes);
      open = true;
    }
  }
  return sentences + (open ? 1 : 0);
}

struct Line {
  size_t begin = 0, end = 0;          ///< With its line end.
  size_t text_begin = 0, text_end = 0;  ///< Without white space at its ends.
  Fate fate = Fate::stays;
};

void add_edit(std::vector<Edit>& edits, size_t begin, size_t end, std::string_view kind) {
  if (begin == end) return;
  if (!edits.empty() && edits.back().end == begin && edits.back().kind == kind) edits.back().end = end;
  else edits.push_back({.begin = begin, .end = end, .replacement = {}, .kind = kind, .family = {}});
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t newline = text.find('\n', begin);
    Line line{.begin = begin, .end = newline == std::string_view::npos ? text.size() : newline + 1, .text_begin = begin, .text_end = 0};
    line.text_end = std::min(newline, text.size());
    for (size_t at = line.text_begin; at < line.text_end && is_white_space(next_code_point(text, at)); line.text_begin = at) {}
    for (size_t at = line.text_end; at > line.text_begin && is_white_space(previous_code_point(text, at)); line.text_end = at) {}
    lines.push_back(line);
    begin = line.end;
  }
  return lines;
}

}  // namespace

struct C4::Checks {
  recipe::C4Thresholds options;
  RE2 phrases, citation, lorem;
  bool korean;

  Checks(const recipe::C4Thresholds& thresholds, bool is_korean)
      : options(thresholds), phrases(alternation(thresholds.line_phrases)), citation(R"(\[\d*\]|\[edit\]|\[citation needed\])"),
        lorem("(?i)lorem ipsum"), korean(is_korean) {}

  bool is_terminated(std::string_view line) const {
    const auto ends = [&](std::string_view mark) { return line.ends_with(mark); };
    if (line.ends_with("...")) return false;
    return std::any_of(std::begin(kTerminalMarks), std::end(kTerminalMarks), ends) ||
           (korean && std::any_of(std::begin(kMoreKoreanMarks), std::end(kMoreKoreanMarks), ends));
  }

  std::string without_citations(std::string_view line) const {
    std::string result{line};
    if (options.remove_citations && line.find('[') != std::string_view::npos) RE2::GlobalReplace(&result, citation, "");
    return result;
  }

  /// What becomes of one line; `line` is without citations, `before` with them.
  Fate fate(std::string_view before, std::string_view line) const {
    const WordCount count = count_words(before);
    if (count.words == 0) return Fate::blank;
    if (count.longest > static_cast<uint64_t>(options.max_word_length)) return Fate::long_word;
    if (options.terminal_punctuation && !is_terminated(line)) return Fate::no_terminal_mark;
    if (count.words < static_cast<uint64_t>(options.min_line_words)) return Fate::few_words;
    return Fate::stays;
  }

  bool has_lorem(const std::string& line) const { return options.drop_lorem_ipsum && RE2::PartialMatch(line, lorem); }
  bool has_bracket(const std::string& line) const { return options.drop_curly_brackets && line.find('{') != std::string::npos; }

  /// Takes out all lines but those that stay, and what is at their ends; the last one loses its line end too.
  std::vector<Edit> edits_for(std::string_view text, const std::vector<Line>& lines, const Line* last) const {
    std::vector<Edit> edits;
    for (const Line& line : lines) {
      if (line.fate != Fate::stays) {
        add_edit(edits, line.begin, line.end, kKinds[static_cast<size_t>(line.fate)]);
        continue;
      }
      add_edit(edits, line.begin, line.text_begin, "white_space");
      add_citations(text, line, edits);
      const bool keeps_newline = &line != last && text[line.end - 1] == '\n';
      add_edit(edits, line.text_end, line.end - (keeps_newline ? 1 : 0), "white_space");
    }
    return edits;
  }

  void add_citations(std::string_view text, const Line& line, std::vector<Edit>& edits) const {
    if (!options.remove_citations) return;
    const re2::StringPiece whole(text.data(), text.size());
    re2::StringPiece found;
    for (size_t at = line.text_begin; citation.Match(whole, at, line.text_end, RE2::UNANCHORED, &found, 1);) {
      const auto begin = static_cast<size_t>(found.data() - text.data());
      at = begin + found.size();
      add_edit(edits, begin, at, "citation");
    }
  }
};

C4::C4(const recipe::CorpusOptions& options)
    : checks_(options, [](const recipe::CorpusOptions& corpus) {
        return ByLanguage<std::shared_ptr<const Checks>>{std::make_shared<const Checks>(corpus.web.c4.en, false),
                                                         std::make_shared<const Checks>(corpus.web.c4.ko, true)};
      }) {}

C4::~C4() = default;

Outcome C4::judge(const DocumentView& document) const {
  const Checks& checks = *checks_.of(document).of(document);
  const std::string_view text = document.text;
  const bool has_phrases = !checks.options.line_phrases.empty() && RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), checks.phrases);
  std::vector<Line> lines = lines_of(text);
  uint64_t sentences = 0, failed = 0;
  const Line* last = nullptr;
  Outcome outcome;
  const auto drop = [&](const char* why) {
    outcome.verdict = Verdict::drop;
    if (outcome.reason.empty()) outcome.reason = why;
  };
  for (Line& line : lines) {
    const std::string_view before = text.substr(line.text_begin, line.text_end - line.text_begin);
    const std::string after = checks.without_citations(before);
    line.fate = checks.fate(before, after);
    if (line.fate == Fate::stays && checks.has_lorem(after)) drop("lorem_ipsum");
    if (line.fate == Fate::stays && has_phrases && RE2::PartialMatch(after, checks.phrases)) line.fate = Fate::phrase;
    if (line.fate == Fate::stays && checks.has_bracket(after)) drop("curly_bracket");
    failed += line.fate != Fate::stays && line.fate != Fate::blank;
    if (line.fate != Fate::stays) continue;
    sentences += count_sentences(after);
    last = &line;
  }
  outcome.findings = {{"sentences", static_cast<double>(sentences)}, {"failed_lines", static_cast<double>(failed)}};
  if (sentences < static_cast<uint64_t>(checks.options.min_sentences)) drop("too_few_sentences");
  if (outcome.verdict == Verdict::drop || !checks.options.remove_lines) return outcome;
  outcome.edits = checks.edits_for(text, lines, last);
  if (!outcome.edits.empty()) outcome.verdict = Verdict::edit;
  return outcome;
}

}  // namespace hone::corpus
