/// Runs one rule over texts again and again, so that a profiler that counts instructions can say what it costs a byte.
///   rule_cost RULE REPEATS FILE…     RULE: a name as in corpus.rules, or `clean` for the whole stage with its files
/// tests/bench/instructions.py takes the difference of two runs, which leaves start-up and reading out.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "corpus/clean.h"
#include "corpus/draft.h"
#include "corpus/rules.h"

namespace {

namespace fs = std::filesystem;
using namespace hone::corpus;

std::vector<hone::document::Document> read_all(char** files, int count) {
  std::vector<hone::document::Document> documents;
  for (int i = 0; i < count; ++i) {
    hone::document::Document document;
    document.id = document.path = fs::path(files[i]).filename().string();
    document.source = "bench";
    document.text = hone::base::read_file(files[i]);
    document.bytes = document.text.size();
    documents.push_back(std::move(document));
  }
  return documents;
}

void run_rule(const std::string& name, long repeats, const std::vector<hone::document::Document>& documents) {
  hone::recipe::CorpusOptions options;
  options.languages = {"en", "ko"};
  options.rules = {name};
  const auto rules = make_rules(options);
  const auto& rule = **std::find_if(rules.begin(), rules.end(), [&](const auto& each) { return each->name() == name; });
  const auto* observing = dynamic_cast<const CorpusRule*>(&rule);
  std::vector<Draft> drafts;
  for (const auto& document : documents) drafts.push_back(Draft::begin(drafts.size(), document));
  for (long i = 0; i < repeats; ++i) {
    for (const Draft& draft : drafts) {
      if (observing != nullptr) observing->observe(draft.view());
      else rule.judge(draft.view());
    }
  }
}

void run_clean(long repeats, const std::vector<hone::document::Document>& documents) {
  for (long i = 0; i < repeats; ++i) {
    const fs::path folder = fs::temp_directory_path() / ("rule-cost-" + std::to_string(getpid()));
    size_t at = 0;
    const auto next = [&]() -> std::optional<hone::document::Item> {
      if (at == documents.size()) return std::nullopt;
      return documents[at++];
    };
    CleanSettings settings;
    settings.threads = 1;
    clean(hone::recipe::CorpusOptions{}, {.next = next}, folder, settings);
    fs::remove_all(folder);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) return std::fputs("usage: rule_cost RULE REPEATS FILE…\n", stderr), 2;
  const std::string rule = arguments[1];
  const long repeats = std::strtol(arguments[2], nullptr, 10);
  const auto documents = read_all(arguments + 3, count - 3);
  if (rule == "clean") run_clean(repeats, documents);
  else run_rule(rule, repeats, documents);
  size_t bytes = 0;
  for (const auto& document : documents) bytes += document.text.size();
  std::printf("%zu\n", bytes);
  return 0;
}
