#pragma once
/// Encoded data inside text: three or more lines of 60 characters without a space, or one run of 500, in the alphabets of base64
/// (RFC 4648, both forms), base32 and hexadecimal digits, whose letters do not follow each other as those of words do.
/// Keys and certificates between "-----BEGIN" and "-----END" are left to the rule secrets.
#include <string_view>
#include <vector>

#include "corpus/outcome.h"

namespace hone::corpus {

/// Removals of kind encoded_data, in order: whole lines with their line ends, or a run inside a line.
std::vector<Edit> find_encoded_blocks(std::string_view text);

}  // namespace hone::corpus
