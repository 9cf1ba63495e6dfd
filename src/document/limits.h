#pragma once
/// How much one document may cost. Whatever asks for more is rejected and named; the run goes on.
/// Sizes are of inflated bytes, so that an archive of a few kilobytes cannot become gigabytes unseen.
#include <cstdint>

namespace hone::document {

struct ReaderLimits {
  double seconds_per_document = 30;  ///< Processor time; three times that on the clock. Then: timed_out.
  uint64_t memory_bytes = UINT64_C(2) << 30;          ///< Address space of a child beyond its own code.
  uint64_t max_document_bytes = UINT64_C(128) << 20;  ///< Inflated, of a file that is one document.
  uint64_t max_row_bytes = UINT64_C(64) << 20;        ///< One line of JSON Lines.
  uint64_t max_inflated_bytes = UINT64_C(1) << 42;    ///< Of a compressed file of many rows.
};

}  // namespace hone::document
