#include "model/vocabulary.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace hone::model {
namespace {

void set_rows(at::Tensor& matrix, const std::vector<NewRow>& rows) {
  const at::Tensor old = matrix.clone();
  for (const NewRow& row : rows) {
    const std::vector<int64_t> pieces(row.pieces.begin(), row.pieces.end());
    const at::Tensor index = at::tensor(pieces, at::TensorOptions(at::kLong).device(matrix.device()));
    matrix.select(0, row.id).copy_(old.index_select(0, index).to(at::kFloat).mean(0));
  }
}

void check_rows(const std::vector<NewRow>& rows, int64_t had) {
  for (const NewRow& row : rows) {
    HONE_ASSERT(row.id >= 0 && !row.pieces.empty());
    for (const int32_t piece : row.pieces)
      if (piece < 0 || piece >= had)
        throw Error(ExitCode::data, "an added token was written with id " + std::to_string(piece) + ", outside the base model's " +
                                        std::to_string(had) + " rows; vocabulary and model do not belong together");
  }
}

}  // namespace

at::Tensor with_rows(const at::Tensor& matrix, int64_t rows) {
  const at::NoGradGuard no_grad;
  const int64_t more = rows - matrix.size(0);
  if (more <= 0) return matrix;
  const at::Tensor mean = matrix.detach().to(at::kFloat).mean(0, true).to(matrix.scalar_type());
  return at::cat({matrix.detach(), mean.expand({more, matrix.size(1)})});
}

void add_rows(Model& model, const std::vector<NewRow>& rows) {
  if (rows.empty()) return;
  const at::NoGradGuard no_grad;
  check_rows(rows, model.config.vocabulary_size);
  int64_t highest = 0;
  for (const NewRow& row : rows) highest = std::max<int64_t>(highest, row.id);
  model.config.vocabulary_size = std::max(model.config.vocabulary_size, highest + 1);
  for (at::Tensor* matrix : {&model.embedding, &model.head}) {
    if (!matrix->defined()) continue;
    *matrix = with_rows(*matrix, model.config.vocabulary_size);
    set_rows(*matrix, rows);
  }
}

}  // namespace hone::model
