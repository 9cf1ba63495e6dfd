#pragma once
/// The block of facts in front of many Markdown files: YAML between `---`, TOML between `+++`, or one JSON
/// object.
#include <string>
#include <string_view>

namespace hone::document {

struct FrontMatter {
  size_t bytes = 0;  ///< Of the text, delimiters included; 0 when there is none.
  std::string title;
  std::string metadata;  ///< JSON object of its scalar values, or empty.
};

/// `text` has '\n' line ends. What merely looks like front matter (a rule, a broken block) is left to be
/// text.
FrontMatter read_front_matter(std::string_view text);

}  // namespace hone::document
