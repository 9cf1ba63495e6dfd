#pragma once
/// Strings as Python sees them: sequences of code points, whatever their bytes. Character data: ICU.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::jinja {

/// A string longer than this is refused, before it is there.
constexpr size_t kMaxText = 64 << 20;
/// Throws data when a string would become `size` bytes and that is too long.
void check_text_size(size_t size);

int64_t length(std::string_view text);
/// text[begin:end:step] with Python's rules for absent (nothing given) and negative places. `step` is not 0.
std::string slice(std::string_view text, const int64_t* begin, const int64_t* end, int64_t step);
/// The places a slice of a sequence of `size` items takes, in order.
std::vector<int64_t> sliced(int64_t size, const int64_t* begin, const int64_t* end, int64_t step);
/// Each code point as a string of its own.
std::vector<std::string> characters(std::string_view text);

/// Code points before byte `offset`.
int64_t code_point_index(std::string_view text, size_t offset);

/// Python's str.strip family: white space when `set` is null, else any of its code points.
std::string_view strip(std::string_view text, const std::string* set, bool left, bool right);
/// str.split(): at runs of white space, or at each `separator`; at most `limit` cuts when it is not negative, from the right when `from_right`.
std::vector<std::string> split(std::string_view text, const std::string* separator, int64_t limit, bool from_right);
std::vector<std::string> split_lines(std::string_view text);
std::string replaced(std::string_view text, std::string_view what, std::string_view with, int64_t limit);

std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string title(std::string_view text);
std::string capitalized(std::string_view text);
bool all_digits(std::string_view text);

/// Python's repr of a string: single quotes unless only they occur in it, \n, \x.. and \u.... for what is not printable.
std::string quoted_text(std::string_view text);

}  // namespace hone::jinja
