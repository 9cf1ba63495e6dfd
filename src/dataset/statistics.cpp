#include "dataset/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tokenizer/stream_decoder.h"

namespace hone::dataset {
namespace {

bool is_syllable(uint32_t character) { return character >= 0xAC00 && character <= 0xD7A3; }

/// The code point of a three-byte sequence, or 0 when it is none. Hangul syllables take three bytes.
uint32_t three_bytes(uint8_t a, uint8_t b, uint8_t c) {
  if ((a & 0xF0) != 0xE0 || (b & 0xC0) != 0x80 || (c & 0xC0) != 0x80) return 0;
  return (a & 0x0FU) << 12 | (b & 0x3FU) << 6 | (c & 0x3FU);
}

uint64_t count_syllables(std::string_view text) {
  uint64_t count = 0;
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  for (size_t i = 0; i + 2 < text.size(); ++i) {
    if (byte(i) < 0xEA || byte(i) > 0xED || !is_syllable(three_bytes(byte(i), byte(i + 1), byte(i + 2))))
      continue;
    ++count;
    i += 2;
  }
  return count;
}

double ratio(uint64_t a, uint64_t b) {
  return b == 0 ? 0.0 : static_cast<double>(a) / static_cast<double>(b);
}

}  // namespace

void TokenCounts::add(const TokenCounts& other) {
  documents += other.documents;
  tokens += other.tokens;
  text_bytes += other.text_bytes;
  characters += other.characters;
  syllables += other.syllables;
  syllable_tokens += other.syllable_tokens;
  byte_tokens += other.byte_tokens;
  unknown_tokens += other.unknown_tokens;
  altered += other.altered;
  trained += other.trained;
  truncated += other.truncated;
  without_label += other.without_label;
  for (const auto& [role, count] : other.roles) {
    roles[role].tokens += count.tokens;
    roles[role].trained += count.trained;
  }
  if (other.longest > longest || (other.longest == longest && other.longest_id < longest_id)) {
    longest = other.longest;
    longest_id = other.longest_id;
  }
}

void count_tokens(const TokenizedDocument& document, TokenCounts& counts) {
  const uint64_t tokens = document.tokens.size();
  const auto trained = [&](uint64_t begin, uint64_t end) {
    begin = std::max<uint64_t>(begin, 1);  // the first token is never predicted
    if (document.mask.empty()) return begin < end ? end - begin : 0;
    uint64_t count = 0;
    for (uint64_t i = begin; i < end; ++i) count += document.mask[i];
    return count;
  };
  counts.tokens = counts.longest = tokens;
  counts.longest_id = document.id;
  counts.trained = trained(0, tokens);
  counts.truncated = document.truncated;
  counts.without_label = counts.trained == 0 ? 1 : 0;
  if (document.roles.empty()) return;
  RoleCounts rest{tokens, counts.trained};
  for (const RoleSpan& span : document.roles) {
    const uint64_t of_span = trained(span.begin, span.end);
    RoleCounts& role = counts.roles[span.role];
    role.tokens += span.end - span.begin;
    role.trained += of_span;
    rest.tokens -= span.end - span.begin;
    rest.trained -= of_span;
  }
  counts.roles[""].tokens += rest.tokens;
  counts.roles[""].trained += rest.trained;
}

void TokenStatistics::add(const std::string& split, const std::string& source, const std::string& language,
                          const TokenCounts& counts) {
  SplitCounts& side = splits[split];
  side.all.add(counts);
  side.by_source[source].add(counts);
  side.by_language[language].add(counts);
}

DocumentCounter::DocumentCounter(const tokenizer::Tokenizer& tokenizer)
    : leading_space_(tokenizer.leading_space()) {
  using tokenizer::PieceKind;
  for (int32_t id = 0; id < tokenizer.vocabulary_size(); ++id) {
    const PieceKind kind = tokenizer.kind(id);
    const std::string& surface = surfaces_.emplace_back(tokenizer.surface(id));
    Writes& writes = writes_.emplace_back(Writes::other);
    if (tokenizer::writes_part_of_character(tokenizer, id))
      writes = surface == "\n" || surface == "\r" || surface == "\t" ? Writes::line_break : Writes::part;
    else if (kind == PieceKind::unknown)
      writes = Writes::unknown;
    else if (count_syllables(surface) > 0)
      writes = Writes::syllables;
  }
}

bool DocumentCounter::comes_back(std::string_view text, const std::vector<int32_t>& ids) const {
  using tokenizer::LeadingSpace;
  bool at_start = leading_space_ != LeadingSpace::keep;
  for (const int32_t id : ids) {
    if (writes_[static_cast<size_t>(id)] == Writes::unknown) return false;
    std::string_view surface = surfaces_[static_cast<size_t>(id)];
    if (at_start && surface.starts_with(' ')) {
      surface.remove_prefix(1);
      if (leading_space_ == LeadingSpace::drop_one) at_start = false;
    }
    if (!surface.empty()) at_start = false;
    if (!text.starts_with(surface)) return false;
    text.remove_prefix(surface.size());
  }
  return text.empty();
}

/// Neighbours that write parts of characters, from `begin`: those that a syllable is spread over, and those that hold whole ones.
/// Returns where they end.
size_t DocumentCounter::count_parts(const std::vector<int32_t>& ids, size_t begin, TokenCounts& counts) const {
  std::string bytes;
  std::vector<size_t> ends;  // of each token, in bytes
  size_t end = begin;
  for (; end < ids.size() && writes_[static_cast<size_t>(ids[end])] == Writes::part; ++end) {
    bytes += surfaces_[static_cast<size_t>(ids[end])];
    ends.push_back(bytes.size());
  }
  counts.byte_tokens += end - begin;
  size_t token = 0, counted = 0;  // tokens before `counted` are
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  for (size_t i = 0; i + 2 < bytes.size(); ++i) {
    if (!is_syllable(three_bytes(byte(i), byte(i + 1), byte(i + 2)))) continue;
    while (ends[token] <= i) ++token;
    size_t last = token;
    while (ends[last] <= i + 2) ++last;
    counts.syllable_tokens += last + 1 - std::max(token, counted);
    counted = last + 1;
    i += 2;
  }
  return end;
}

TokenCounts DocumentCounter::count(std::string_view id, std::string_view text,
                                   const std::vector<int32_t>& ids) const {
  TokenCounts counts;
  counts.documents = 1;
  counts.text_bytes = text.size();
  counts.characters = static_cast<uint64_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  counts.syllables = count_syllables(text);
  for (size_t i = 0; i < ids.size(); ++i) {
    switch (writes_[static_cast<size_t>(ids[i])]) {
      case Writes::syllables:
        ++counts.syllable_tokens;
        break;
      case Writes::unknown:
        ++counts.unknown_tokens;
        break;
      case Writes::part:
        i = count_parts(ids, i, counts) - 1;
        break;
      default:
        break;
    }
  }
  counts.altered = comes_back(text, ids) ? 0 : 1;
  counts.longest_id = id;
  return counts;
}

double masked_share(const TokenCounts& counts) {
  const uint64_t targets = counts.tokens - std::min(counts.tokens, counts.documents);
  return targets == 0 ? 0.0 : std::clamp(1.0 - ratio(counts.trained, targets), 0.0, 1.0);
}

namespace {

nlohmann::json to_json(const TokenCounts& counts) {
  nlohmann::json roles = nlohmann::json::object();
  for (const auto& [role, count] : counts.roles)
    roles[role.empty() ? "(template)" : role] = {{"tokens", count.tokens}, {"trained", count.trained}};
  return {{"documents", counts.documents},
          {"tokens", counts.tokens},
          {"trained", counts.trained},
          {"masked_share", masked_share(counts)},
          {"truncated", counts.truncated},
          {"without_label", counts.without_label},
          {"by_role", roles},
          {"text_bytes", counts.text_bytes},
          {"characters", counts.characters},
          {"hangul_syllables", counts.syllables},
          {"byte_tokens", counts.byte_tokens},
          {"unknown_tokens", counts.unknown_tokens},
          {"altered_documents", counts.altered},
          {"longest_document", {{"tokens", counts.longest}, {"id", counts.longest_id}}},
          {"bytes_per_token", ratio(counts.text_bytes, counts.tokens)},
          {"tokens_per_character", ratio(counts.tokens, counts.characters)},
          {"tokens_per_hangul_syllable",
           counts.syllables == 0 ? nlohmann::json(nullptr)
                                 : nlohmann::json(ratio(counts.syllable_tokens, counts.syllables))}};
}

nlohmann::json to_json(const std::map<std::string, TokenCounts>& groups) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [name, counts] : groups) json[name] = to_json(counts);
  return json;
}

}  // namespace

nlohmann::json to_json(const TokenStatistics& statistics) {
  nlohmann::json splits = nlohmann::json::object();
  for (const auto& [name, side] : statistics.splits) {
    splits[name] = to_json(side.all);
    splits[name]["by_source"] = to_json(side.by_source);
    splits[name]["by_language"] = to_json(side.by_language);
  }
  return {{"splits", splits}};
}

}  // namespace hone::dataset
