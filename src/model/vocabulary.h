#pragma once
/// Rows of embedding and head for tokens that a vocabulary got after the model was made.
///   row(new) = mean of row(piece) over the pieces that the token was written with before
#include <cstdint>
#include <vector>

#include "model/model.h"

namespace hone::model {

struct NewRow {
  int32_t id = 0;
  std::vector<int32_t> pieces;  ///< Ids of rows that the model had; not empty.
};

/// Gives the model a row for each id, in the embedding and in a head of its own. It grows to the highest id; rows that it has beyond
/// its vocabulary (padding) are taken first and never removed. Means are computed in float32. Throws data when a piece has no row.
void add_rows(Model& model, const std::vector<NewRow>& rows);

/// The matrix with `rows` rows; new ones are the mean of all, as nothing better is known of them.
at::Tensor with_rows(const at::Tensor& matrix, int64_t rows);

}  // namespace hone::model
