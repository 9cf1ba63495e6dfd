#include "corpus/rules/encoding.h"

#include "corpus/mojibake.h"

namespace hone::corpus {

Outcome Encoding::judge(const DocumentView& document) const {
  Diagnosis diagnosis = diagnose(document.text);
  if (diagnosis.beyond_repair) return Outcome::drop("beyond_repair");
  std::vector<Edit> edits;
  edits.reserve(diagnosis.repairs.size());
  for (Repair& repair : diagnosis.repairs) edits.push_back({repair.begin, repair.end, std::move(repair.text), repair.kind, {}});
  return Outcome::edit(std::move(edits));
}

}  // namespace hone::corpus
