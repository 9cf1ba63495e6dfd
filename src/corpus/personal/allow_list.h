#pragma once
/// Values that a recipe says are never personal or secret: as they are, "@example.org" for the addresses of a domain (and of those
/// below it), or "/pattern/" (RE2) that must match a whole value. Letters' case does not matter.
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace re2 {
class RE2;
}

namespace hone::corpus::personal {

class AllowList {
 public:
  /// Throws usage, naming `option`, for a pattern that does not compile.
  AllowList(const std::vector<std::string>& entries, std::string_view option);
  ~AllowList();

  bool allows(std::string_view value) const;

 private:
  std::unordered_set<std::string> values_;
  std::vector<std::string> domains_;
  std::vector<std::unique_ptr<re2::RE2>> patterns_;
};

}  // namespace hone::corpus::personal
