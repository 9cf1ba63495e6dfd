#pragma once
/// One cleaning run from the first pass to the files: what clean() does, step by step.
/// The calling thread reads, writes and takes observations; documents are judged, packed and written out as lines on the pool.
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/lines.h"
#include "base/thread_pool.h"
#include "corpus/archive.h"
#include "corpus/clean.h"
#include "corpus/clusters.h"
#include "corpus/ledger.h"
#include "corpus/passes.h"
#include "corpus/split.h"
#include "corpus/statistics.h"

namespace hone::corpus {

class CorpusRun {
 public:
  CorpusRun(const recipe::CorpusOptions& options, CleanSource source, const std::filesystem::path& out_dir, const CleanSettings& settings);

  /// Reads, judges, settles, splits and writes. Called once.
  void run();

  const Tally& tally() const { return tally_; }
  const std::vector<RuleName>& rules() const { return names_; }
  const ClusterCounts& clusters() const { return counts_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  static constexpr uint16_t kNotDropped = UINT16_MAX;

  /// What is remembered of every document while the corpus is gone through.
  struct Row {
    uint64_t key = 0;  ///< Hash of its id.
    uint32_t source = 0;
    uint16_t dropped_by = kNotDropped;
    bool measured_only = false;
    std::optional<Side> remembered;
  };
  /// A document that could not be read, and how many documents came before it.
  struct Refused {
    DocumentIndex before = 0;
    document::Rejection rejection;
  };
  /// A document after a pass that is not the last.
  struct Processed {
    std::string packed;
    uint16_t dropped_by = kNotDropped;
    std::vector<Observation> observations;
  };
  /// Lines of some documents, ready for the files.
  struct Written {
    uint64_t first = 0;
    std::vector<std::string> ledger;  ///< By document, so that rejections can stand between.
    std::string documents;
    Tally tally;
  };
  using Range = std::pair<DocumentIndex, DocumentIndex>;

  void first_pass(Archive& archive);
  void middle_pass(const Pass& pass, const Archive& from, Archive& to);
  void last_pass(const Archive& archive);
  void settle(const Pass& pass, const Archive& archive);
  void place(const Archive& archive);

  std::optional<std::vector<Draft>> next_batch();
  void add_rejection(document::Rejection rejection);
  /// The next documents by number, until all have been handed out.
  std::optional<Range> next_range(std::string_view doing, DocumentIndex& next);
  Processed process(const Pass& pass, Draft draft) const;
  void store(Processed result, Archive& archive);
  Written write_out(const Pass& pass, const Archive& archive, Range range) const;
  void report(std::string_view doing, uint64_t done, uint64_t total) const;

  const recipe::CorpusOptions& options_;
  CleanSource source_;
  const std::filesystem::path out_dir_;
  const CleanSettings& settings_;
  std::vector<std::unique_ptr<Rule>> rules_;
  std::vector<RuleName> names_;
  std::vector<Pass> passes_;
  base::ThreadPool pool_;

  std::vector<Row> rows_;
  std::vector<std::string> sources_;
  std::map<std::string, uint32_t> source_numbers_;
  std::vector<Refused> refused_;
  Clusters clusters_;
  std::map<DocumentIndex, std::string> cluster_names_;  ///< Id of the first document, for clusters of two or more, by root.
  std::vector<uint32_t> roots_;
  std::vector<Side> sides_;
  ClusterCounts counts_;
  Tally tally_;
  std::vector<std::string> warnings_;
};

}  // namespace hone::corpus
