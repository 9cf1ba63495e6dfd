#pragma once
/// What every rule is, and what it is shown.
///
/// A Rule judges one document at a time and keeps no state: the same text gives the same outcome on any thread. A CorpusRule
/// needs to have seen all documents first: it observes each (in parallel), takes the observations in input order, settles once,
/// and only then judges. To add a rule: one file in rules/ with kName, kFamily, its options and judge(), and one line in rules.cpp.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/language.h"
#include "corpus/outcome.h"
#include "document/document.h"

namespace hone::base {
class ThreadPool;
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
  std::vector<document::Part> parts = {};  ///< Of a record of instruction data: bytes of `text`. Empty for running text.
};

class Rule {
 public:
  virtual ~Rule() = default;
  virtual std::string_view name() const = 0;
  virtual Family family() const = 0;
  /// Whether judge() may answer with edits. Rules that only drop or flag let the corpus be read fewer times.
  virtual bool changes_text() const { return false; }
  /// What judge() depends on besides the text and the options of the recipe: a digest of files the rule has read, of a key.
  virtual std::string inputs() const { return {}; }
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
  /// What an earlier settle() noted about texts that have not changed since: `recall` on any thread, `note` on the caller's. Keys are
  /// made of text_key() of the documents involved; nothing is ever recalled where the texts or the options differ.
  std::function<std::string(DocumentIndex)> text_key;
  std::function<std::optional<std::string>(std::string_view key)> recall = [](std::string_view) { return std::nullopt; };
  std::function<void(std::string_view key, std::string_view value)> note = [](std::string_view, std::string_view) {};
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
  /// All that judge() will take from what was settled for this document (not its text), as bytes: while they, text and options stay
  /// the same, an earlier run's outcome is used again and judge() is not called. Nothing: judge() is always called. Any thread.
  virtual std::optional<std::string> settled(DocumentIndex) const { return std::nullopt; }
};

}  // namespace hone::corpus
