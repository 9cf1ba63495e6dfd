#include "tokenizer/bpe.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstring>
#include <queue>

#include "base/error.h"
#include "base/hash.h"

namespace hone::tokenizer {
namespace {

constexpr size_t kFewSymbols = 32;     ///< Up to here looking through all pairs is quicker than a queue.
constexpr size_t kRememberedBytes = 22, kRememberedTokens = 16;

/// 112 bytes: a word and its tokens, which end at ends[i] and begin where the one before ended.
struct Remembered {
  uint64_t owner = 0;
  uint8_t size = 0, count = 0;
  char word[kRememberedBytes];
  std::array<int32_t, kRememberedTokens> ids;
  std::array<uint8_t, kRememberedTokens> ends;
};

constexpr size_t kRememberedWords = size_t{1} << 14;

std::vector<Remembered>& memory() {
  thread_local std::vector<Remembered> words(kRememberedWords);
  return words;
}

uint64_t key_of(int32_t left, int32_t right) { return (static_cast<uint64_t>(left) << 32 | static_cast<uint32_t>(right)) + 1; }
uint64_t mixed(uint64_t key) {
  key *= UINT64_C(0x9E3779B97F4A7C15);
  return key ^ key >> 29;
}

size_t character_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

Bpe::Bpe(const std::vector<std::string>& tokens, const std::vector<std::pair<std::string, std::string>>& merges, BpeOptions options)
    : options_(options) {
  static std::atomic<uint64_t> vocabularies{0};
  serial_ = ++vocabularies;
  for (size_t id = 0; id < tokens.size(); ++id) {
    if (!tokens[id].empty()) ids_.emplace(tokens[id], static_cast<int32_t>(id));
  }
  const auto id_of = [&](const std::string& text) {
    const auto found = ids_.find(text);
    return found == ids_.end() ? -1 : found->second;
  };
  for (int byte = 0; byte < 256; ++byte)
    byte_ids_[byte] = id_of(options.bytes ? std::string(1, static_cast<char>(byte)) : fmt::format("<0x{:02X}>", byte));
  uint64_t size = 16;
  while (size < merges.size() * 2) size *= 2;
  mask_ = size - 1;
  merge_keys_.assign(size, 0);
  merges_.resize(size);
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    const auto& [left, right] = merges[rank];
    const int32_t a = id_of(left), b = id_of(right), joined = id_of(left + right);
    if (a < 0 || b < 0 || joined < 0)
      throw Error(ExitCode::data, fmt::format("merge {} joins what is not in the vocabulary; the file is damaged", rank));
    const uint64_t key = key_of(a, b);
    uint64_t at = mixed(key) & mask_;
    while (merge_keys_[at] != 0 && merge_keys_[at] != key) at = (at + 1) & mask_;
    if (merge_keys_[at] == key) continue;  // the first rank counts
    merge_keys_[at] = key;
    merges_[at] = {static_cast<uint32_t>(rank), joined};
  }
}

const Bpe::Merge* Bpe::merge_of(int32_t left, int32_t right) const {
  const uint64_t key = key_of(left, right);
  for (uint64_t at = mixed(key) & mask_; merge_keys_[at] != 0; at = (at + 1) & mask_) {
    if (merge_keys_[at] == key) return &merges_[at];
  }
  return nullptr;
}

void Bpe::start(std::string_view word, std::vector<Symbol>& symbols) const {
  const auto add = [&](int32_t id, size_t begin, size_t end) {
    symbols.push_back({id, static_cast<int32_t>(symbols.size()) - 1, static_cast<int32_t>(symbols.size()) + 1, static_cast<uint32_t>(begin),
                       static_cast<uint32_t>(end)});
  };
  for (size_t at = 0; at < word.size();) {
    if (options_.bytes) {
      add(byte_ids_[static_cast<unsigned char>(word[at])], at, at + 1);
      ++at;
      continue;
    }
    const size_t end = std::min(word.size(), at + character_bytes(word[at]));
    const auto known = ids_.find(std::string(word.substr(at, end - at)));
    if (known != ids_.end()) {
      add(known->second, at, end);
    } else if (options_.byte_fallback && byte_ids_[static_cast<unsigned char>(word[at])] >= 0) {
      // The bytes before the last stand for nothing by themselves.
      for (size_t i = at; i < end; ++i) add(byte_ids_[static_cast<unsigned char>(word[i])], i + 1 == end ? at : at, i + 1 == end ? end : at);
    } else if (options_.unknown >= 0) {
      const bool fuse = options_.fuse_unknown && !symbols.empty() && symbols.back().id == options_.unknown;
      if (fuse) symbols.back().end = static_cast<uint32_t>(end);
      else add(options_.unknown, at, end);
    }
    at = end;
  }
  if (!symbols.empty()) symbols.back().next = -1;
}

/// Joins symbol `at` with the one behind it.
void Bpe::merge_few(std::vector<Symbol>& symbols) const {
  for (;;) {
    const Merge* best = nullptr;
    int32_t place = -1;
    for (int32_t at = 0; at >= 0 && symbols[static_cast<size_t>(at)].next >= 0; at = symbols[static_cast<size_t>(at)].next) {
      const Symbol& left = symbols[static_cast<size_t>(at)];
      const Merge* merge = merge_of(left.id, symbols[static_cast<size_t>(left.next)].id);
      if (merge != nullptr && (best == nullptr || merge->rank < best->rank)) best = merge, place = at;
    }
    if (best == nullptr) return;
    Symbol& left = symbols[static_cast<size_t>(place)];
    const Symbol& right = symbols[static_cast<size_t>(left.next)];
    left.id = best->id;
    left.end = right.end;
    left.next = right.next;
    if (left.next >= 0) symbols[static_cast<size_t>(left.next)].previous = place;
  }
}

void Bpe::merge_many(std::vector<Symbol>& symbols) const {
  struct Pair {
    uint32_t rank;
    int32_t place, id;
    int32_t left, right;  ///< What they were when the pair was found.
    bool operator<(const Pair& other) const { return rank != other.rank ? rank > other.rank : place > other.place; }
  };
  std::priority_queue<Pair> queue;
  const auto look = [&](int32_t at) {
    if (at < 0 || symbols[static_cast<size_t>(at)].next < 0) return;
    const Symbol& left = symbols[static_cast<size_t>(at)];
    const int32_t right = symbols[static_cast<size_t>(left.next)].id;
    if (const Merge* merge = merge_of(left.id, right)) queue.push({merge->rank, at, merge->id, left.id, right});
  };
  for (size_t at = 0; at < symbols.size(); ++at) look(static_cast<int32_t>(at));
  std::vector<bool> gone(symbols.size());
  while (!queue.empty()) {
    const Pair pair = queue.top();
    queue.pop();
    Symbol& left = symbols[static_cast<size_t>(pair.place)];
    if (gone[static_cast<size_t>(pair.place)] || left.id != pair.left || left.next < 0 || symbols[static_cast<size_t>(left.next)].id != pair.right) continue;
    const Symbol& right = symbols[static_cast<size_t>(left.next)];
    gone[static_cast<size_t>(left.next)] = true;
    left.id = pair.id;
    left.end = right.end;
    left.next = right.next;
    if (left.next >= 0) symbols[static_cast<size_t>(left.next)].previous = pair.place;
    look(left.previous);
    look(pair.place);
  }
}

void Bpe::encode_anew(std::string_view word, std::vector<WordToken>& out) const {
  thread_local std::vector<Symbol> symbols;
  symbols.clear();
  start(word, symbols);
  if (symbols.empty()) return;
  if (symbols.size() <= kFewSymbols) merge_few(symbols);
  else merge_many(symbols);
  for (int32_t at = 0; at >= 0; at = symbols[static_cast<size_t>(at)].next) {
    const Symbol& symbol = symbols[static_cast<size_t>(at)];
    out.push_back({symbol.id, symbol.begin, symbol.end});
  }
}

void Bpe::encode(std::string_view word, std::vector<WordToken>& out) const {
  // Only bytes give tokens that stand side by side.
  if (word.size() > kRememberedBytes || !options_.bytes) {
    if (options_.ignore_merges) {
      const auto whole = ids_.find(std::string(word));
      if (whole != ids_.end()) return out.push_back({whole->second, 0, static_cast<uint32_t>(word.size())});
    }
    return encode_anew(word, out);
  }
  Remembered& place = memory()[(base::hash64(word) ^ serial_) % kRememberedWords];
  if (place.owner == serial_ && place.size == word.size() && std::memcmp(place.word, word.data(), word.size()) == 0) {
    uint32_t begin = 0;
    for (size_t i = 0; i < place.count; ++i) {
      out.push_back({place.ids[i], begin, place.ends[i]});
      begin = place.ends[i];
    }
    return;
  }
  const size_t before = out.size();
  const auto whole = options_.ignore_merges ? ids_.find(std::string(word)) : ids_.end();
  if (whole != ids_.end()) out.push_back({whole->second, 0, static_cast<uint32_t>(word.size())});
  else encode_anew(word, out);
  const size_t count = out.size() - before;
  if (count > kRememberedTokens) return;
  place.owner = serial_;
  place.size = static_cast<uint8_t>(word.size());
  place.count = static_cast<uint8_t>(count);
  std::memcpy(place.word, word.data(), word.size());
  for (size_t i = 0; i < count; ++i) {
    place.ids[i] = out[before + i].id;
    place.ends[i] = static_cast<uint8_t>(out[before + i].end);
  }
}

}  // namespace hone::tokenizer
