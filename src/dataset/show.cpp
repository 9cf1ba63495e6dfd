#include "dataset/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/log.h"
#include "tokenizer/stream_decoder.h"

namespace hone::dataset {
namespace {

using tokenizer::PieceKind;

constexpr const char* kReset = "\x1b[0m";
constexpr const char* kBold = "\x1b[1m";
constexpr const char* kGrey = "\x1b[2m";
constexpr const char* kBackgrounds[] = {"\x1b[48;5;24m", "\x1b[48;5;53m"};

/// Control characters (C0, DEL, C1) as U+FFFD, except the line break.
std::string printable(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) ++i;
    if (c1 || (byte < 0x20 && byte != '\n') || byte == 0x7F)
      out += "\xEF\xBF\xBD";
    else
      out += text[i];
  }
  return out;
}

/// Bytes of less than a character as "<0xEB>", as vocabularies with byte tokens spell them.
std::string spelled(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte > 0x20 && byte < 0x7F ? std::string(1, c) : fmt::format("<0x{:02X}>", byte);
  }
  return out;
}

std::string text_of(const tokenizer::Tokenizer& tokenizer, int32_t id) {
  const PieceKind kind = tokenizer.kind(id);
  const std::string surface = tokenizer.surface(id);
  if (kind == PieceKind::byte && surface == "\n") return surface;
  if (kind == PieceKind::byte || kind == PieceKind::control || kind == PieceKind::unknown) return printable(tokenizer.piece(id));
  return printable(tokenizer::writes_part_of_character(tokenizer, id) ? spelled(surface) : surface);
}

Sample sample_of(const DocumentView& document, const tokenizer::Tokenizer& tokenizer, uint64_t max_tokens) {
  Sample sample{std::string(document.id), std::string(document.source), std::string(document.language),
                document.tokens.size()};
  for (uint64_t i = 0; i < document.tokens.size(); ++i) {
    const bool trained = document.trained(i);
    if (trained) ++sample.trained;
    if (i >= max_tokens) continue;
    const int32_t id = document.tokens[i];
    const std::string role = document.mask.empty() ? std::string() : std::string(document.mask.role(i));
    sample.has_roles = sample.has_roles || !role.empty();
    sample.shown.push_back({id, text_of(tokenizer, id), role, trained});
  }
  return sample;
}

/// Escape sequences end before a line break, so that a background never runs to the edge of the terminal.
std::string coloured(const std::string& text, const char* style) {
  std::string out = style;
  for (const char c : text) {
    if (c == '\n')
      out += fmt::format("↵{}\n{}", kReset, style);
    else
      out += c;
  }
  return out + kReset;
}

std::string role_heading(const std::string& role, bool colours) {
  const std::string name = role.empty() ? "(template)" : printable(role);
  return colours ? fmt::format("{}{}:{}\n", kBold, name, kReset) : name + ":\n";
}

/// Whether both are untrained, in one turn: they share a pair of brackets.
bool goes_on(const ShownToken* before, const ShownToken& token, const Sample& sample) {
  return before != nullptr && !before->trained && !token.trained && (!sample.has_roles || before->role == token.role);
}

}  // namespace

std::vector<Sample> first_samples(const ShardSet& shards, const tokenizer::Tokenizer& tokenizer, uint64_t count, uint64_t max_tokens) {
  if (shards.tokenizer_sha256() != tokenizer.sha256())
    throw Error(ExitCode::data,
                fmt::format("{} was made with another vocabulary than {}; run hone tokenize again",
                            shards.shards().front().path().string(), tokenizer.files().front().string()));
  const uint64_t together = shards.pairs() ? 2 : 1;
  std::map<std::string, std::vector<uint64_t>, std::less<>> by_source;  // the first `count` of each
  for (uint64_t ordinal = 0; ordinal < shards.documents(); ordinal += together) {
    const std::string_view source = shards.document(ordinal).source;
    auto of_source = by_source.find(source);
    if (of_source == by_source.end()) of_source = by_source.emplace(source, std::vector<uint64_t>()).first;
    if (of_source->second.size() < count) of_source->second.push_back(ordinal);
  }
  std::vector<uint64_t> ordinals;
  for (uint64_t turn = 0; turn < count; ++turn)
    for (const auto& [source, first] : by_source)
      if (turn < first.size() && ordinals.size() < count) ordinals.push_back(first[turn]);
  std::sort(ordinals.begin(), ordinals.end());
  std::vector<Sample> samples;
  for (const uint64_t ordinal : ordinals)
    for (uint64_t i = 0; i < together; ++i) samples.push_back(sample_of(shards.document(ordinal + i), tokenizer, max_tokens));
  return samples;
}

std::string render(const Sample& sample, bool colours) {
  std::string out = fmt::format("── {} · {} · {} · {} tokens, {} trained\n", printable(sample.id),
                                printable(sample.source), printable(sample.language),
                                base::human_count(sample.tokens), base::human_count(sample.trained));
  size_t number = 0;
  for (size_t i = 0; i < sample.shown.size(); ++i) {
    const ShownToken& token = sample.shown[i];
    const ShownToken* before = i == 0 ? nullptr : &sample.shown[i - 1];
    const ShownToken* after = i + 1 == sample.shown.size() ? nullptr : &sample.shown[i + 1];
    if (sample.has_roles && (before == nullptr || before->role != token.role))
      out += (before == nullptr ? "" : "\n") + role_heading(token.role, colours);
    if (colours)
      out += coloured(token.text, token.trained ? kBackgrounds[number++ % 2] : kGrey);
    else if (token.trained)
      out += token.text + "│";
    else
      out += (goes_on(before, token, sample) ? "" : "⟦") + token.text + (after != nullptr && goes_on(&token, *after, sample) ? "│" : "⟧");
  }
  if (sample.shown.size() < sample.tokens) out += " …";
  return out + "\n";
}

}  // namespace hone::dataset
