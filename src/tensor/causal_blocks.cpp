#include "tensor/causal_blocks.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "tensor/simd.h"

// MKL inside libtorch_cpu exports the Fortran interface of BLAS.
extern "C" {
void sgemm_(const char* transpose_a, const char* transpose_b, const int* m, const int* n, const int* k,
            const float* alpha, const float* a, const int* lda, const float* b, const int* ldb,
            const float* beta, float* c, const int* ldc);
void dgemm_(const char* transpose_a, const char* transpose_b, const int* m, const int* n, const int* k,
            const double* alpha, const double* a, const int* lda, const double* b, const int* ldb,
            const double* beta, double* c, const int* ldc);
}

namespace hone::tensor {
namespace {

constexpr int64_t kBlock = 64;       // queries taken together
constexpr int64_t kTwoPieces = 256;  // segments from this length are two pieces of work in the backward pass
constexpr double kEqualArea = 0.70711;  // a triangle cut at 1/√2 of its height has two parts of one area

void gemm(const char* ta, const char* tb, int m, int n, int k, float alpha, const float* a, int lda,
          const float* b, int ldb, float beta, float* c, int ldc) {
  sgemm_(ta, tb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);
}
void gemm(const char* ta, const char* tb, int m, int n, int k, double alpha, const double* a, int lda,
          const double* b, int ldb, double beta, double* c, int ldc) {
  dgemm_(ta, tb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);
}

/// Rows of a matrix that lie `stride` elements apart.
template <typename W>
struct Rows {
  W* data;
  int64_t stride;
  W* row(int64_t index) const { return data + index * stride; }
};

// The three products in row-major terms; BLAS counts in columns, so operands change places.
/// c [m, n] = alpha · a [m, k] · b [n, k]ᵀ
template <typename W>
void product_nt(int64_t m, int64_t n, int64_t k, W alpha, Rows<const W> a, Rows<const W> b, Rows<W> c) {
  gemm("T", "N", static_cast<int>(n), static_cast<int>(m), static_cast<int>(k), alpha, b.data,
       static_cast<int>(b.stride), a.data, static_cast<int>(a.stride), W(0), c.data,
       static_cast<int>(c.stride));
}
/// c [m, n] = a [m, k] · b [k, n]
template <typename W>
void product_nn(int64_t m, int64_t n, int64_t k, Rows<const W> a, Rows<const W> b, Rows<W> c) {
  gemm("N", "N", static_cast<int>(n), static_cast<int>(m), static_cast<int>(k), W(1), b.data,
       static_cast<int>(b.stride), a.data, static_cast<int>(a.stride), W(0), c.data,
       static_cast<int>(c.stride));
}
/// c [m, n] = beta · c + a [k, m]ᵀ · b [k, n]
template <typename W>
void product_tn(int64_t m, int64_t n, int64_t k, Rows<const W> a, Rows<const W> b, W beta, Rows<W> c) {
  gemm("N", "T", static_cast<int>(n), static_cast<int>(m), static_cast<int>(k), W(1), b.data,
       static_cast<int>(b.stride), a.data, static_cast<int>(a.stride), beta, c.data,
       static_cast<int>(c.stride));
}

/// Scores become probabilities in place; row i sees the first `seen + i` keys, the rest become 0.
template <typename W>
HONE_INLINE void softmax_block(W* scores, W* log_sums, int64_t rows, int64_t keys, int64_t seen) {
  for (int64_t row = 0; row < rows; ++row, scores += keys) {
    const int64_t count = seen + row;
    auto most_ordered = simd::ordered(scores[0]);
#pragma omp simd reduction(max : most_ordered)
    for (int64_t key = 0; key < count; ++key) {
      const auto each = simd::ordered(scores[key]);
      most_ordered = each > most_ordered ? each : most_ordered;
    }
    const W most = simd::unordered(most_ordered);
    W sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t key = 0; key < count; ++key) {
      const W e = simd::exp(scores[key] - most);
      scores[key] = e;
      sum += e;
    }
    const W inverse = W(1) / sum;
#pragma omp simd
    for (int64_t key = 0; key < count; ++key) scores[key] *= inverse;
    std::fill(scores + count, scores + keys, W(0));
    log_sums[row] = most + std::log(sum);
  }
}

/// scores → P, dp → dS.
template <typename W>
HONE_INLINE void gradient_block(W* scores, W* dp, const W* log_sums, const W* delta, W scale, int64_t rows,
                                int64_t keys, int64_t seen) {
  for (int64_t row = 0; row < rows; ++row, scores += keys, dp += keys) {
    const int64_t count = seen + row;
    const W log_sum = log_sums[row], mean = delta[row];
#pragma omp simd
    for (int64_t key = 0; key < count; ++key) {
      const W p = simd::exp(scores[key] - log_sum);
      scores[key] = p;
      dp[key] = p * (dp[key] - mean) * scale;
    }
    std::fill(scores + count, scores + keys, W(0));
    std::fill(dp + count, dp + keys, W(0));
  }
}

template <typename W>
HONE_INLINE W dot(const W* a, const W* b, int64_t count) {
  W sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

#define HONE_ATTENTION_KERNELS(W)                                                                            \
  HONE_CLONES void softmax_kernel(W* s, W* l, int64_t rows, int64_t keys, int64_t seen) {                    \
    softmax_block<W>(s, l, rows, keys, seen);                                                                \
  }                                                                                                          \
  HONE_CLONES void gradient_kernel(W* s, W* dp, const W* l, const W* d, W scale, int64_t rows, int64_t keys, \
                                   int64_t seen) {                                                           \
    gradient_block<W>(s, dp, l, d, scale, rows, keys, seen);                                                 \
  }                                                                                                          \
  HONE_CLONES void add_kernel(W* total, const W* more, int64_t count) {                                      \
    for (int64_t i = 0; i < count; ++i) total[i] += more[i];                                                 \
  }                                                                                                          \
  HONE_CLONES W dot_kernel(const W* a, const W* b, int64_t count) { return dot<W>(a, b, count); }
HONE_ATTENTION_KERNELS(float)
HONE_ATTENTION_KERNELS(double)
#undef HONE_ATTENTION_KERNELS

/// Blocks [first_block, last_block) of one head of one segment.
struct Piece {
  int64_t head, first_token, length, first_block, last_block, index;
};

int64_t blocks_of(int64_t length) { return (length + kBlock - 1) / kBlock; }

/// Head by head, so that neighbours in the list differ in length and threads get equal shares.
std::vector<Piece> pieces_of(const std::vector<int64_t>& segments, int64_t heads, bool cut_in_two) {
  std::vector<Piece> pieces;
  for (int64_t head = 0; head < heads; ++head) {
    int64_t token = 0;
    for (const int64_t length : segments) {
      const int64_t blocks = blocks_of(length);
      const int64_t cut =
          cut_in_two && length >= kTwoPieces ? std::lround(kEqualArea * static_cast<double>(blocks)) : blocks;
      pieces.push_back({head, token, length, 0, cut, 0});
      if (cut < blocks) pieces.push_back({head, token, length, cut, blocks, 1});
      token += length;
    }
  }
  return pieces;
}

/// Sizes and pointers of a call.
template <typename W>
struct Call {
  int64_t tokens, heads, kv_heads, head_dim;
  W scale;
  Call(const at::Tensor& q, const at::Tensor& k)
      : tokens(q.size(0)),
        heads(q.size(1)),
        kv_heads(k.size(1)),
        head_dim(q.size(2)),
        scale(static_cast<W>(1.0 / std::sqrt(static_cast<double>(q.size(2))))) {}
  int64_t kv_head(int64_t head) const { return head / (heads / kv_heads); }
  template <typename P>
  Rows<P> at_token(P* x, int64_t token, int64_t head, int64_t of_heads) const {
    return {x + (token * of_heads + head) * head_dim, of_heads * head_dim};
  }
};

template <typename W>
CausalResult forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                     const std::vector<int64_t>& segments) {
  const Call<W> call(q, k);
  CausalResult result{at::empty_like(q), at::empty({call.heads, call.tokens}, q.options())};
  const std::vector<Piece> pieces = pieces_of(segments, call.heads, false);
  const W *queries = q.const_data_ptr<W>(), *keys = k.const_data_ptr<W>(), *values = v.const_data_ptr<W>();
  W *output = result.output.template mutable_data_ptr<W>(),
    *log_sums = result.log_sums.template mutable_data_ptr<W>();
  const int64_t longest = *std::max_element(segments.begin(), segments.end());
  at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
    std::vector<W> scores(static_cast<size_t>(kBlock * longest));
    for (int64_t i = begin; i < end; ++i) {
      const Piece& piece = pieces[static_cast<size_t>(i)];
      const int64_t kv = call.kv_head(piece.head);
      for (int64_t block = 0; block < piece.last_block; ++block) {
        const int64_t first = block * kBlock, rows = std::min(kBlock, piece.length - first),
                      seen = first + rows;
        const int64_t token = piece.first_token + first;
        product_nt<W>(rows, seen, call.head_dim, call.scale,
                      call.at_token(queries, token, piece.head, call.heads),
                      call.at_token(keys, piece.first_token, kv, call.kv_heads), {scores.data(), seen});
        softmax_kernel(scores.data(), log_sums + piece.head * call.tokens + token, rows, seen, first + 1);
        product_nn<W>(rows, call.head_dim, seen, {scores.data(), seen},
                      call.at_token(values, piece.first_token, kv, call.kv_heads),
                      call.at_token(output, token, piece.head, call.heads));
      }
    }
  });
  return result;
}

