#pragma once
/// Configurations of other toolkits as recipes: Axolotl, LLaMA-Factory, torchtune (YAML with _component_ keys).
/// Values that have a counterpart are carried over, with a comment that names the key they come from; where a
/// toolkit's default differs from Hone's and nothing was written, its default is written out. Every key without a
/// counterpart is listed with what that means; none is dropped silently. The file is hostile input: size, depth and
/// aliases are bounded by parse_yaml, and nothing it names is executed or fetched.
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/import/draft.h"

namespace hone::recipe {

enum class Toolkit { axolotl, llama_factory, torchtune };
constexpr std::array<std::string_view, 3> names_of(Toolkit) { return {"Axolotl", "LLaMA-Factory", "torchtune"}; }
inline std::string_view name_of(Toolkit toolkit) { return names_of(toolkit)[static_cast<size_t>(toolkit)]; }

/// By the keys of the file's top level; nothing when it is none of them.
std::optional<Toolkit> toolkit_of(const Value& root);

/// The toolkit in whose words `key` is written at the top level of a file; nothing for a key of none.
std::optional<Toolkit> toolkit_of_key(std::string_view key);

/// Turns the file at `path` into `draft`. Relative paths in it count from the current folder, as there, and are
/// written as seen from `out_folder`. Throws usage when the file is no YAML or of no known toolkit.
Toolkit import_configuration(const std::filesystem::path& path, const std::filesystem::path& out_folder, RecipeDraft& draft);

}  // namespace hone::recipe
