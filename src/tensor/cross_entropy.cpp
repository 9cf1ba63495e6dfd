#include "tensor/cross_entropy.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "tensor/gradient.h"
#include "tensor/matmul.h"
#include "tensor/simd.h"

namespace hone::tensor {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/// Bytes of logits that exist at a time: large enough for full-speed products, small beside everything else.
constexpr int64_t kChunkBytes = int64_t{64} << 20;

template <typename W>
HONE_INLINE W row_maximum(const W* logits, int64_t vocabulary) {
  auto most = simd::ordered(logits[0]);
#pragma omp simd reduction(max : most)
  for (int64_t v = 0; v < vocabulary; ++v) {
    const auto each = simd::ordered(logits[v]);
    most = each > most ? each : most;
  }
  return simd::unordered(most);
}

/// What becomes of the logits once they are summed.
struct RowGradients {
  bool wanted = false;  ///< softmax · (1 + 2 z_loss · log_sum) - onehot takes their place.
  double z_loss = 0.0;
};

/// nll and log Σ exp of each row.
template <typename W>
HONE_INLINE void rows_in_place(W* logits, const int64_t* targets, W* nll, W* log_sums, int64_t rows,
                               int64_t vocabulary, const RowGradients& gradient) {
  for (int64_t row = 0; row < rows; ++row, logits += vocabulary) {
    const W most = row_maximum(logits, vocabulary), at_target = logits[targets[row]];
    W sum = 0;
    if (gradient.wanted) {
#pragma omp simd reduction(+ : sum)
      for (int64_t v = 0; v < vocabulary; ++v) {
        const W e = simd::exp(logits[v] - most);
        logits[v] = e;
        sum += e;
      }
      const W inverse = (W(1) + W(2) * static_cast<W>(gradient.z_loss) * (std::log(sum) + most)) / sum;
#pragma omp simd
      for (int64_t v = 0; v < vocabulary; ++v) logits[v] *= inverse;
      logits[targets[row]] -= W(1);
    } else {
#pragma omp simd reduction(+ : sum)
      for (int64_t v = 0; v < vocabulary; ++v) sum += simd::exp(logits[v] - most);
    }
    log_sums[row] = std::log(sum) + most;
    nll[row] = log_sums[row] - at_target;
  }
}

HONE_CLONES void rows_kernel(float* logits, const int64_t* targets, float* nll, float* log_sums, int64_t rows,
                             int64_t vocabulary, const RowGradients& gradient) {
  rows_in_place<float>(logits, targets, nll, log_sums, rows, vocabulary, gradient);
}
HONE_CLONES void rows_kernel(double* logits, const int64_t* targets, double* nll, double* log_sums, int64_t rows,
                             int64_t vocabulary, const RowGradients& gradient) {
  rows_in_place<double>(logits, targets, nll, log_sums, rows, vocabulary, gradient);
}

struct RowSums {
  at::Tensor nll, log_sums;  ///< [rows]
};

template <typename W>
void rows_cpu(at::Tensor& logits, const at::Tensor& targets, RowSums& sums, const RowGradients& gradient) {
  const int64_t vocabulary = logits.size(1);
  at::parallel_for(0, logits.size(0), 1, [&](int64_t begin, int64_t end) {
    rows_kernel(logits.mutable_data_ptr<W>() + begin * vocabulary, targets.const_data_ptr<int64_t>() + begin,
                sums.nll.mutable_data_ptr<W>() + begin, sums.log_sums.mutable_data_ptr<W>() + begin, end - begin,
                vocabulary, gradient);
  });
}

/// Sums of logits [rows, vocabulary] in float32 (float64), which become their gradients where those are wanted.
RowSums sums_of_rows(at::Tensor& logits, const at::Tensor& targets, const RowGradients& gradient) {
  if (logits.is_cpu()) {
    RowSums sums{at::empty({logits.size(0)}, logits.options()), at::empty({logits.size(0)}, logits.options())};
    if (logits.scalar_type() == at::kDouble)
      rows_cpu<double>(logits, targets, sums, gradient);
    else
      rows_cpu<float>(logits, targets, sums, gradient);
    return sums;
  }
  const at::Tensor log_sums = logits.logsumexp(1), index = targets.unsqueeze(1);
  const at::Tensor nll = log_sums - logits.gather(1, index).squeeze(1);
  if (gradient.wanted) {
    logits.sub_(log_sums.unsqueeze(1)).exp_();
    if (gradient.z_loss != 0.0) logits.mul_((log_sums * (2.0 * gradient.z_loss) + 1.0).unsqueeze(1));
    logits.scatter_add_(1, index, at::full_like(index, -1, logits.options()));
  }
  return {nll, log_sums};
}

at::Tensor nll_of_rows(at::Tensor& logits, const at::Tensor& targets, bool gradient) {
  return sums_of_rows(logits, targets, {.wanted = gradient}).nll;
}

int64_t rows_of_chunk(const at::Tensor& weight) {
  const int64_t bytes_per_row = weight.size(0) * (weight.scalar_type() == at::kDouble ? 8 : 4);
  return std::max<int64_t>(16, kChunkBytes / bytes_per_row);
}

/// Calls f(hidden rows, targets, first row) for chunks of equal size.
template <typename F>
void for_chunks(const at::Tensor& hidden, const at::Tensor& targets, int64_t most_rows, const F& f) {
  const int64_t rows = hidden.size(0), chunks = (rows + most_rows - 1) / most_rows;
  for (int64_t chunk = 0; chunk < chunks; ++chunk) {
    const int64_t first = rows * chunk / chunks, last = rows * (chunk + 1) / chunks;
    f(hidden.narrow(0, first, last - first), targets.narrow(0, first, last - first), first);
  }
}

at::Tensor scored_rows(const at::Tensor& targets) { return targets.ge(0).nonzero().squeeze(1); }

struct LinearCrossEntropy : torch::autograd::Function<LinearCrossEntropy> {
  /// The total; `nll_sum` takes the cross-entropy in it.
  static at::Tensor forward(AutogradContext* context, const Variable& hidden, const Variable& weight,
                            const at::Tensor& targets, double z_loss, at::Tensor nll_sum) {
    const at::ScalarType wide = gradient_dtype(hidden);
    const at::Tensor rows = scored_rows(targets);
    const at::Tensor scored = operand(hidden.index_select(0, rows)),
                     scored_targets = targets.index_select(0, rows), w = operand(weight);
    const bool wants_weight = weight.requires_grad();
    at::Tensor z_sum = at::zeros_like(nll_sum);
    at::Tensor dhidden = at::empty_like(scored), dweight;
    for_chunks(scored, scored_targets, rows_of_chunk(weight),
               [&](const at::Tensor& h, const at::Tensor& t, int64_t first) {
                 at::Tensor logits = h.mm(w.t()).to(wide);
                 const RowSums sums = sums_of_rows(logits, t, {.wanted = true, .z_loss = z_loss});
                 nll_sum += sums.nll.sum(at::kDouble).to(wide);
                 if (z_loss != 0.0) z_sum += sums.log_sums.square().sum(at::kDouble).to(wide);
                 const at::Tensor g = logits.to(w.scalar_type());
                 at::Tensor part = dhidden.narrow(0, first, h.size(0));
                 at::mm_out(part, g, w);
                 if (!wants_weight) return;
                 if (dweight.defined() && g.scalar_type() == dweight.scalar_type())
                   dweight.addmm_(g.t(), h);
                 else if (dweight.defined())
                   dweight.add_(wide_product(g.t(), h));
                 else
                   dweight = wide_product(g.t(), h);
               });
    context->save_for_backward({weight, rows, dhidden, dweight});
    context->saved_data["tokens"] = hidden.size(0);
    return nll_sum + z_sum * z_loss;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const double scale = gradients[0].item<double>();
    const at::Tensor &weight = saved[0], &rows = saved[1], &dhidden = saved[2], &dweight = saved[3];
    if (dweight.defined()) add_gradient(weight, dweight, scale);
    at::Tensor result;
    if (context->needs_input_grad(0)) {
      result = at::zeros({context->saved_data["tokens"].toInt(), dhidden.size(1)}, dhidden.options());
      result.index_copy_(0, rows, dhidden * scale);
      result = result.to(weight.scalar_type());
    }
    return {result, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

/// nll of each row on its own. With a frozen weight forward leaves d nll / d hidden, else backward makes the
/// logits of a chunk again and scales their gradient row by row.
struct LinearTokenNll : torch::autograd::Function<LinearTokenNll> {
  static at::Tensor forward(AutogradContext* context, const Variable& hidden, const Variable& weight,
                            const at::Tensor& targets) {
    const bool frozen = !weight.requires_grad();
    const at::Tensor rows = scored_rows(targets), scored_targets = targets.index_select(0, rows);
    const at::Tensor scored = operand(hidden.index_select(0, rows)), w = operand(weight);
    at::Tensor nll = at::zeros({hidden.size(0)}, hidden.options().dtype(gradient_dtype(hidden)));
    const at::Tensor dhidden = frozen ? at::empty_like(scored) : at::Tensor();
    for_chunks(scored, scored_targets, rows_of_chunk(weight),
               [&](const at::Tensor& h, const at::Tensor& t, int64_t first) {
                 at::Tensor logits = h.mm(w.t()).to(nll.scalar_type());
                 nll.index_copy_(0, rows.narrow(0, first, h.size(0)), nll_of_rows(logits, t, frozen));
                 if (!frozen) return;
                 at::Tensor part = dhidden.narrow(0, first, h.size(0));
                 at::mm_out(part, logits.to(w.scalar_type()), w);
               });
    context->save_for_backward({weight, rows, scored_targets, frozen ? dhidden : scored});
    context->saved_data["frozen"] = frozen;
    context->saved_data["tokens"] = hidden.size(0);
    return nll;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &weight = saved[0], &rows = saved[1];
    const at::Tensor scales = gradients[0].index_select(0, rows).unsqueeze(1);
    const at::Tensor of_rows = context->saved_data["frozen"].toBool()
                                   ? saved[3] * scales.to(saved[3].scalar_type())
                                   : through_logits(weight, saved[2], saved[3], scales);
    at::Tensor result;
    if (context->needs_input_grad(0)) {
      result = at::zeros({context->saved_data["tokens"].toInt(), of_rows.size(1)}, of_rows.options());
      result.index_copy_(0, rows, of_rows);
      result = result.to(weight.scalar_type());
    }
    return {result, at::Tensor(), at::Tensor()};
  }

  /// Adds to weight.grad(), gives d / d scored: [rows, hidden]. `scales` [rows, 1].
  static at::Tensor through_logits(const at::Tensor& weight, const at::Tensor& targets,
                                   const at::Tensor& scored, const at::Tensor& scales) {
    const at::Tensor w = operand(weight);
    at::Tensor dhidden = at::empty_like(scored);
    for_chunks(scored, targets, rows_of_chunk(weight),
               [&](const at::Tensor& h, const at::Tensor& t, int64_t first) {
                 at::Tensor logits = h.mm(w.t()).to(scales.scalar_type());
                 nll_of_rows(logits, t, /*gradient=*/true);
                 const at::Tensor g = logits.mul_(scales.narrow(0, first, h.size(0))).to(w.scalar_type());
                 at::Tensor part = dhidden.narrow(0, first, h.size(0));
                 at::mm_out(part, g, w);
                 add_gradient_product(weight, g.t(), h);
               });
    return dhidden;
  }
};

void check_shapes(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets) {
  if (hidden.dim() != 2 || weight.dim() != 2 || hidden.size(1) != weight.size(1) ||
      targets.sizes() != hidden.sizes().slice(0, 1))
    throw Error(
        ExitCode::internal,
        "linear_cross_entropy: hidden [tokens, hidden], weight [vocabulary, hidden], targets [tokens]");
}

}  // namespace

at::Tensor linear_nll(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets) {
  check_shapes(hidden, weight, targets);
  const at::NoGradGuard no_grad;
  const at::ScalarType wide = gradient_dtype(hidden);
  const at::Tensor rows = scored_rows(targets);
  const at::Tensor scored = operand(hidden.index_select(0, rows)),
                   scored_targets = targets.index_select(0, rows), w = operand(weight);
  at::Tensor nll = at::zeros({hidden.size(0)}, hidden.options().dtype(wide));
  for_chunks(scored, scored_targets, rows_of_chunk(weight),
             [&](const at::Tensor& h, const at::Tensor& t, int64_t first) {
               at::Tensor logits = h.mm(w.t()).to(wide);
               nll.index_copy_(0, rows.narrow(0, first, h.size(0)),
                               nll_of_rows(logits, t, /*gradient=*/false));
             });
  return nll;
}

CrossEntropy linear_cross_entropy(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets,
                                  double z_loss) {
  check_shapes(hidden, weight, targets);
  const at::Tensor nll_sum = at::zeros({}, hidden.options().dtype(gradient_dtype(hidden)).requires_grad(false));
  const at::Tensor total = LinearCrossEntropy::apply(hidden, weight, targets, z_loss, nll_sum);
  return {total, nll_sum};
}

at::Tensor linear_cross_entropy(const at::Tensor& hidden, const at::Tensor& weight,
                                const at::Tensor& targets) {
  check_shapes(hidden, weight, targets);
  if (!at::GradMode::is_enabled() || !(hidden.requires_grad() || weight.requires_grad()))
    return linear_nll(hidden, weight, targets).sum(at::kDouble).to(gradient_dtype(hidden));
  return linear_cross_entropy(hidden, weight, targets, 0.0).total;
}

at::Tensor linear_token_nll(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets) {
  check_shapes(hidden, weight, targets);
  if (!at::GradMode::is_enabled() || !(hidden.requires_grad() || weight.requires_grad()))
    return linear_nll(hidden, weight, targets);
  return LinearTokenNll::apply(hidden, weight, targets);
}

at::Tensor linear_cross_entropy_reference(const at::Tensor& hidden, const at::Tensor& weight,
                                          const at::Tensor& targets, double z_loss) {
  const at::Tensor logits = at::mm(hidden, weight.t()).to(gradient_dtype(hidden));
  const at::Tensor nll_sum = at::cross_entropy_loss(logits, targets, {}, at::Reduction::Sum, -100);
  return nll_sum + logits.index_select(0, scored_rows(targets)).logsumexp(1).square().sum() * z_loss;
}

}  // namespace hone::tensor
