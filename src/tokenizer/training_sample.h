#pragma once
/// The text a vocabulary is learnt from: all of it, or a sample of a bounded number of bytes.
///
/// Documents are cut into chunks of whole lines. Inside a chunk a tab stands for each line break:
/// SentencePiece never lets a piece cross a tab, and words at the start of a line are learnt as they will be
/// met, without a space before them. Every chunk has a hash of its number; when there is too much, those with
/// the largest hashes go first. Which chunks stay is therefore decided by their order alone, and every part
/// of the corpus is thinned alike.
#include <cstdint>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

namespace hone::tokenizer {

class TrainingSample {
 public:
  TrainingSample(uint64_t max_bytes, uint64_t seed) : max_bytes_(max_bytes), seed_(seed) {}

  /// Cuts at line breaks; lines longer than SentencePiece accepts at spaces, else between characters.
  void add(std::string_view document);
  /// Chunks kept, in their order. Empties the sample.
  std::vector<std::string> chunks();

  uint64_t bytes_seen() const { return bytes_seen_; }
  uint64_t bytes_kept() const { return bytes_kept_; }

 private:
  struct Chunk {
    uint64_t hash, number;
    std::string text;
    bool operator<(const Chunk& other) const {
      return hash != other.hash ? hash < other.hash : number < other.number;
    }
  };
  void add_chunk(std::string text);

  uint64_t max_bytes_, seed_;
  uint64_t chunks_seen_ = 0, bytes_seen_ = 0, bytes_kept_ = 0;
  std::priority_queue<Chunk> kept_;  ///< Largest hash on top.
};

}  // namespace hone::tokenizer
