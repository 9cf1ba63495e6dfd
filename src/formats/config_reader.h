#pragma once
/// Reads one JSON object key by key and remembers which keys were asked for, so that what is left over can be
/// named. null counts as absent. Every error is Error(data): "FILE: key "x" …".
#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hone::formats {

class ConfigReader {
 public:
  /// Borrows `object`. `where` begins every message.
  ConfigReader(const nlohmann::json& object, std::string where);

  /// Whether the key is written at all, be it null.
  bool has(const std::string& key) const;
  std::optional<int64_t> integer(const std::string& key, int64_t least, int64_t most);
  int64_t required_integer(const std::string& key, int64_t least, int64_t most);
  std::optional<double> number(const std::string& key);
  std::optional<bool> boolean(const std::string& key);
  std::optional<std::string> text(const std::string& key);
  /// A token id or a list of them; negative ids (an old way to say none) are left out.
  std::vector<int32_t> token_ids(const std::string& key);
  const nlohmann::json* object(const std::string& key);
  const nlohmann::json* list(const std::string& key);

  void ignore(std::string_view key) { asked_.emplace(key); }
  /// Throws for the first key nobody asked for or ignored. Names that begin with _ are private notes of other
  /// programs.
  void refuse_unknown() const;
  [[noreturn]] void refuse(const std::string& key, const std::string& what) const;

 private:
  const nlohmann::json* find(const std::string& key);
  const nlohmann::json& object_;
  std::string where_;
  std::set<std::string> asked_;
};

}  // namespace hone::formats
