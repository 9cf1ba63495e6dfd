/// All rules that judge a document alone, in the recipe's order, on whatever text libFuzzer makes up. Whatever they do, the text
/// stays UTF-8, putting each span's replacement in its place rebuilds it, and what a draft holds comes back from its packed form.
#include <cstdlib>
#include <memory>
#include <string>

#include "corpus/draft.h"
#include "corpus/passes.h"
#include "corpus/rules.h"
#include "corpus/unicode.h"
#include "document/encoding.h"
#include "recipe/corpus.h"

namespace {

using namespace hone::corpus;

std::string rebuilt(const TextMap& map) {
  std::string text;
  size_t at = 0;
  for (const TextMap::Span& span : map.spans()) {
    text.append(map.original(), at, span.original_begin - at);
    text += map.replacement_of(span);
    at = span.original_end;
  }
  return text.append(map.original(), at, std::string::npos);
}

const std::vector<std::unique_ptr<Rule>>& rules() {
  static const std::vector<std::unique_ptr<Rule>> kRules = make_rules(hone::recipe::CorpusOptions{.languages = {"en", "ko"}});
  return kRules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hone::document::Document document;
  document.id = "fuzz";
  document.source = "fuzz";
  document.text = hone::document::mend_utf8({reinterpret_cast<const char*>(data), size});
  const hone::document::Document read = document;
  Draft draft = Draft::begin(0, std::move(document));
  for (uint16_t i = 0; i < rules().size() && !draft.dropped(); ++i) {
    if (const auto* corpus_rule = dynamic_cast<const CorpusRule*>(rules()[i].get())) {
      corpus_rule->observe(draft.view());
      continue;
    }
    draft.take(i, rules()[i]->family(), rules()[i]->judge(draft.view()));
    if (!is_valid_utf8(draft.map.text()) || rebuilt(draft.map) != draft.map.text()) std::abort();
  }
  Draft again = Draft::begin(0, unpack_document(pack(read)));
  again.language = draft.language;
  again.take_up(draft.pack_outcome());
  if (again.pack_outcome() != draft.pack_outcome() || again.map.text() != draft.map.text()) std::abort();
  return 0;
}
