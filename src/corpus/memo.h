#pragma once
/// What cleaning remembers from one run to the next: runs/.memo/<name>/.
///
/// Every step of cleaning a document is a function of what went into it, so a step whose inputs are known by digest need not be taken
/// again. Remembered are: files (state of the file → SHA-256), inputs (content, name and source of a file → its documents and
/// rejections), bodies (digest of a document → the document as read), states (digest of what went into a pass → what came out), what
/// rules settled about unchanged texts, and frames (digest of some neighbouring documents with their places → their part of the output).
/// A run with a memo writes the same bytes as one without; what it did not use is forgotten when it ends. Entries of another build of
/// Hone are not used. Files: `index` (memo_index.h), `pack-*.records` (record_store.h): new records go to a new pack, the index is
/// replaced last, packs that it does not name are removed.
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/memo_index.h"
#include "corpus/record_store.h"
#include "document/document.h"

namespace hone::corpus {

/// A part of the output: some documents' lines in documents.jsonl.zst and ledger.jsonl.zst, each a zstd frame (or nothing).
struct MemoFrame {
  struct Piece {
    uint64_t offset = 0, size = 0, checksum = 0;
  };
  Piece documents, ledger;
  std::string_view tally;  ///< Tally::pack() of them.

  std::string pack() const;
  static MemoFrame unpack(std::string_view value);
};

/// A document that was not read again.
struct RecalledDocument {
  std::string id;  ///< The unique one it had.
  Digest key;      ///< Its body's.
  uint32_t text_bytes = 0;
  bool record = false;  ///< Of instruction data.
};

class Memo {
 public:
  /// Opens what is in `folder`, or begins anew where there is nothing, or nothing that can be used (`say` is told when something is
  /// damaged). `build` names the program and the options that no entry may differ in. Only a memo that may write can save().
  Memo(std::filesystem::path folder, std::string build, bool may_write, const std::function<void(const std::string&)>& say);
  ~Memo();

  /// Looks things up there as well, from now on; what is used is copied. Throws DamagedRecord; false when there is nothing of this build.
  bool add(const std::filesystem::path& shard);

  uint64_t seed() const { return seed_; }
  RecordStore& records() { return *store_; }

  /// Lookups: any number of threads.
  std::optional<Place> find(Table table, const Digest& key) const;  ///< body or state
  std::optional<std::string_view> find_value(Table table, const Digest& key) const;
  /// The bytes of a frame's piece in the corpus that the memo describes, or nothing when they are gone or differ.
  std::optional<std::string_view> piece(const MemoFrame::Piece& piece, const char* file) const;

  /// Notes that an entry was used or made; one thread. A place in a pack that is to go is copied first: the place to use is returned.
  Place note(Table table, const Digest& key, Place place);
  void note_value(Table table, const Digest& key, std::string_view value) { builder_.put(table, key, value); }

  /// Inputs, by number in the order of reading. `keys` says what each file is (content, name, source); `unchanged` is asked, once it has
  /// been read, whether it still is.
  void set_inputs(std::vector<Digest> keys, std::function<bool(size_t)> unchanged) {
    inputs_ = std::move(keys);
    unchanged_ = std::move(unchanged);
  }
  bool is_unchanged(size_t file) const { return unchanged_(file); }
  const std::vector<Digest>& inputs() const { return inputs_; }
  bool knows_input(size_t file) const;
  /// Documents without text, each with a number for recalled(); and rejections.
  std::vector<document::Item> recall_input(size_t file);
  /// Those of recall_input() in order, each once.
  RecalledDocument take_recalled(uint64_t number);
  /// The same input in the words of note_value(Table::input), by whoever has read it.
  class InputWriter;

  /// Makes all that was noted what the next run finds. `corpus` is the folder the frames are in.
  void save(const std::filesystem::path& corpus);
  /// Forgets everything on disk: what is there cannot be used.
  static void discard(const std::filesystem::path& folder);

 private:
  struct Source {
    MemoIndex index;
    std::map<uint32_t, uint32_t> files;  ///< Serial of a pack → number in the store.
  };
  struct Pack {
    uint32_t serial = 0;
    uint64_t size = 0, live = 0;
    bool leaving = false;  ///< Its records are copied when they are used.
  };

  void take_packs(const std::filesystem::path& folder, Source& source, bool foreign);
  void remove_strays() const;

  std::filesystem::path folder_;
  std::string build_;
  bool may_write_ = false;
  uint64_t seed_ = 0;
  uint32_t new_serial_ = 1;
  std::optional<RecordStore> store_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<Pack> packs_;  ///< By number in the store, less one.
  uint64_t new_live_ = 0;
  std::map<std::string, base::MappedFile> corpus_;
  MemoIndexBuilder builder_;
  std::vector<Digest> inputs_;
  std::function<bool(size_t)> unchanged_;
  std::deque<RecalledDocument> recalled_;
  uint64_t first_recalled_ = 1;
};

/// Items of one input in the order of reading, as bytes.
class Memo::InputWriter {
 public:
  /// `wanted` is the id before it was made unique.
  void add(const document::Document& facts, std::string_view wanted, const Digest& key, uint32_t text_bytes);
  void add(const document::Rejection& rejection, std::string_view wanted);
  /// Whether reading the file again might give something else (a timeout, a missing program): then it is not to be remembered.
  bool certain() const { return certain_; }
  std::string take();

 private:
  std::string items_;
  uint64_t count_ = 0;
  bool certain_ = true;
};

}  // namespace hone::corpus
