#pragma once
/// Which lines of one source's documents are boilerplate, from how many of them share a line and where.
///
/// A line is repeated when it stands in enough of the documents. At the top and the bottom of a document, repeated lines without a
/// break form a block, which is boilerplate as a whole; lines of which only the label is repeated (breadcrumbs, dates, authors)
/// belong to it beside repeated ones. In the body only lines go that half of the documents share and that read like part of an
/// interface, or a few long ones; headings, code and quotations stay.
/// Forms are left alone: documents of whose body a quarter repeats, or which repeat nearly all of themselves with little and
/// equally long text between. They are not counted either, so that a filled-in contract does not make its clauses boilerplate.
/// A document that would lose nearly all of a longer text keeps it: it is what others quote.
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "corpus/page_lines.h"
#include "recipe/corpus_rules.h"

namespace hone::corpus {

class RepeatedLines {
 public:
  explicit RepeatedLines(recipe::BoilerplateOptions options) : options_(options) {}

  /// From the packed pages (page_lines.h) of one source. Room for the repeated lines, and 16 MB for rough counts at most.
  void learn(const std::vector<std::string_view>& pages);

  /// Which lines of the page go, one answer a line; all false in a form.
  std::vector<bool> choose(const Page& page) const;

  bool empty() const { return repeated_.empty(); }

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
  bool are_forms(const std::vector<std::string_view>& pages) const;
  std::vector<bool> forms_of(const std::vector<std::string_view>& pages) const;
  bool takes_the_text(const Page& page, const std::vector<bool>& chosen) const;
  void pick_body_lines(const std::vector<std::string_view>& pages);

  recipe::BoilerplateOptions options_;
  uint32_t documents_ = 0;
  std::unordered_map<uint32_t, Line> repeated_;
  std::unordered_map<uint32_t, uint32_t> labels_;
  bool forms_repeat_edges_ = false;  ///< Documents that are edges for the most part are forms in this source.
};

}  // namespace hone::corpus
