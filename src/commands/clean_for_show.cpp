#include "commands/clean_for_show.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <optional>

#include "artifact/manifest.h"
#include "base/log.h"
#include "corpus/comparison.h"
#include "plan/corpus_stage.h"

namespace hone::commands {
namespace fs = std::filesystem;

namespace {

/// A folder outside the runs that goes away.
class Scratch {
 public:
  Scratch() {
    std::string path = (fs::temp_directory_path() / "hone-dry-run-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw system_error("cannot create " + path, errno);
    path_ = path;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// The corpus of this recipe's name that was finished last.
std::optional<fs::path> last_corpus(const plan::RunPlan& plan) {
  std::optional<fs::path> last;
  fs::file_time_type latest{};
  std::error_code absent;
  for (const auto& run : fs::directory_iterator(plan.run.root.parent_path(), absent)) {
    const fs::path corpus = artifact::RunDirectory{run.path()}.corpus();
    std::error_code ignored;
    const auto finished = fs::last_write_time(corpus / artifact::kManifest, ignored);
    if (ignored || (last && finished <= latest)) continue;
    last = corpus;
    latest = finished;
  }
  return last;
}

std::string listed(const std::map<std::string, uint64_t>& counts) {
  std::string result;
  for (const auto& [name, count] : counts) result += fmt::format("{}{} {}", result.empty() ? "" : ", ", name.empty() ? "(no source)" : name, base::human_count(count));
  return result;
}

void print(const char* what, const corpus::Change& change) {
  if (change.documents == 0) return;
  std::cout << fmt::format("\n{} {}\n", base::human_count(change.documents), what);
  if (!change.rules.empty()) std::cout << "  by rule: " << listed(change.rules) << "\n";
  std::cout << "  by source: " << listed(change.sources) << "\n";
  for (const auto& example : change.examples) std::cout << "  " << example.id << (example.why.empty() ? "" : "  " + example.why) << "\n";
  if (change.documents > change.examples.size()) std::cout << "  …\n";
}

}  // namespace

ExitCode show_clean(const plan::RunPlan& plan, const plan::PrepareOptions& options) {
  const std::optional<fs::path> last = last_corpus(plan);
  const Scratch scratch;
  const corpus::CleanSummary summary = plan::clean_for_show(plan, scratch.path(), options);
  base::say(summary.line());
  for (const std::string& warning : summary.warnings) base::warn(warning);
  if (!last) {
    std::cout << "there is no finished corpus of " << plan.recipe.name << " to compare with; nothing was written\n";
    return ExitCode::done;
  }
  const corpus::Comparison found = corpus::compare(*last, scratch.path());
  std::cout << fmt::format("against {}: {} documents would stay instead of {}; {} stay as they are\n", last->string(), base::human_count(found.after),
                           base::human_count(found.before), base::human_count(found.same));
  print("come in that were not in the sources", found.arrive);
  print("come back that had been dropped", found.return_);
  print("go, dropped now", found.leave);
  print("go, no longer in the sources", found.vanish);
  print("come out with other text", found.differ);
  print("change sides between training and validation", found.move);
  std::cout << "\nnothing was written\n";
  return ExitCode::done;
}

}  // namespace hone::commands
