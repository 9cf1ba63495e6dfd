#pragma once
/// The stage `clean`: documents in, the corpus out, and a ledger that says for every document what was done and why.
///
/// Passes: the first takes documents from the stream; where a rule has to see the whole corpus, documents wait in an archive in
/// the output folder and the next pass takes them from there. Rules keep the recipe's order whatever the passes. Memory is a few
/// hundred bytes a document besides the documents in flight. The bytes written do not depend on the number of threads.
/// Files: documents.jsonl.zst, ledger.jsonl.zst (ledger.h), statistics.json (statistics.h).
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "corpus/split.h"
#include "document/document.h"
#include "recipe/corpus.h"

namespace hone::document {
class DocumentStream;
}

namespace hone::corpus {

class Memo;

struct CleanProgress {
  std::string_view doing;  ///< "reading", "comparing", "writing".
  uint64_t done = 0, total = 0;  ///< Bytes of input while reading, documents afterwards; total 0 when unknown.
  uint64_t documents = 0;        ///< Read so far.
};

struct CleanSettings {
  int threads = 0;                                     ///< 0: one for each processor.
  std::function<void(const CleanProgress&)> progress;  ///< Called from the calling thread, often.
  const RememberedSides* remembered = nullptr;         ///< Sides that documents had before, by id.
  Memo* memo = nullptr;                                ///< What is known of earlier runs; what this run knows is noted there.
  bool may_be_empty = false;                           ///< For clean_first_pass(): a shard may have no documents.
  std::string ledger_key;                              ///< For original_hmac of personal data; empty: those hashes are left out.
};

/// Where the documents come from. `next` gives nothing at the end.
struct CleanSource {
  std::function<std::optional<document::Item>()> next;
  std::function<uint64_t()> bytes_done = [] { return UINT64_C(0); };
  uint64_t bytes_total = 0;
  /// Of the item that `next` gave last: the number of its file, and its id before it was made unique. Only needed with a memo.
  struct Origin {
    uint32_t file = 0;
    std::string wanted;
  };
  std::function<Origin()> origin = {};
  std::vector<std::string> source_names = {};  ///< Of the recipe's sources, in its order; empty: as the recipe names them.
};

struct CleanSummary {
  uint64_t read = 0, kept = 0, edited = 0, dropped = 0, rejected = 0;  ///< Documents; read is the sum of the others.
  uint64_t bytes_read = 0, characters_read = 0, characters_after = 0;
  uint64_t train = 0, validation = 0;  ///< Documents on each side; clusters are never parted.
  uint64_t measured_only = 0;          ///< Documents of sources that are never trained on.
  uint64_t clusters = 0;
  std::vector<std::pair<std::string, uint64_t>> dropped_by, edited_by;  ///< Documents, in the recipe's order of rules.
  std::vector<std::string> never_fired;  ///< Own rules that dropped, edited and pointed out nothing.
  std::vector<std::string> warnings;

  /// "1,616 documents read: 1,210 kept, 96 edited, 310 dropped (near_duplicates 120, …)"
  std::string line() const;
};

/// Throws usage for a rule that does not exist, data when a rule would empty a source or nothing is left, storage, stopped.
CleanSummary clean(const recipe::CorpusOptions& options, CleanSource source, const std::filesystem::path& out_dir,
                   const CleanSettings& settings = {});
CleanSummary clean(const recipe::CorpusOptions& options, document::DocumentStream& stream, const std::filesystem::path& out_dir,
                   const CleanSettings& settings = {});

/// Reads the documents and judges them for the first time, into settings.memo and no further: one share of a corpus that another
/// process settles and writes. Returns how many documents there were.
uint64_t clean_first_pass(const recipe::CorpusOptions& options, document::DocumentStream& stream, const std::filesystem::path& scratch,
                          const CleanSettings& settings);

}  // namespace hone::corpus
