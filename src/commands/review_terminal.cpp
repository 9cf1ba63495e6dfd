#include "commands/review_terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/files.h"
#include "base/json_file.h"
#include "base/log.h"
#include "report/diff_view.h"

namespace hone::commands {

namespace {

using Words = std::vector<std::string>;

constexpr const char* kQuestion = "p personal data left, s secret, b boilerplate or garbage, o nothing, u back, q save and quit > ";

enum class Wish { answer, back, quit, unclear };

/// What a line of letters means; `found` is filled for an answer.
Wish understand(const std::string& line, Words& found) {
  found.clear();
  bool nothing = false;
  for (const char c : line) {
    switch (c) {
      case ' ': case '\t': case '\r': case ',': break;
      case 'q': return Wish::quit;
      case 'u': return Wish::back;
      case 'o': nothing = true; break;
      case 'p': case 's': case 'b': {
        const std::string word = corpus::kAnswerWords[c == 'p' ? 0 : c == 's' ? 1 : 2];
        if (std::find(found.begin(), found.end(), word) == found.end()) found.push_back(word);
        break;
      }
      default: return Wish::unclear;
    }
  }
  return nothing == found.empty() ? Wish::answer : Wish::unclear;
}

void show(const corpus::ReviewSample& sample, size_t at, std::ostream& out, bool colours) {
  const corpus::CleanDocument& document = sample.documents[at].document;
  const report::Voice voice(recipe::Language::en);
  const std::string heading = fmt::format("{} of {}: {} (source {}, {})", at + 1, sample.documents.size(), base::visible(document.id),
                                          base::visible(document.source), document.language);
  out << "\n" << (colours ? "\x1b[1m" : "") << heading << (colours ? "\x1b[0m" : "") << "\n\n"
      << report::marked_lines(report::diff_rows(corpus::to_json(sample.documents[at].pieces), voice), colours) << std::flush;
}

}  // namespace

bool ask_inspector(const corpus::ReviewSample& sample, corpus::Answers& answers, const std::filesystem::path& file, std::istream& in,
                   std::ostream& out, std::ostream& talk, bool colours) {
  const auto save = [&] { base::replace_file(file, base::json_text(corpus::findings_of(sample, answers))); };
  const auto first_open = [&] { return static_cast<size_t>(std::find(answers.begin(), answers.end(), std::nullopt) - answers.begin()); };
  size_t at = first_open();
  while (at < answers.size()) {
    show(sample, at, out, colours);
    std::string line;
    Words found;
    Wish wish = Wish::unclear;
    while (wish == Wish::unclear) {
      talk << "\n" << kQuestion << std::flush;
      if (!std::getline(in, line)) wish = Wish::quit;
      else wish = understand(line, found);
      if (wish == Wish::unclear) talk << "say one of p, s, b (or several of them), or o alone";
    }
    if (wish == Wish::quit) break;
    if (wish == Wish::back) {
      if (at > 0) answers[--at].reset();
    } else {
      answers[at] = found;
      at = first_open();
    }
    save();
  }
  save();
  talk << "\n";
  return first_open() == answers.size();
}

}  // namespace hone::commands
