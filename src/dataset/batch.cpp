#include "dataset/batch.h"

#include <algorithm>

namespace hone::dataset {

int64_t Batch::trained() const {
  return std::count_if(targets.begin(), targets.end(), [](int32_t target) { return target != kMasked; });
}

int32_t Batch::longest_segment() const {
  return segments.empty() ? 0 : *std::max_element(segments.begin(), segments.end());
}

void append(Batch& batch, const Batch& more) {
  batch.ids.insert(batch.ids.end(), more.ids.begin(), more.ids.end());
  batch.targets.insert(batch.targets.end(), more.targets.begin(), more.targets.end());
  batch.segments.insert(batch.segments.end(), more.segments.begin(), more.segments.end());
  batch.documents.insert(batch.documents.end(), more.documents.begin(), more.documents.end());
}

}  // namespace hone::dataset
