#include "plan/corpus_stage.h"

#include <fmt/format.h>
#include <unicode/uversion.h>

#include <charconv>
#include <memory>
#include <optional>

#include "artifact/commit.h"
#include "artifact/lock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/progress.h"
#include "corpus/key.h"
#include "corpus/memo.h"
#include "document/child.h"
#include "plan/versions.h"

namespace hone::plan {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

json facts_of(const corpus::CleanSummary& summary) {
  return {{"read", summary.read},         {"kept", summary.kept},   {"edited", summary.edited},
          {"dropped", summary.dropped},   {"rejected", summary.rejected}, {"train", summary.train},
          {"validation", summary.validation}, {"bytes_read", summary.bytes_read}};
}

/// One bar for reading, one for each pass after it.
class CleanBars {
 public:
  void show(const corpus::CleanProgress& progress) {
    if (progress.doing != doing_) {
      if (bar_) bar_->finish();
      doing_ = progress.doing;
      bar_.emplace("corpus: " + doing_, progress.total, doing_ == "reading" ? "bytes" : "documents");
    }
    bar_->update(progress.done, base::human_count(progress.documents) + " documents");
  }
  void finish() {
    if (bar_) bar_->finish();
  }

 private:
  std::string doing_;
  std::optional<base::Progress> bar_;
};

/// The programs that read and judge: a memo is only of use to the build that made it.
struct Programs {
  InputHash own, reader;

  Programs(const RunPlan& plan, const PrepareOptions& options) {
    own = hash_input(fs::read_symlink("/proc/self/exe"), plan.run.memo());
    fs::path program = options.reader;
    if (program.empty()) program = document::find_hone_read();
    reader = hash_input(program, plan.run.memo());
  }
  std::string build() const { return fmt::format("{} {} {} ICU {}", kCorpusVersion, own.sha256, reader.sha256, U_ICU_VERSION); }
};

/// What the records of a file follow from besides its bytes.
std::string record_key(const document::RecordFormat& records) {
  if (!records.on()) return {};
  const recipe::ColumnOptions& columns = records.columns;
  std::string key{records.name()};
  for (const std::string* name : {&columns.messages, &columns.role, &columns.content, &columns.instruction, &columns.input, &columns.output, &columns.prompt,
                                  &columns.completion, &columns.chosen, &columns.rejected, &columns.system})
    (key += '\n') += *name;
  return key;
}

/// One cleaning with what is remembered: sources, stream and memo that belong together.
class Cleaning {
 public:
  /// `chosen`: files to read, by number in plan.inputs; nothing: all.
  Cleaning(const RunPlan& plan, const PrepareOptions& options, const std::vector<bool>* chosen) {
    document::ReaderOptions reading;
    reading.threads = options.threads;
    reading.program = options.reader;
    reading.ocr.on = plan.recipe.corpus.ocr.use == recipe::OcrUse::on;
    reading.ocr.languages = plan.recipe.corpus.ocr.languages;
    ocr_ = reading.ocr.on ? fmt::format("ocr {}", fmt::join(reading.ocr.languages, "+")) : "";
    std::vector<document::SourceSpec> sources = plan.sources;
    for (document::SourceSpec& source : sources) source.files.clear();
    for (size_t i = 0; i < plan.inputs.size(); ++i) {
      if (chosen != nullptr && !(*chosen)[i]) continue;
      sources[plan.inputs[i].source].files.push_back(plan.inputs[i].path);
      inputs_.push_back(&plan.inputs[i]);
    }
    std::erase_if(sources, [](const document::SourceSpec& source) { return source.files.empty(); });
    stream_.emplace(std::move(sources), reading);
    corpus_ = plan.recipe.corpus;
    if (corpus::needs_key(corpus_)) settings_.ledger_key = corpus_.personal_data.key = corpus::load_key(corpus_.personal_data.key_file);
    settings_.threads = options.threads;
    settings_.progress = [this](const corpus::CleanProgress& progress) { bars_.show(progress); };
  }

  /// Opens the memo in `folder`. The inputs' keys say what a file's documents follow from.
  corpus::Memo& remember(const fs::path& folder, const Programs& programs, bool may_write) {
    memo_ = std::make_unique<corpus::Memo>(folder, programs.build(), may_write, [](const std::string& what) { base::warn(what); });
    std::vector<corpus::Digest> keys(inputs_.size());
    std::vector<std::string> hashes;
    for (size_t i = 0; i < inputs_.size(); ++i) {
      const document::SourceSpec& source = stream_->sources()[stream_->source_of(i)];
      const std::string key = fmt::format("{}", fmt::join(std::initializer_list<std::string>{inputs_[i]->sha256, stream_->name_of(i), source.name, source.licence,
                                                                                             source.access, source.format, source.text_field,
                                                                                             source.measured_only ? "measured" : "trained", ocr_, record_key(source.records)},
                                                          std::string_view("\0", 1)));
      keys[i] = corpus::Digest::of_content(key);
      hashes.push_back(inputs_[i]->sha256);
      if (may_write) plan::remember(*memo_, *inputs_[i]);
    }
    if (may_write) {
      plan::remember(*memo_, programs.own);
      plan::remember(*memo_, programs.reader);
    }
    memo_->set_inputs(std::move(keys), [this](size_t file) { return plan::is_unchanged(*inputs_[file]); });
    stream_->take_sha256(std::move(hashes));
    settings_.memo = memo_.get();
    return *memo_;
  }

