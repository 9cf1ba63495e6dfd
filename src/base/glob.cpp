#include <fnmatch.h>

#include <algorithm>
#include <set>
#include <string_view>

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

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  if (path.starts_with('/')) parts.emplace_back("/");
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) parts.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// The path of a file that list_files(root) gave, seen from `root`. By bytes: a folder may hold a million files.
std::string_view below(const fs::path& root, const fs::path& file) {
  std::string_view rest = std::string_view{file.native()}.substr(root.native().size());
  while (rest.starts_with('/')) rest.remove_prefix(1);
  return rest;
}

bool is_hidden(std::string_view relative) { return relative.starts_with('.') || relative.find("/.") != std::string_view::npos; }

void glob_one(const std::string& pattern, std::set<std::string>& found) {
  const std::vector<std::string> parts = parts_of(pattern);
  fs::path root;
  size_t fixed = 0;
  while (fixed < parts.size() && !has_wildcard(parts[fixed])) root /= parts[fixed++];
  if (fixed == parts.size()) {
    std::error_code nowhere;  // a link that leads to itself is no file
    if (fs::is_regular_file(root, nowhere)) found.insert(root.string());
    if (fs::is_directory(root, nowhere))
      for (const fs::path& file : list_files(root))
        if (!is_hidden(below(root, file))) found.insert(found.end(), file.native());
    return;
  }
  if (root.empty()) root = ".";
  std::error_code nowhere;
  if (!fs::is_directory(root, nowhere)) return;
  const std::vector<std::string> rest(parts.begin() + static_cast<std::ptrdiff_t>(fixed), parts.end());
  for (const fs::path& file : list_files(root))
    if (matches(rest, 0, parts_of(below(root, file)), 0)) found.insert(found.end(), file.native());
}

}  // namespace

std::vector<fs::path> glob(const std::string& pattern) {
  std::set<std::string> found;  // byte order, each once
  for (const std::string& one : expand_braces(pattern)) glob_one(one, found);
  return {found.begin(), found.end()};
}

}  // namespace hone::base
