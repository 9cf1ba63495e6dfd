#pragma once
/// The lines a vocabulary is learnt from: all of them, or a sample of a bounded number of bytes.
///
/// Every line has a hash of its number; when there is too much, the lines with the largest hashes go first.
/// Which lines stay is therefore decided by their order alone, and every part of the corpus is thinned alike.
#include <cstdint>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

namespace hone::tokenizer {

class TrainingSample {
 public:
  TrainingSample(uint64_t max_bytes, uint64_t seed) : max_bytes_(max_bytes), seed_(seed) {}

  /// Takes a document apart into lines, and lines longer than SentencePiece accepts at spaces, else between
  /// characters.
  void add(std::string_view document);
  /// Lines kept, in their order. Empties the sample.
  std::vector<std::string> lines();

  uint64_t bytes_seen() const { return bytes_seen_; }
  uint64_t bytes_kept() const { return bytes_kept_; }

 private:
  struct Line {
    uint64_t hash, number;
    std::string text;
    bool operator<(const Line& other) const {
      return hash != other.hash ? hash < other.hash : number < other.number;
    }
  };
  void add_line(std::string_view line);

  uint64_t max_bytes_, seed_;
  uint64_t lines_seen_ = 0, bytes_seen_ = 0, bytes_kept_ = 0;
  std::priority_queue<Line> kept_;  ///< Largest hash on top.
};

}  // namespace hone::tokenizer
