#include "plan/check_records.h"

#include <fmt/format.h>

#include "base/files.h"
#include "document/stream.h"
#include "plan/run_plan.h"

namespace hone::plan {
namespace {

constexpr size_t kLookedAt = 50;

struct FirstRows {
  size_t rows = 0, wrong = 0;
  std::string first;  ///< What the first wrong one lacks.
};

FirstRows look_at(document::SourceSpec source, const std::filesystem::path& reader) {
  source.files.resize(1);
  document::ReaderOptions options;
  options.threads = 1;
  options.program = reader;
  document::DocumentStream stream({std::move(source)}, options);
  FirstRows found;
  while (found.rows < kLookedAt) {
    const auto item = stream.next();
    if (!item) break;
    ++found.rows;
    const auto* rejected = std::get_if<document::Rejection>(&*item);
    if (rejected == nullptr) continue;
    if (found.wrong++ == 0) found.first = rejected->path + " " + rejected->message;
  }
  return found;
}

}  // namespace

std::vector<RecordsFound> check_records(const recipe::CorpusOptions& corpus, const std::filesystem::path& reader) {
  std::vector<RecordsFound> all;
  const std::vector<document::SourceSpec> sources = source_specs(corpus);
  for (size_t i = 0; i < sources.size(); ++i) {
    if (!sources[i].records.on()) continue;
    const FirstRows found = look_at(sources[i], reader);
    if (found.wrong == 0) continue;
    const bool none = found.wrong == found.rows;
    all.push_back({i, none, fmt::format("{} of the first {} rows of {} {} not what format {} says and would be left out; {}", found.wrong, found.rows,
                                        corpus.sources[i].path, found.wrong == 1 ? "is" : "are", sources[i].records.name(), found.first)});
  }
  return all;
}

}  // namespace hone::plan
