#pragma once
/// Documents between two passes: what was read, stored once, and beside it what the rules have said and edited so far.
///
/// A body is the document as read; it never changes. A state is replaced after every pass and is small.
///   body: id, language (code, share, reliable), then one zstd frame of pack(document)
/// Memory: two places a document.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/draft.h"
#include "corpus/record_store.h"

namespace hone::corpus {

/// What one pass leaves of a document.
struct State {
  uint16_t dropped_by = kNotDropped;  ///< Rule that dropped it.
  std::vector<std::pair<uint16_t, std::string>> observations;  ///< Rule, bytes; in the order of rules.
  std::string outcome;                                         ///< Draft::pack_outcome().

  static constexpr uint16_t kNotDropped = UINT16_MAX;
  std::string pack() const;
  static State unpack(std::string_view record);
};

class Archive {
 public:
  explicit Archive(const RecordStore& store) : store_(store) {}

  void add(Place body, Place state) { entries_.push_back({body, state}); }
  void set_state(uint64_t index, Place state) { entries_[index].state = state; }
  uint64_t size() const { return entries_.size(); }
  Place body(uint64_t index) const { return entries_[index].body; }
  Place state(uint64_t index) const { return entries_[index].state; }

  /// Of the document in entry `index`, after the pass that went last. Any number of threads. Throws storage, DamagedRecord.
  std::string id(uint64_t index) const;
  std::string text(uint64_t index) const { return draft(index).map.text(); }
  Draft draft(uint64_t index) const;

  static std::string pack_body(std::string_view id, const Language& language, std::string_view packed_document);
  static Draft unpack_body(uint64_t index, std::string_view record);  ///< As Draft::begin() made it.

 private:
  struct Entry {
    Place body, state;
  };
  const RecordStore& store_;
  std::vector<Entry> entries_;
};

}  // namespace hone::corpus
