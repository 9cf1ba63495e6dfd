#pragma once
/// Which lines of one source's documents are boilerplate, from how many of them share a line and where.
///
/// A line is repeated when it stands in enough of the documents. At the top and the bottom of a document, repeated lines without a
/// break form a block, which is boilerplate as a whole; lines of which only the label is repeated (breadcrumbs, dates, authors)
/// belong to it beside repeated ones. In the body only lines go that half of the documents share and that read like part of an
/// interface, or a few long ones; headings, code and quotations stay.
/// Documents made from one template are left whole: those of whose remaining text a quarter repeats, by lines or by three words in
/// a row (numbers aside) that a third of the source shares; those whose edges hold several fields ("Buyer: …") filled in
/// differently; and those that repeat nearly all of themselves with nothing but blanks filled in between. They are not counted
/// either, so that a filled-in contract does not make its clauses boilerplate. Text of a document's own, be it one sentence above
/// a long footer, shares hardly any three words with its source (0.01 of them on documentation, 0.4 to 0.9 in templates).
/// A document that would lose nearly all of a longer text keeps it: it is what others quote.
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "corpus/page_lines.h"
#include "recipe/corpus_rules.h"

namespace hone::corpus {

class RepeatedLines {
 public:
  explicit RepeatedLines(recipe::BoilerplateOptions options) : options_(options) {}

  /// From the packed pages (page_lines.h) of one source. Room for the repeated lines, and 16 MB for rough counts at most.
  void learn(const std::vector<std::string_view>& pages);

  /// Which lines of the page go, one answer a line; all false in a template.
  std::vector<bool> choose(const Page& page) const;
  /// Of a page that loses nothing: whether it shares so much with its source that it was filled in from a template.
  bool is_template(const Page& page) const;

  /// Nothing is repeated, neither lines nor words.
  bool empty() const { return repeated_.empty() && common_traces_.empty(); }

 private:
  struct Line {
    uint32_t documents = 0;
    uint32_t occurrences = 0;
    uint32_t edges = 0;  ///< Documents in whose edge blocks it stands.
    uint16_t ink = 0;
    uint8_t shape = 0;
    bool in_body = false;  ///< Goes wherever it stands.
  };
  struct Blocks {
    size_t head = 0, tail = 0;  ///< Lines in front, lines at the end.
    uint32_t ink = 0;
  };

  void count(const std::vector<std::string_view>& pages, const std::vector<bool>& skipped);
  Blocks blocks_of(const Page& page) const;
  bool is_repeated(const PageLine& line) const { return repeated_.contains(line.key); }
  bool is_labelled(const PageLine& line) const;
  bool is_name_below(const PageLine& name, const PageLine& greeting) const;
  size_t block_length(const Page& page, bool from_end) const;
  bool is_enough(const Page& page, size_t first, size_t last) const;
  bool repeats_its_body(const Page& page, const Blocks& blocks) const;
  struct Traces {
    double common = 0, all = 0;
  };
  Traces traces_between(const Page& page, const Blocks& blocks) const;
  void count_traces(const std::vector<std::string_view>& pages);
  size_t fields_in(const Page& page, const Blocks& blocks) const;
  bool has_own_sentence(const Page& page, const std::vector<bool>& chosen) const;
  bool is_form(const Page& page, const Blocks& blocks) const;
  bool are_forms(const std::vector<std::string_view>& pages) const;
  std::vector<bool> forms_of(const std::vector<std::string_view>& pages) const;
  bool takes_the_text(const Page& page, const std::vector<bool>& chosen) const;
  void pick_body_lines(const std::vector<std::string_view>& pages);

  recipe::BoilerplateOptions options_;
  uint32_t documents_ = 0;
  std::unordered_map<uint32_t, Line> repeated_;
  std::unordered_map<uint32_t, uint32_t> labels_;
  std::unordered_set<uint32_t> common_traces_;
  double common_share_ = 0;  ///< Of the traces between the edges of all documents that have edges.
  bool forms_repeat_edges_ = false;  ///< Documents that are edges for the most part are forms in this source.
};

}  // namespace hone::corpus
