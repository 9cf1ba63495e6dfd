#include "corpus/personal/allow_list.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/error.h"
#include "corpus/personal/context.h"

namespace hone::corpus::personal {

AllowList::AllowList(const std::vector<std::string>& entries, std::string_view option) {
  for (const std::string& entry : entries) {
    if (entry.size() > 2 && entry.front() == '/' && entry.back() == '/') {
      RE2::Options options(RE2::Quiet);
      options.set_case_sensitive(false);
      auto pattern = std::make_unique<RE2>(entry.substr(1, entry.size() - 2), options);
      if (!pattern->ok()) throw Error(ExitCode::usage, fmt::format("{}: {} is not a pattern: {}", option, entry, pattern->error()));
      patterns_.push_back(std::move(pattern));
    } else if (!entry.empty() && entry.front() == '@') {
      domains_.push_back(lower_case(entry.substr(1)));
    } else {
      values_.insert(lower_case(entry));
    }
  }
}

AllowList::~AllowList() = default;

bool AllowList::allows(std::string_view value) const {
  if (values_.empty() && domains_.empty() && patterns_.empty()) return false;
  const std::string lower = lower_case(value);
  if (values_.contains(lower)) return true;
  const size_t at = lower.rfind('@');
  if (at != std::string::npos) {
    const std::string_view host = std::string_view{lower}.substr(at + 1);
    const auto holds = [host](const std::string& domain) {
      if (host.size() < domain.size() || host.substr(host.size() - domain.size()) != domain) return false;
      return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
    };
    if (std::any_of(domains_.begin(), domains_.end(), holds)) return true;
  }
  const re2::StringPiece piece(value.data(), value.size());
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const auto& pattern) { return RE2::FullMatch(piece, *pattern); });
}

}  // namespace hone::corpus::personal
