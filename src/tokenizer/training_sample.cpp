#include "tokenizer/training_sample.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace hone::tokenizer {
namespace {

constexpr size_t kMaxChunkBytes = 4096;  // SentencePiece skips what is longer than 4192 bytes

bool breaks(char c) { return c == '\n' || c == '\r' || c == '\t'; }

/// Bytes of the next chunk: up to behind the last line break that fits, else the last space, else before a
/// character.
size_t next_cut(std::string_view text) {
  if (text.size() <= kMaxChunkBytes) return text.size();
  const std::string_view window = text.substr(0, kMaxChunkBytes);
  if (const size_t line = window.find_last_of("\n\r\t"); line != window.npos) return line + 1;
  if (const size_t space = window.rfind(' '); space != window.npos && space > 0) return space + 1;
  size_t cut = kMaxChunkBytes;
  while (cut > kMaxChunkBytes - 4 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return cut;
}

}  // namespace

void TrainingSample::add(std::string_view document) {
  while (!document.empty()) {
    const size_t cut = next_cut(document);
    std::string chunk(document.substr(0, cut));
    document.remove_prefix(cut);
    if (std::all_of(chunk.begin(), chunk.end(), breaks)) continue;
    std::replace_if(chunk.begin(), chunk.end(), breaks, '\t');
    add_chunk(std::move(chunk));
  }
}

void TrainingSample::add_chunk(std::string text) {
  const uint64_t number = chunks_seen_++;
  bytes_seen_ += text.size();
  bytes_kept_ += text.size();
  const uint64_t hash = base::hash64({reinterpret_cast<const char*>(&number), sizeof number}, seed_);
  kept_.push({hash, number, std::move(text)});
  while (bytes_kept_ > max_bytes_ && kept_.size() > 1) {
    bytes_kept_ -= kept_.top().text.size();
    kept_.pop();
  }
}

std::vector<std::string> TrainingSample::chunks() {
  std::vector<std::pair<uint64_t, std::string>> numbered;
  for (; !kept_.empty(); kept_.pop()) numbered.emplace_back(kept_.top().number, kept_.top().text);
  std::sort(numbered.begin(), numbered.end());
  std::vector<std::string> chunks;
  chunks.reserve(numbered.size());
  for (auto& [number, text] : numbered) chunks.push_back(std::move(text));
  return chunks;
}

}  // namespace hone::tokenizer
