#pragma once
/// Regular expressions as Python's `re` understands them, by PCRE2 with Unicode classes and limits on work: expressions come with
/// tasks, answers from models, and neither may stall an evaluation.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hone::tasks {

class PythonRegex {
 public:
  /// `where` names the expression in errors. Throws usage when it does not compile.
  PythonRegex(const std::string& pattern, std::string where);
  ~PythonRegex();
  PythonRegex(PythonRegex&&) noexcept;
  PythonRegex& operator=(PythonRegex&&) noexcept;

  struct Match {
    size_t begin = 0, end = 0;        ///< Bytes of the whole match.
    std::vector<std::string> groups;  ///< Captures; "" for one that took no part.
  };
  /// Matches from left to right that do not overlap, as re.finditer gives them. Throws data past the limits.
  std::vector<Match> all(std::string_view text) const;
  /// re.sub with a replacement without escapes.
  std::string replaced(std::string_view text, std::string_view replacement) const;

 private:
  struct Code;
  std::unique_ptr<Code> code_;
};

}  // namespace hone::tasks
