#pragma once
/// One cleaning run from the first pass to the files: what clean() does, step by step.
///
/// The calling thread reads, writes and takes observations; documents are judged, packed and written out as lines on the pool.
/// With a memo (memo.h), a step whose inputs are known by digest is not taken again; the digests chain:
///   body   SHA-256 of the document           state 0  body, options and rules
///   state p  state p-1, what was settled for the document, options and rules       frame  last states, what was settled, places
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/thread_pool.h"
#include "corpus/archive.h"
#include "corpus/clean.h"
#include "corpus/clusters.h"
#include "corpus/digest.h"
#include "corpus/frame_file.h"
#include "corpus/ledger.h"
#include "corpus/memo.h"
#include "corpus/passes.h"
#include "corpus/split.h"
#include "corpus/statistics.h"

namespace hone::corpus {

class CorpusRun {
 public:
  CorpusRun(const recipe::CorpusOptions& options, CleanSource source, const std::filesystem::path& out_dir, const CleanSettings& settings);

  /// Reads, judges, settles, splits and writes. Called once.
  void run();
  /// Reads and judges for the first time, into the memo and no further. Called once, instead.
  void run_first_pass();

  const Tally& tally() const { return tally_; }
  const std::vector<RuleName>& rules() const { return names_; }
  const ClusterCounts& clusters() const { return counts_; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  uint64_t documents() const { return rows_.size(); }

 private:
  static constexpr uint16_t kNotDropped = State::kNotDropped;

  /// What is remembered of every document while the corpus is gone through.
  struct Row {
    uint64_t key = 0;  ///< Hash of its id.
    Digest body, state;
    uint32_t source = 0, file = 0, text_bytes = 0;
    uint16_t dropped_by = kNotDropped;
    bool measured_only = false;
    bool record = false;  ///< Of instruction data.
    std::optional<Side> remembered;
  };
  /// A document that could not be read, and how many documents came before it.
  struct Refused {
    DocumentIndex before = 0;
    uint32_t file = 0;
    std::string wanted;
    document::Rejection rejection;
  };
  /// A document on its way to the first pass; `known` stands for a body that the memo has.
  struct Incoming {
    DocumentIndex index = 0;
    document::Document document;
    std::optional<Digest> known;
  };
  /// A document after a pass that is not the last. Records are empty where a place is given.
  struct Processed {
    DocumentIndex index = 0;
    Digest body, state_key, state;
    std::optional<Place> body_place, state_place;
    std::string body_record, state_record;
    uint16_t dropped_by = kNotDropped;
    bool remembered = true;  ///< The state may be used by later runs.
    bool unchanged = false;  ///< Nothing happens to it in this pass.
    std::vector<std::pair<uint16_t, std::string>> observations;
  };
  /// One frame of the output: documents [first, last) and the rejections among them.
  struct Frame {
    DocumentIndex first = 0, last = 0;
    size_t first_refused = 0, last_refused = 0;
  };
  struct Written {
    Digest key;
    bool remembered = true;
    std::string documents, ledger;  ///< As they go to the files.
    Tally tally;
    std::string packed_tally;  ///< Empty without a memo.
  };
  using Range = std::pair<DocumentIndex, DocumentIndex>;

  void fingerprint_passes();
  void first_pass();
  void middle_pass(size_t pass);
  void last_pass();
  void settle(const Pass& pass);
  void place();

  std::optional<std::vector<Incoming>> next_batch();
  Incoming take_in(document::Document document);
  void add_rejection(document::Rejection rejection);
  void remember_inputs();
  /// The next documents by number, until all have been handed out.
  std::optional<Range> next_range(std::string_view doing, DocumentIndex& next);
  Processed process_first(Incoming incoming) const;
  Processed process(size_t pass, DocumentIndex index) const;
  void finish(Processed& result, size_t pass, Draft& draft) const;
  bool recall_state(Processed& result) const;
  void take_state(Processed& result, std::string_view record) const;
  void store(Processed result, bool first);

  /// What the settled rules of a pass say about a document, as bytes; nothing when a rule cannot tell.
  std::optional<std::string> settled(const Pass& pass, DocumentIndex index) const;
  bool goes_on(const Pass& pass, DocumentIndex index) const;
  std::string text_key(DocumentIndex index) const;
  /// Whether the rule has a say over the document at all.
  bool concerns(uint16_t rule, DocumentIndex index) const { return !rows_[index].record || judges_records_[rule]; }

  std::optional<std::vector<Frame>> next_frames(Frame& next);
  Placement placement(DocumentIndex index) const;
  std::optional<Digest> frame_key(const Frame& frame) const;
  Written write_frame(const Frame& frame) const;
  bool recall_frame(Written& written) const;
  void report(std::string_view doing, uint64_t done, uint64_t total) const;

  const recipe::CorpusOptions& options_;
  CleanSource source_;
  const std::filesystem::path out_dir_;
  const CleanSettings& settings_;
  std::vector<std::unique_ptr<Rule>> rules_;
  std::vector<RuleName> names_;
  std::vector<bool> judges_records_;  ///< By rule.
  std::vector<Pass> passes_;
  std::vector<Digest> prints_;  ///< Of options and rules, by pass.
  base::ThreadPool pool_;
  Memo* const memo_;
  const uint64_t seed_;
  std::optional<RecordStore> own_records_;  ///< Without a memo.
  RecordStore& records_;
  Archive archive_;

  std::vector<Row> rows_;
  std::vector<std::string> sources_;
  std::map<std::string, uint32_t> source_numbers_;
  std::map<DocumentIndex, std::string> wanted_;  ///< Ids before they were made unique, where that changed them.
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
