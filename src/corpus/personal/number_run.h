#pragma once
/// A stretch of digit groups with at most a sign and spaces between them: "010-1234-5678 (02) 345 6789".
///
/// Detectors ask whether some of its groups, from a given one on, have the form of an identity number, a telephone number and so on.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hone::corpus::personal {

struct Group {
  size_t begin = 0, end = 0;
  size_t size() const { return end - begin; }
};

class NumberRun {
 public:
  /// Takes up the run whose first digit is at `begin`; returns where the text goes on behind it.
  size_t read(std::string_view text, size_t begin);

  std::string_view text() const { return text_; }
  size_t size() const { return groups_.size(); }
  const Group& operator[](size_t i) const { return groups_[i]; }
  /// What stands between group i - 1 and group i.
  std::string_view separator(size_t i) const { return text_.substr(groups_[i - 1].end, groups_[i].begin - groups_[i - 1].end); }
  std::string_view digits(size_t i) const { return text_.substr(groups_[i].begin, groups_[i].size()); }
  /// Digits of `count` groups from `first`, without what stands between.
  std::string digits(size_t first, size_t count) const;
  /// Whether the groups from `first` have these sizes.
  bool has_sizes(size_t first, std::initializer_list<size_t> sizes) const;
  /// The one sign between groups: '-', '.', '/', ')' or ' ' with spaces around it at most; 0 for anything else.
  char sign(size_t i) const;
  /// The sign that `count` groups from `first` have in common; 0 when they differ.
  char common_sign(size_t first, size_t count) const;

 private:
  std::string_view text_;
  std::vector<Group> groups_;
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_latin(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alphanumeric(char c) { return is_digit(c) || is_latin(c); }

/// A value may begin here: what stands before is not a part of the same word, number, path or price. Latin letters that are a label
/// by themselves ("TEL010…") may stand before.
bool may_begin(std::string_view text, size_t begin);
/// A value may end here; the same for what follows.
bool may_end(std::string_view text, size_t end);

}  // namespace hone::corpus::personal