  document::DocumentStream& stream() { return *stream_; }
  /// The recipe's options, with the key of keyed hashes where a rule needs it.
  const recipe::CorpusOptions& corpus() const { return corpus_; }
  corpus::CleanSettings& settings() { return settings_; }
  void finish_bars() { bars_.finish(); }

 private:
  std::vector<const InputHash*> inputs_;
  std::string ocr_;  ///< Part of what the documents of a file follow from.
  std::optional<document::DocumentStream> stream_;
  std::unique_ptr<corpus::Memo> memo_;
  recipe::CorpusOptions corpus_;
  corpus::CleanSettings settings_;
  CleanBars bars_;
};

/// For its owner alone: documents lie there as they were read, with all that cleaning takes out.
void create_private(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (!problem) fs::permissions(folder, fs::perms::owner_all, problem);
  if (problem) throw system_error("cannot create " + folder.string(), problem.value());
}

/// The memo's lock, or nothing when another run of this name is cleaning: then this one does without.
std::unique_ptr<artifact::DirectoryLock> lock_memo(const fs::path& folder) {
  create_private(folder);
  try {
    return std::make_unique<artifact::DirectoryLock>(folder / artifact::kLock);
  } catch (const Error& error) {
    if (error.code() != ExitCode::busy) throw;
    base::say("another run of this name is cleaning; this one neither uses nor writes what is remembered");
    return nullptr;
  }
}

void write_corpus(const RunPlan& plan, const StagePlan& stage, const PrepareOptions& options, bool remember) {
  Cleaning cleaning(plan, options, nullptr);
  corpus::Memo* memo = nullptr;
  if (remember) {
    memo = &cleaning.remember(plan.run.memo(), Programs(plan, options), true);
    for (const fs::path& shard : options.shards) {
      if (!memo->add(shard))
        throw Error(ExitCode::data, shard.string() + " holds no shard made by this build of Hone; `hone clean RECIPE --shard i/n` makes one");
    }
  }
  artifact::Commit commit(stage.directory, "corpus", stage.inputs);
  const corpus::CleanSummary summary = corpus::clean(cleaning.corpus(), cleaning.stream(), commit.directory(), cleaning.settings());
  cleaning.finish_bars();
  base::say(summary.line());
  for (const std::string& warning : summary.warnings) base::warn(warning);
  commit.finish(facts_of(summary));
  if (memo != nullptr) memo->save(stage.directory);
}

}  // namespace

void make_corpus(const RunPlan& plan, const StagePlan& stage, const PrepareOptions& options) {
  const auto lock = lock_memo(plan.run.memo());
  if (!lock && !options.shards.empty()) throw Error(ExitCode::busy, "another run of this name is cleaning; shards can be merged when it has ended");
  try {
    write_corpus(plan, stage, options, lock != nullptr);
  } catch (const corpus::DamagedRecord& damage) {
    base::warn(std::string{damage.what()} + "; what was remembered is put aside and everything is cleaned again");
    corpus::Memo::discard(plan.run.memo());
    PrepareOptions alone = options;
    alone.shards.clear();
    write_corpus(plan, stage, alone, true);
  }
}

Shard parse_shard(const std::string& text) {
  Shard shard{0, 0};
  const char* end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, shard.number);
  const bool slash = number.ec == std::errc() && number.ptr < end && *number.ptr == '/';
  const auto of = slash ? std::from_chars(number.ptr + 1, end, shard.of) : number;
  if (!slash || of.ec != std::errc() || of.ptr != end || shard.number < 1 || shard.number > shard.of || shard.of > 100000)
    throw Error(ExitCode::usage, "--shard " + text + ": give the shard's number and how many there are, such as 3/8");
  return shard;
}

fs::path shard_folder(const RunPlan& plan, const Shard& shard) {
  return plan.run.memo() / fmt::format("shard-{}-of-{}", shard.number, shard.of);
}

void make_shard(const RunPlan& plan, const Shard& shard, const PrepareOptions& options) {
  const fs::path folder = shard_folder(plan, shard);
  create_private(folder);
  const artifact::DirectoryLock lock(folder / artifact::kLock);
  std::vector<bool> chosen(plan.inputs.size());
  uint64_t files = 0;
  for (size_t i = 0; i < chosen.size(); ++i) {
    const fs::path root = fs::path(plan.sources[plan.inputs[i].source].pattern);
    chosen[i] = base::hash64(plan.inputs[i].path.lexically_proximate(root).string()) % shard.of == shard.number - 1;
    files += chosen[i];
  }
  Cleaning cleaning(plan, options, &chosen);
  corpus::Memo& memo = cleaning.remember(folder, Programs(plan, options), true);
  cleaning.settings().may_be_empty = true;
  const uint64_t documents = corpus::clean_first_pass(cleaning.corpus(), cleaning.stream(), folder, cleaning.settings());
  cleaning.finish_bars();
  memo.save(fs::path());
  base::say(fmt::format("shard {}/{}: {} documents of {} files", shard.number, shard.of, base::human_count(documents), base::human_count(files)));
}

corpus::CleanSummary clean_for_show(const RunPlan& plan, const fs::path& out_dir, const PrepareOptions& options) {
  Cleaning cleaning(plan, options, nullptr);
  cleaning.remember(plan.run.memo(), Programs(plan, options), false);
  corpus::CleanSummary summary = corpus::clean(cleaning.corpus(), cleaning.stream(), out_dir, cleaning.settings());
  cleaning.finish_bars();
  return summary;
}

}  // namespace hone::plan
