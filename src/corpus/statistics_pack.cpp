// Tallies as bytes and back. One description of every field serves both ways.
#include <type_traits>

#include "base/error.h"
#include "corpus/packed_bytes.h"
#include "corpus/statistics.h"

namespace hone::corpus {
namespace {

/// Writes, or reads, whatever describe() goes through.
class Writing {
 public:
  void operator()(const uint64_t& value) { out_.number(value); }
  void operator()(const std::string& value) { out_.text(value); }
  template <typename Value>
  void each(const std::vector<Value>& list) {
    out_.number(list.size());
    for (const Value& value : list) describe(*this, value);
  }
  template <typename Value>
  void each(const std::map<std::string, Value>& map) {
    out_.number(map.size());
    for (const auto& [key, value] : map) {
      out_.text(key);
      describe(*this, value);
    }
  }
  /// Most rules say nothing about most documents.
  bool present(bool there) {
    out_.number(there ? 1 : 0);
    return there;
  }
  std::string take() { return out_.take(); }

 private:
  Packer out_;
};

class Reading {
 public:
  explicit Reading(std::string_view bytes) : in_(bytes) {}
  void operator()(uint64_t& value) { value = in_.number(); }
  void operator()(std::string& value) { value = in_.text(); }
  template <typename Value>
  void each(std::vector<Value>& list) {
    for (uint64_t left = in_.number(); left > 0; --left) describe(*this, list.emplace_back());
  }
  template <typename Value>
  void each(std::map<std::string, Value>& map) {
    for (uint64_t left = in_.number(); left > 0; --left) {
      const std::string_view key = in_.text();
      describe(*this, map.emplace_hint(map.end(), std::string{key}, Value{})->second);
    }
  }
  bool present(bool) { return in_.number() != 0; }
  bool done() const { return in_.empty(); }

 private:
  Unpacker in_;
};

/// `Of` or `const Of`.
template <typename Value, typename Of>
concept Is = std::is_same_v<std::remove_const_t<Value>, Of>;

template <typename Way>
void describe(Way& way, const uint64_t& value) {
  way(value);
}
template <typename Way>
void describe(Way& way, uint64_t& value) {
  way(value);
}
template <typename Way, Is<Amount> Value>
void describe(Way& way, Value& amount) {
  way(amount.documents);
  way(amount.bytes);
  way(amount.characters);
}
template <typename Way, Is<Flow> Value>
void describe(Way& way, Value& flow) {
  for (auto* amount : {&flow.read, &flow.kept, &flow.edited, &flow.dropped, &flow.rejected}) describe(way, *amount);
}
template <typename Way, Is<SourceTally> Value>
void describe(Way& way, Value& tally) {
  describe(way, tally.dropped);
  describe(way, tally.edited);
}
template <typename Way, Is<Example> Value>
void describe(Way& way, Value& example) {
  for (auto* text : {&example.id, &example.excerpt, &example.before, &example.removed, &example.inserted, &example.after}) way(*text);
  way(example.removed_characters);
}
template <typename Way, Is<std::vector<Example>> Value>
void describe(Way& way, Value& list) {
  way.each(list);
}
template <typename Way, Is<RuleTally> Value>
void describe(Way& way, Value& tally) {
  if (!way.present(!(tally == RuleTally{}))) return;
  for (auto* amount : {&tally.dropped, &tally.edited, &tally.flagged}) describe(way, *amount);
  for (auto* count : {&tally.spans, &tally.characters_removed, &tally.characters_inserted}) way(*count);
  for (auto* map : {&tally.reasons, &tally.kinds, &tally.marks}) way.each(*map);
  way.each(tally.sources);
  way.each(tally.examples);
}
template <typename Way, Is<Tally> Value>
void describe(Way& way, Value& tally) {
  describe(way, tally.all);
  for (auto* flows : {&tally.sources, &tally.languages}) way.each(*flows);
  for (auto* amounts : {&tally.splits, &tally.rejections, &tally.licences, &tally.access}) way.each(*amounts);
  way.each(tally.rejected);
  way.each(tally.unlicenced);
  for (auto* lengths : {&tally.lengths_read, &tally.lengths_after})
    for (auto& count : lengths->counts) way(count);
  way.each(tally.rules);
  way(tally.characters_after);
}

}  // namespace

std::string Tally::pack() const {
  Writing way;
  describe(way, *this);
  return way.take();
}

Tally Tally::unpack(std::string_view bytes) {
  Reading way(bytes);
  Tally tally;
  describe(way, tally);
  if (!way.done()) throw Error(ExitCode::data, "stored sums of an earlier cleaning cannot be read; clean from the start");
  return tally;
}

}  // namespace hone::corpus
