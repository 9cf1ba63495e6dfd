#include "tokenizer/training_sample.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace hone::tokenizer {
namespace {

constexpr size_t kMaxLineBytes = 4096;  // SentencePiece skips lines of more than 4192 bytes

/// Where to cut a line that is too long: behind the last space that fits, else in front of a character.
size_t cut_before(std::string_view line) {
  if (line.size() <= kMaxLineBytes) return line.size();
  const size_t space = line.rfind(' ', kMaxLineBytes - 1);
  if (space != line.npos && space > 0) return space + 1;
  size_t cut = kMaxLineBytes;
  while (cut > kMaxLineBytes - 4 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) --cut;
  return cut;
}

}  // namespace

void TrainingSample::add(std::string_view document) {
  while (!document.empty()) {
    std::string_view line = document.substr(0, document.find_first_of("\n\r"));
    document.remove_prefix(std::min(document.size(), line.size() + 1));
    while (!line.empty()) {
      const size_t cut = cut_before(line);
      add_line(line.substr(0, cut));
      line.remove_prefix(cut);
    }
  }
}

void TrainingSample::add_line(std::string_view line) {
  const uint64_t number = lines_seen_++;
  bytes_seen_ += line.size();
  const uint64_t hash = base::hash64({reinterpret_cast<const char*>(&number), sizeof number}, seed_);
  if (bytes_kept_ + line.size() > max_bytes_ && !kept_.empty() && hash > kept_.top().hash) return;
  kept_.push({hash, number, std::string(line)});
  bytes_kept_ += line.size();
  while (bytes_kept_ > max_bytes_ && kept_.size() > 1) {
    bytes_kept_ -= kept_.top().text.size();
    kept_.pop();
  }
}

std::vector<std::string> TrainingSample::lines() {
  std::vector<std::pair<uint64_t, std::string>> numbered;
  for (; !kept_.empty(); kept_.pop()) numbered.emplace_back(kept_.top().number, kept_.top().text);
  std::sort(numbered.begin(), numbered.end());
  std::vector<std::string> lines;
  lines.reserve(numbered.size());
  for (auto& [number, text] : numbered) lines.push_back(std::move(text));
  return lines;
}

}  // namespace hone::tokenizer