/// What one thread works with.
template <typename W>
struct Scratch {
  explicit Scratch(int64_t longest)
      : scores(static_cast<size_t>(kBlock * longest)),
        dp(static_cast<size_t>(kBlock * longest)),
        delta(static_cast<size_t>(kBlock)) {}
  std::vector<W> scores, dp, delta;
};

template <typename W>
struct BackwardPointers {
  const W *g, *q, *k, *v, *output, *log_sums;
  W *dq, *dk, *dv;  ///< dk, dv: [2, heads, tokens, head_dim], a layer for each index of a piece.
};

template <typename W>
void backward_piece(const Call<W>& call, const BackwardPointers<W>& p, const Piece& piece,
                    Scratch<W>& scratch) {
  const int64_t kv = call.kv_head(piece.head), dim = call.head_dim;
  const int64_t sums = ((piece.index * call.heads + piece.head) * call.tokens + piece.first_token) * dim;
  const Rows<const W> keys = call.at_token(p.k, piece.first_token, kv, call.kv_heads);
  const Rows<const W> values = call.at_token(p.v, piece.first_token, kv, call.kv_heads);
  W beta = 0;  // the last block comes first: it reaches all keys of the piece and so clears the sums
  for (int64_t block = piece.last_block - 1; block >= piece.first_block; --block, beta = 1) {
    const int64_t first = block * kBlock, rows = std::min(kBlock, piece.length - first), seen = first + rows;
    const int64_t token = piece.first_token + first;
    const Rows<const W> q = call.at_token(p.q, token, piece.head, call.heads),
                        g = call.at_token(p.g, token, piece.head, call.heads);
    const Rows<const W> output = call.at_token(p.output, token, piece.head, call.heads);
    for (int64_t row = 0; row < rows; ++row)
      scratch.delta[static_cast<size_t>(row)] = dot_kernel(g.row(row), output.row(row), dim);
    product_nt<W>(rows, seen, dim, call.scale, q, keys, {scratch.scores.data(), seen});
    product_nt<W>(rows, seen, dim, W(1), g, values, {scratch.dp.data(), seen});
    gradient_kernel(scratch.scores.data(), scratch.dp.data(), p.log_sums + piece.head * call.tokens + token,
                    scratch.delta.data(), call.scale, rows, seen, first + 1);
    product_nn<W>(rows, dim, seen, {scratch.dp.data(), seen}, keys,
                  call.at_token(p.dq, token, piece.head, call.heads));
    product_tn<W>(seen, dim, rows, {scratch.scores.data(), seen}, g, beta, {p.dv + sums, dim});
    product_tn<W>(seen, dim, rows, {scratch.dp.data(), seen}, q, beta, {p.dk + sums, dim});
  }
}

