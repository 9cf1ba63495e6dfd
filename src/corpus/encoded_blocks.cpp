#include "corpus/encoded_blocks.h"

#include <algorithm>
#include <array>

#include "corpus/letter_model.h"

namespace hone::corpus {
namespace {

constexpr size_t kLine = 60, kLines = 3, kRun = 500;
constexpr double kWordCost = 3.6;  ///< Nats a letter; words of any spelling cost less, letters at random 4 to 5.
constexpr double kManyDigits = 0.3;

constexpr std::array<bool, 256> alphabet() {
  std::array<bool, 256> table{};
  for (size_t c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = true;
  for (size_t c = '0'; c <= '9'; ++c) table[c] = true;
  for (const char c : {'+', '/', '=', '_', '-'}) table[static_cast<size_t>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kAlphabet = alphabet();

std::string_view trimmed(std::string_view line) {
  const size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

bool is_one_run(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return kAlphabet[static_cast<uint8_t>(c)]; });
}

/// Whether letters and digits stand as chance puts them. Ruled lines and paths do not.
bool is_random(std::string_view run) {
  const LetterCosts& costs = letter_costs();
  uint64_t cost = 0, letters = 0, digits = 0;
  uint32_t previous = 0;
  for (const char c : run) {
    const uint32_t number = (static_cast<uint8_t>(c) | 0x20U) - 'a' + 1;
    const bool letter = number >= 1 && number <= 26;
    digits += c >= '0' && c <= '9';
    letters += letter;
    if (letter) cost += costs[previous * 27 + number];
    previous = letter ? number : 0;
  }
  if (static_cast<double>(digits) >= kManyDigits * static_cast<double>(run.size())) return letters > 0;
  return letters * 2 >= run.size() && digits > 0 && static_cast<double>(cost) > 10 * kWordCost * static_cast<double>(letters);
}

class BlockFinder {
 public:
  explicit BlockFinder(std::string_view text) : text_(text) {}

  std::vector<Edit> run() {
    for (size_t begin = 0; begin < text_.size();) {
      const size_t newline = text_.find('\n', begin);
      const size_t end = newline == std::string_view::npos ? text_.size() : newline + 1;
      line(begin, end);
      begin = end;
    }
    end_block(text_.size());
    return std::move(edits_);
  }

 private:
  void line(size_t begin, size_t end) {
    const std::string_view line = text_.substr(begin, end - begin);
    const std::string_view words = trimmed(line.ends_with('\n') ? line.substr(0, line.size() - 1) : line);
    const bool marked = line.find("-----") != std::string_view::npos;
    if (marked && line.find("-----BEGIN") != std::string_view::npos) guarded_ = true;
    if (!guarded_ && words.size() >= kLine && is_one_run(words) && is_random(words)) {
      if (lines_++ == 0) block_ = begin;
    } else {
      const bool last_line = lines_ >= kLines && !words.empty() && is_one_run(words) && (words.size() >= kLine / 2 || words.ends_with('='));
      end_block(last_line ? end : begin);
      if (!guarded_ && !last_line && line.size() >= kRun) runs_inside(begin, end);
    }
    if (marked && line.find("-----END") != std::string_view::npos) guarded_ = false;
  }

  void end_block(size_t end) {
    const bool long_enough = lines_ >= kLines || (lines_ > 0 && end - block_ >= kRun);
    if (long_enough) edits_.push_back({.begin = block_, .end = end, .replacement = {}, .kind = "encoded_data", .family = {}});
    lines_ = 0;
  }

  void runs_inside(size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const size_t from = i;
      while (i < end && kAlphabet[static_cast<uint8_t>(text_[i])]) ++i;
      if (i - from >= kRun && is_random(text_.substr(from, i - from)))
        edits_.push_back({.begin = from, .end = i, .replacement = {}, .kind = "encoded_data", .family = {}});
    }
  }

  std::string_view text_;
  std::vector<Edit> edits_;
  size_t block_ = 0, lines_ = 0;
  bool guarded_ = false;
};

}  // namespace

std::vector<Edit> find_encoded_blocks(std::string_view text) { return BlockFinder(text).run(); }

}  // namespace hone::corpus
