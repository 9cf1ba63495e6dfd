/// `hone explain RUN DOCUMENT`: the life of one document as a story, with what was changed in it.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "artifact/manifest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "commands/here.h"
#include "commands/named_run.h"
#include "corpus/explain.h"
#include "dataset/shard_set.h"
#include "report/diff_view.h"
#include "report/document_page.h"
#include "report/story.h"

namespace hone::commands {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr size_t kMostChangedLines = 20;
constexpr int kTextColumn = 20;

/// Tokens and place in the shards, when the run has any.
report::ShardPlace place_of(const artifact::RunDirectory& run, const std::string& id) {
  if (!fs::exists(run.tokens() / artifact::kManifest)) return {};
  for (const char* split : {"train", "validation"}) {
    const auto shards = dataset::ShardSet::open(run.tokens(), split, dataset::Shard::Verify::structure);
    for (uint64_t i = 0; i < shards->documents(); ++i)
      if (shards->document(i).id == id) return {.known = true, .split = split, .document = i, .tokens = shards->document(i).tokens.size()};
  }
  return {};
}

const char* colour_of(report::Tone tone) {
  switch (tone) {
    case report::Tone::edited: return "\x1b[36m";
    case report::Tone::flagged: return "\x1b[33m";
    case report::Tone::dropped: return "\x1b[31m";
    case report::Tone::placed: return "\x1b[32m";
    case report::Tone::told: break;
  }
  return "\x1b[2m";
}

std::string on_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) line += c == '\n' || c == '\t' ? ' ' : c;
  return base::visible(line);
}

void print_story(const report::Story& story, bool colours) {
  std::cout << on_one_line(story.title) << " " << story.ending << "\n";
  for (const report::Chapter& chapter : story.chapters) {
    const std::string heading = on_one_line(chapter.heading);
    const int missing = std::max(1, kTextColumn - base::columns(heading));
    std::cout << "  " << (colours ? colour_of(chapter.tone) : "") << heading << (colours ? "\x1b[0m" : "")
              << std::string(static_cast<size_t>(missing), ' ') << on_one_line(chapter.text) << "\n";
    for (const std::string& detail : chapter.details) std::cout << std::string(kTextColumn + 2, ' ') << on_one_line(detail) << "\n";
  }
}

void print_changes(const json& explained, const report::Voice& voice, bool colours) {
  if (!explained["pieces"].is_array()) return;
  const std::string lines = report::diff_lines(report::diff_rows(explained["pieces"], voice), voice, colours, kMostChangedLines);
  if (!lines.empty()) std::cout << "\nwhat was changed, by line\n" << lines;
}

}  // namespace

ExitCode explain(const Arguments& arguments) {
  const artifact::RunDirectory run = run_with_corpus(arguments);
  const json found = corpus::explain(run.corpus(), arguments.positional[1]);
  if (arguments.has("json")) {
    std::cout << found.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
    return ExitCode::done;
  }
  const std::string id = found["id"];
  const report::ShardPlace place = place_of(run, id);
  if (arguments.has("html")) {
    write_page(arguments.text("html"), report::document_html(found, place, page_language(run)));
    return ExitCode::done;
  }
  const report::Voice voice(recipe::Language::en);
  const bool colours = base::output_colours();
  print_story(report::tell(found, place, voice), colours);
  print_changes(found, voice, colours);
  return ExitCode::done;
}

}  // namespace hone::commands