/// Sums over the heads of a group and the pieces of a segment: [2, heads, tokens, d] → [tokens, kv_heads, d].
template <typename W>
at::Tensor add_up(const Call<W>& call, const at::Tensor& sums, const std::vector<Piece>& pieces) {
  at::Tensor total = at::zeros({call.tokens, call.kv_heads, call.head_dim}, sums.options());
  const W* from = sums.const_data_ptr<W>();
  W* to = total.mutable_data_ptr<W>();
  const int64_t group = call.heads / call.kv_heads;
  at::parallel_for(0, call.kv_heads, 1, [&](int64_t begin, int64_t end) {
    for (const Piece& piece : pieces) {
      const int64_t kv = piece.head / group;
      if (kv < begin || kv >= end) continue;
      const int64_t reached = std::min(piece.last_block * kBlock, piece.length);
      for (int64_t t = piece.first_token; t < piece.first_token + reached; ++t)
        add_kernel(to + (t * call.kv_heads + kv) * call.head_dim,
                   from + ((piece.index * call.heads + piece.head) * call.tokens + t) * call.head_dim,
                   call.head_dim);
    }
  });
  return total;
}

template <typename W>
std::tuple<at::Tensor, at::Tensor, at::Tensor> backward(const at::Tensor& g, const at::Tensor& q,
                                                        const at::Tensor& k, const at::Tensor& v,
                                                        const CausalResult& result,
                                                        const std::vector<int64_t>& segments) {
  const Call<W> call(q, k);
  at::Tensor dq = at::empty_like(q);
  at::Tensor dk = at::empty({2, call.heads, call.tokens, call.head_dim}, q.options()),
             dv = at::empty_like(dk);
  const BackwardPointers<W> pointers{g.const_data_ptr<W>(),
                                     q.const_data_ptr<W>(),
                                     k.const_data_ptr<W>(),
                                     v.const_data_ptr<W>(),
                                     result.output.const_data_ptr<W>(),
                                     result.log_sums.const_data_ptr<W>(),
                                     dq.mutable_data_ptr<W>(),
                                     dk.mutable_data_ptr<W>(),
                                     dv.mutable_data_ptr<W>()};
  const std::vector<Piece> pieces = pieces_of(segments, call.heads, true);
  const int64_t longest = *std::max_element(segments.begin(), segments.end());
  at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
    Scratch<W> scratch(longest);
    for (int64_t i = begin; i < end; ++i)
      backward_piece(call, pointers, pieces[static_cast<size_t>(i)], scratch);
  });
  return {dq, add_up(call, dk, pieces), add_up(call, dv, pieces)};
}

}  // namespace

CausalResult causal_forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const std::vector<int64_t>& segments) {
  return q.scalar_type() == at::kDouble ? forward<double>(q, k, v, segments)
                                        : forward<float>(q, k, v, segments);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> causal_backward(const at::Tensor& g, const at::Tensor& q,
                                                               const at::Tensor& k, const at::Tensor& v,
                                                               const CausalResult& result,
                                                               const std::vector<int64_t>& segments) {
  return q.scalar_type() == at::kDouble ? backward<double>(g, q, k, v, result, segments)
                                        : backward<float>(g, q, k, v, result, segments);
}

}  // namespace hone::tensor
