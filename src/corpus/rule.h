#pragma once
/// What every rule is, and what it is shown.
///
/// A Rule judges one document at a time and keeps no state: the same text gives the same outcome on any thread. A CorpusRule
/// needs to have seen all documents first: it observes each (in parallel), takes the observations in input order, settles once,
/// and only then judges. To add a rule: one file in rules/ with kName, kFamily, its options and judge(), and one line in rules.cpp.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "corpus/language.h"
#include "corpus/outcome.h"

namespace hone::base {
class ThreadPool;
}
namespace hone::document {
struct Document;
}

namespace hone::corpus {

class Archive;
class Clusters;

/// Number of a document in input order, from 0; rejected ones are not counted.
using DocumentIndex = uint64_t;

/// One document as a rule sees it. `document.text` is not to be used: it may be empty; the text is in `text` and `original`.
struct DocumentView {
  std::string_view text;      ///< As the rules before left it. Valid UTF-8.
  std::string_view original;  ///< As read.
  const document::Document& document;
  const Language& language;
  DocumentIndex index = 0;
};

class Rule {
 public:
  virtual ~Rule() = default;
  virtual std::string_view name() const = 0;
  virtual Family family() const = 0;
  /// Whether judge() may answer with edits. Rules that only drop or flag let the corpus be read fewer times.
  virtual bool changes_text() const { return false; }
  /// Called on many threads at once.
  virtual Outcome judge(const DocumentView& document) const = 0;
};

/// What a corpus rule has at hand when all observations are in.
struct Settlement {
  const Archive& archive;  ///< Texts as the rule saw them, by index.
  base::ThreadPool& pool;
  Clusters& clusters;      ///< Documents linked here share one side of the split.
  DocumentIndex documents = 0;
  std::function<bool(DocumentIndex)> present;            ///< False when an earlier rule dropped it.
  std::function<std::string_view(DocumentIndex)> source;  ///< Name of its source.
  std::function<void(std::string)> warn;                 ///< Ends up in statistics and on the screen.
};

class CorpusRule : public Rule {
 public:
  /// What settle() has to know about one document, as few bytes as will do. Called on many threads at once.
  virtual std::string observe(const DocumentView& document) const = 0;
  /// Called in input order on one thread, for documents no earlier rule has dropped so far.
  virtual void take(DocumentIndex index, std::string_view observation) = 0;
  /// Decides. Some of the documents taken may not be present any more. Throws Error(data) when it must not go on.
  virtual void settle(Settlement& settlement) = 0;
  /// Whether judge() will drop the document; asked after settle(), so that the rules behind need not see it.
  virtual bool drops(DocumentIndex index) const = 0;
};

}  // namespace hone::corpus
