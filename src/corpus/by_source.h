#pragma once
/// Something that holds for all documents, except those of sources with thresholds of their own (recipe/source_thresholds.h).
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "corpus/rule.h"
#include "document/document.h"
#include "recipe/source_thresholds.h"

namespace hone::corpus {

template <typename T>
class BySource {
 public:
  BySource(T everywhere) : everywhere_(std::move(everywhere)) {}  // NOLINT: what holds everywhere is the ordinary case
  /// make(options) gives what holds under these options.
  template <typename Make>
  BySource(const recipe::CorpusOptions& options, Make make) : everywhere_(make(options)) {
    for (const recipe::SourceOptions& source : options.sources) {
      if (!source.thresholds.empty()) sources_.insert_or_assign(source.name, make(recipe::options_for(source, options)));
    }
  }

  const T& of(const DocumentView& document) const {
    if (sources_.empty()) return everywhere_;
    const auto found = sources_.find(document.document.source);
    return found == sources_.end() ? everywhere_ : found->second;
  }

 private:
  T everywhere_;
  std::map<std::string, T, std::less<>> sources_;
};

/// Korean has thresholds of its own, every other language those of English.
template <typename T>
struct ByLanguage {
  T en, ko;
  const T& of(const DocumentView& document) const { return document.language.code == "ko" ? ko : en; }
};

}  // namespace hone::corpus
