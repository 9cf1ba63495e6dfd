#include "document/inputs.h"

#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "document/encoding.h"

namespace hone::document {
namespace {

namespace fs = std::filesystem;

/// Parts of the pattern before the first with a wildcard: `docs/**/*.md` → `docs`. A folder is its own root,
/// a file lies in its parent.
fs::path fixed_part(const std::string& pattern) {
  fs::path root;
  bool wild = false;
  for (const fs::path& part : fs::path(pattern)) {
    wild = part.string().find_first_of("*?[{") != std::string::npos;
    if (wild) break;
    root /= part;
  }
  std::error_code ignored;
  return wild || fs::is_directory(root, ignored) ? root : root.parent_path();
}

std::string plain_name(const SourceSpec& source, const fs::path& root) {
  if (source.pattern.empty())
    return source.files.empty() ? "" : source.files.front().parent_path().filename().string();
  std::error_code ignored;
  fs::path named = fs::is_regular_file(source.pattern, ignored) ? fs::path(source.pattern).stem()
                                                                : root.lexically_normal();
  if (!named.has_filename()) named = named.parent_path();
  if (named.filename() == "." || named.filename().empty())
    named = fs::absolute(root, ignored).lexically_normal().parent_path();
  return named.filename().string();
}

[[noreturn]] void nothing_found(const SourceSpec& source) {
  std::error_code ignored;
  const fs::path root = fixed_part(source.pattern);
  if (fs::is_directory(source.pattern, ignored))
    throw Error(ExitCode::data,
                "the folder " + source.pattern + " holds no files; name another in corpus.sources");
  if (!root.empty() && !fs::exists(root, ignored))
    throw Error(ExitCode::data, source.pattern + " matches nothing: " + root.string() + " does not exist");
  throw Error(ExitCode::data,
              "no file matches " + source.pattern + "; `*` stays inside one folder, `**` crosses folders");
}

}  // namespace

namespace {

/// Relative to the root it was found under. Nearly always the rest of the path as it stands; the general way takes ten times as long.
fs::path name_below(const fs::path& root, const fs::path& file) {
  const std::string_view whole = file.native(), above = root.native();
  const bool plain = above.size() + 1 < whole.size() && whole.starts_with(above) && whole[above.size()] == '/' && above != "." &&
                     whole.find("//") == std::string_view::npos && whole.find("/.") == std::string_view::npos;
  if (!root.empty() && plain) return whole.substr(above.size() + 1);
  fs::path name = root.empty() ? file.filename() : file.lexically_relative(root);
  if (!root.empty() && (name.empty() || *name.begin() == "..")) name = file.filename();
  return name;
}

}  // namespace

std::vector<InputFile> list_inputs(std::vector<SourceSpec>& sources) {
  std::vector<InputFile> inputs;
  for (size_t index = 0; index < sources.size(); ++index) {
    SourceSpec& source = sources[index];
    const std::vector<fs::path> files = source.files.empty() ? base::glob(source.pattern) : source.files;
    if (files.empty()) nothing_found(source);
    fs::path root = source.pattern.empty() ? fs::path() : fixed_part(source.pattern);
    if (root.empty() && !source.pattern.empty()) root = ".";
    if (source.name.empty()) source.name = plain_name(source, root);
    for (const fs::path& file : files) {
      std::error_code error;
      const uint64_t bytes = fs::file_size(file, error);
      if (error && !fs::exists(file))
        throw Error(ExitCode::data, file.string() + " does not exist; named by corpus.sources");
      inputs.push_back({file, mend_utf8(name_below(root, file).native()), index, error ? 0 : bytes});
    }
  }
  return inputs;
}

}  // namespace hone::document
