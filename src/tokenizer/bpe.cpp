#include "tokenizer/bpe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <queue>

#include "base/error.h"

namespace hone::tokenizer {
namespace {

constexpr size_t kFewSymbols = 32;  ///< Up to here looking through all pairs is quicker than a queue.

/// A word of up to 23 bytes, its length in the last.
struct WordKey {
  uint64_t parts[3] = {0, 0, 0};
  bool operator==(const WordKey& other) const {
    return ((parts[0] ^ other.parts[0]) | (parts[1] ^ other.parts[1]) | (parts[2] ^ other.parts[2])) == 0;
  }
};
constexpr size_t kRememberedBytes = 23, kRememberedTokens = 23;

/// 128 bytes, two cache lines.
struct alignas(64) Remembered {
  WordKey word;
  uint64_t owner = 0;
  uint32_t count = 0;
  std::array<int32_t, kRememberedTokens> ids;
};

constexpr size_t kRememberedWords = size_t{1} << 13;

Remembered* memory() {
  thread_local const std::unique_ptr<Remembered[]> words(new Remembered[kRememberedWords]);
  return words.get();
}

WordKey word_key(std::string_view word) {
  WordKey key;
  std::memcpy(&key, word.data(), word.size());
  key.parts[2] |= static_cast<uint64_t>(word.size()) << 56;
  return key;
}

size_t place_of(const WordKey& key) {
  uint64_t hash = key.parts[0] * UINT64_C(0x9E3779B97F4A7C15);
  hash = (hash ^ hash >> 32 ^ key.parts[1]) * UINT64_C(0xC2B2AE3D27D4EB4F);
  hash = (hash ^ hash >> 29 ^ key.parts[2]) * UINT64_C(0x9E3779B97F4A7C15);
  return static_cast<size_t>(hash >> 40) % kRememberedWords;
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
    : ids_(tokens), options_(options) {
  static std::atomic<uint64_t> vocabularies{0};
  serial_ = ++vocabularies;
  for (int byte = 0; byte < 256; ++byte)
    byte_ids_[byte] = ids_.find(options.bytes ? std::string(1, static_cast<char>(byte)) : fmt::format("<0x{:02X}>", byte));
  uint64_t size = 16;
  while (size < merges.size() * 2) size *= 2;
  mask_ = size - 1;
  merges_.resize(size);
  std::string whole;
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    const auto& [left, right] = merges[rank];
    whole.assign(left).append(right);
    const int32_t a = ids_.find(left), b = ids_.find(right), joined = ids_.find(whole);
    if (a < 0 || b < 0 || joined < 0)
      throw Error(ExitCode::data, fmt::format("merge {} joins what is not in the vocabulary; the file is damaged", rank));
    put_merge({key_of(a, b), static_cast<uint32_t>(rank), joined});
  }
}

/// Of equal pairs the last rank counts, as in the `tokenizers` library.
void Bpe::put_merge(const Merge& merge) {
  uint64_t at = mixed(merge.pair) & mask_;
  while (merges_[at].pair != 0 && merges_[at].pair != merge.pair) at = (at + 1) & mask_;
  merges_[at] = merge;
}

const Bpe::Merge* Bpe::merge_of(int32_t left, int32_t right) const {
  const uint64_t pair = key_of(left, right);
  for (uint64_t at = mixed(pair) & mask_; merges_[at].pair != 0; at = (at + 1) & mask_)
    if (merges_[at].pair == pair) return &merges_[at];
  return nullptr;
}

bool Bpe::all_bytes_known(std::string_view character) const {
  return std::all_of(character.begin(), character.end(), [&](char c) { return byte_ids_[static_cast<unsigned char>(c)] >= 0; });
}

void Bpe::start(std::string_view word, std::vector<Symbol>& symbols) const {
  const auto add = [&](int32_t id, size_t begin, size_t end) {
    symbols.push_back({id, static_cast<int32_t>(symbols.size()) - 1, static_cast<int32_t>(symbols.size()) + 1, static_cast<uint32_t>(begin),
                       static_cast<uint32_t>(end)});
  };
  const auto byte_id = [&](size_t at) { return byte_ids_[static_cast<unsigned char>(word[at])]; };
  for (size_t at = 0; at < word.size();) {
    if (options_.bytes) {  // a byte without a piece is left out where nothing stands for what is unknown
      const int32_t id = byte_id(at) >= 0 ? byte_id(at) : options_.unknown;
      if (id >= 0) add(id, at, at + 1);
      ++at;
      continue;
    }
    const size_t end = std::min(word.size(), at + character_bytes(word[at]));
    if (const int32_t known = ids_.find(word.substr(at, end - at)); known >= 0) {
      add(known, at, end);
    } else if (options_.byte_fallback && all_bytes_known(word.substr(at, end - at))) {
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

/// Symbols stay packed, with the rank of each with its right neighbour beside them.
void Bpe::merge_few(std::vector<Symbol>& symbols) const {
  const Merge* pairs[kFewSymbols];
  size_t count = symbols.size();
  for (size_t i = 0; i + 1 < count; ++i) pairs[i] = merge_of(symbols[i].id, symbols[i + 1].id);
  for (;;) {
    const Merge* best = nullptr;
    size_t place = 0;
    for (size_t i = 0; i + 1 < count; ++i)
      if (pairs[i] != nullptr && (best == nullptr || pairs[i]->rank < best->rank)) best = pairs[i], place = i;
    if (best == nullptr) break;
    symbols[place].id = best->id;
    symbols[place].end = symbols[place + 1].end;
    for (size_t i = place + 1; i + 1 < count; ++i) {
      symbols[i] = symbols[i + 1];
      if (i + 2 < count) pairs[i] = pairs[i + 1];
    }
    --count;
    if (place > 0) pairs[place - 1] = merge_of(symbols[place - 1].id, symbols[place].id);
    if (place + 1 < count) pairs[place] = merge_of(symbols[place].id, symbols[place + 1].id);
  }
  symbols.resize(count);
  for (size_t i = 0; i < count; ++i) symbols[i].next = i + 1 < count ? static_cast<int32_t>(i + 1) : -1;
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

/// The symbols that are left, from the first by `next`; valid until the next word of this thread.
const std::vector<Bpe::Symbol>& Bpe::merged(std::string_view word) const {
  thread_local std::vector<Symbol> symbols;
  symbols.clear();
  if (options_.ignore_merges) {
    if (const int32_t whole = ids_.find(word); whole >= 0) {
      symbols.push_back({whole, -1, -1, 0, static_cast<uint32_t>(word.size())});
      return symbols;
    }
  }
  start(word, symbols);
  if (symbols.size() <= kFewSymbols) merge_few(symbols);
  else merge_many(symbols);
  return symbols;
}

void Bpe::encode_anew(std::string_view word, std::vector<int32_t>& out) const {
  const std::vector<Symbol>& symbols = merged(word);
  if (symbols.empty()) return;
  for (int32_t at = 0; at >= 0; at = symbols[static_cast<size_t>(at)].next) out.push_back(symbols[static_cast<size_t>(at)].id);
}

void Bpe::encode(std::string_view word, std::vector<WordToken>& out) const {
  const std::vector<Symbol>& symbols = merged(word);
  if (symbols.empty()) return;
  for (int32_t at = 0; at >= 0; at = symbols[static_cast<size_t>(at)].next) {
    const Symbol& symbol = symbols[static_cast<size_t>(at)];
    out.push_back({symbol.id, symbol.begin, symbol.end});
  }
}

void Bpe::encode(std::string_view word, std::vector<int32_t>& out) const {
  if (word.size() > kRememberedBytes) return encode_anew(word, out);
  const WordKey key = word_key(word);
  Remembered& place = memory()[place_of(key)];
  if (place.owner == serial_ && place.word == key) {
    out.insert(out.end(), place.ids.begin(), place.ids.begin() + place.count);
    return;
  }
  const size_t before = out.size();
  encode_anew(word, out);
  place.owner = serial_;
  place.word = key;
  place.count = static_cast<uint32_t>(out.size() - before);
  std::copy(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(), place.ids.begin());
}

}  // namespace hone::tokenizer
