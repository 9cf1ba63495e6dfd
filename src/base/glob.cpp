#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/files.h"

namespace hone::base {
namespace fs = std::filesystem;

namespace {

/// `a/{b,c}/d` → `a/b/d`, `a/c/d`; nested braces are expanded from the inside out.
std::vector<std::string> expand_braces(const std::string& pattern) {
  const size_t close = pattern.find('}');
  const size_t open = close == std::string::npos ? std::string::npos : pattern.rfind('{', close);
  if (open == std::string::npos) return {pattern};
  std::vector<std::string> expanded;
  size_t begin = open + 1;
  while (begin <= close) {
    const size_t end = std::min(pattern.find(',', begin), close);
    const std::string one = pattern.substr(0, open) + pattern.substr(begin, end - begin) + pattern.substr(close + 1);
    for (std::string& more : expand_braces(one)) expanded.push_back(std::move(more));
    begin = end + 1;
  }
  return expanded;
}

bool has_wildcard(std::string_view part) { return part.find_first_of("*?[") != std::string_view::npos; }

/// Matches path parts against pattern parts; `**` takes any number of parts.
bool matches(const std::vector<std::string>& pattern, size_t p, const std::vector<std::string>& path, size_t q) {
  if (p == pattern.size()) return q == path.size();
  if (pattern[p] == "**") {
    for (size_t skip = q; skip <= path.size(); ++skip) {
      if (matches(pattern, p + 1, path, skip)) return true;
      if (skip < path.size() && path[skip].front() == '.') return false;  // hidden folders are asked for by name
    }
    return false;
  }
  return q < path.size() && fnmatch(pattern[p].c_str(), path[q].c_str(), FNM_PERIOD) == 0 &&
         matches(pattern, p + 1, path, q + 1);
}

std::vector<std::string> parts_of(const fs::path& path) {
  std::vector<std::string> parts;
  for (const fs::path& part : path)
    if (!part.empty()) parts.push_back(part.string());
  return parts;
}

bool is_hidden(const fs::path& path) {
  return std::any_of(path.begin(), path.end(), [](const fs::path& part) { return part.native().front() == '.'; });
}

void glob_one(const std::string& pattern, std::set<std::string>& found) {
  const std::vector<std::string> parts = parts_of(pattern);
  fs::path root;
  size_t fixed = 0;
  while (fixed < parts.size() && !has_wildcard(parts[fixed])) root /= parts[fixed++];
  if (fixed == parts.size()) {
    if (fs::is_regular_file(root)) found.insert(root.string());
    if (fs::is_directory(root))
      for (const fs::path& file : list_files(root))
        if (!is_hidden(file.lexically_relative(root))) found.insert(file.string());
    return;
  }
  if (root.empty()) root = ".";
  if (!fs::is_directory(root)) return;
  const std::vector<std::string> rest(parts.begin() + static_cast<std::ptrdiff_t>(fixed), parts.end());
  for (const fs::path& file : list_files(root))
    if (matches(rest, 0, parts_of(file.lexically_relative(root)), 0)) found.insert(file.string());
}

}  // namespace

std::vector<fs::path> glob(const std::string& pattern) {
  std::set<std::string> found;  // byte order, each once
  for (const std::string& one : expand_braces(pattern)) glob_one(one, found);
  return {found.begin(), found.end()};
}

}  // namespace hone::base
