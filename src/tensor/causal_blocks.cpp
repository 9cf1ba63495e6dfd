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

/// What the queries of one block see of the keys that the block meets: row i the keys [hidden + i, seen + i), where a
/// negative border is 0.
struct Sight {
  int64_t hidden, seen;
  int64_t begin(int64_t row) const { return std::max<int64_t>(hidden + row, 0); }
  int64_t end(int64_t row) const { return seen + row; }
};

/// Scores become probabilities in place, 0 where a row does not see the key.
template <typename W>
HONE_INLINE void softmax_block(W* scores, W* log_sums, int64_t rows, int64_t keys, Sight sight) {
  for (int64_t row = 0; row < rows; ++row, scores += keys) {
    const int64_t first = sight.begin(row), count = sight.end(row);
    auto most_ordered = simd::ordered(scores[first]);
#pragma omp simd reduction(max : most_ordered)
    for (int64_t key = first; key < count; ++key) {
      const auto each = simd::ordered(scores[key]);
      most_ordered = each > most_ordered ? each : most_ordered;
    }
    const W most = simd::unordered(most_ordered);
    W sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t key = first; key < count; ++key) {
      const W e = simd::exp(scores[key] - most);
      scores[key] = e;
      sum += e;
    }
    const W inverse = W(1) / sum;
#pragma omp simd
    for (int64_t key = first; key < count; ++key) scores[key] *= inverse;
    std::fill(scores, scores + first, W(0));
    std::fill(scores + count, scores + keys, W(0));
    log_sums[row] = most + std::log(sum);
  }
}

/// scores → P, dp → dS.
template <typename W>
HONE_INLINE void gradient_block(W* scores, W* dp, const W* log_sums, const W* delta, W scale, int64_t rows,
                                int64_t keys, Sight sight) {
  for (int64_t row = 0; row < rows; ++row, scores += keys, dp += keys) {
    const int64_t first = sight.begin(row), count = sight.end(row);
    const W log_sum = log_sums[row], mean = delta[row];
#pragma omp simd
    for (int64_t key = first; key < count; ++key) {
      const W p = simd::exp(scores[key] - log_sum);
      scores[key] = p;
      dp[key] = p * (dp[key] - mean) * scale;
    }
    std::fill(scores, scores + first, W(0));
    std::fill(dp, dp + first, W(0));
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
  HONE_CLONES void softmax_kernel(W* s, W* l, int64_t rows, int64_t keys, Sight sight) {                     \
    softmax_block<W>(s, l, rows, keys, sight);                                                               \
  }                                                                                                          \
  HONE_CLONES void gradient_kernel(W* s, W* dp, const W* l, const W* d, W scale, int64_t rows, int64_t keys, \
                                   Sight sight) {                                                            \
    gradient_block<W>(s, dp, l, d, scale, rows, keys, sight);                                                \
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

/// 64 queries (fewer at the end of a segment) and the keys they meet, counted from the segment's first token.
struct Block {
  int64_t first, rows, first_key, keys;
  Sight sight;
};

Block block_of(const Piece& piece, int64_t block, int64_t window) {
  const int64_t first = block * kBlock, rows = std::min(kBlock, piece.length - first);
  const int64_t hidden = window > 0 ? first + 1 - window : -piece.length;  // keys before this one no row sees
  const int64_t first_key = std::max<int64_t>(hidden, 0);
  return {first, rows, first_key, first + rows - first_key, {hidden - first_key, first + 1 - first_key}};
}

int64_t blocks_of(int64_t length) { return (length + kBlock - 1) / kBlock; }

/// Most keys that one block meets.
int64_t widest(const std::vector<int64_t>& segments, int64_t window) {
  const int64_t longest = *std::max_element(segments.begin(), segments.end());
  return window > 0 ? std::min(longest, window + kBlock - 1) : longest;
}

/// Where a segment's blocks have equal work before and after.
int64_t middle_block(int64_t length, int64_t window) {
  const int64_t blocks = blocks_of(length);
  if (window <= 0 || window >= length) return std::lround(kEqualArea * static_cast<double>(blocks));
  const double w = static_cast<double>(window), l = static_cast<double>(length);
  const double half = (w * w / 2 + (l - w) * w) / 2;  // of the pairs of query and key: a triangle, then a band
  const double token = half <= w * w / 2 ? std::sqrt(2 * half) : (half - w * w / 2) / w + w;
  return std::clamp<int64_t>(std::lround(token / static_cast<double>(kBlock)), 1, blocks);
}

/// Head by head, so that neighbours in the list differ in length and threads get equal shares.
std::vector<Piece> pieces_of(const std::vector<int64_t>& segments, int64_t heads, bool cut_in_two, int64_t window) {
  std::vector<Piece> pieces;
  for (int64_t head = 0; head < heads; ++head) {
    int64_t token = 0;
    for (const int64_t length : segments) {
      const int64_t blocks = blocks_of(length);
      const int64_t cut = cut_in_two && length >= kTwoPieces ? middle_block(length, window) : blocks;
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
                     const std::vector<int64_t>& segments, int64_t window) {
  const Call<W> call(q, k);
  CausalResult result{at::empty_like(q), at::empty({call.heads, call.tokens}, q.options())};
  const std::vector<Piece> pieces = pieces_of(segments, call.heads, false, window);
  const W *queries = q.const_data_ptr<W>(), *keys = k.const_data_ptr<W>(), *values = v.const_data_ptr<W>();
  W *output = result.output.template mutable_data_ptr<W>(),
    *log_sums = result.log_sums.template mutable_data_ptr<W>();
  at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
    std::vector<W> scores(static_cast<size_t>(kBlock * widest(segments, window)));
    for (int64_t i = begin; i < end; ++i) {
      const Piece& piece = pieces[static_cast<size_t>(i)];
      const int64_t kv = call.kv_head(piece.head);
      for (int64_t number = 0; number < piece.last_block; ++number) {
        const Block block = block_of(piece, number, window);
        const int64_t token = piece.first_token + block.first, key = piece.first_token + block.first_key;
        const Rows<W> block_scores{scores.data(), block.keys};
        product_nt<W>(block.rows, block.keys, call.head_dim, call.scale,
                      call.at_token(queries, token, piece.head, call.heads),
                      call.at_token(keys, key, kv, call.kv_heads), block_scores);
        softmax_kernel(scores.data(), log_sums + piece.head * call.tokens + token, block.rows, block.keys,
                       block.sight);
        product_nn<W>(block.rows, call.head_dim, block.keys, {scores.data(), block.keys},
                      call.at_token(values, key, kv, call.kv_heads),
                      call.at_token(output, token, piece.head, call.heads));
      }
    }
  });
  return result;
}

/// What one thread works with.
template <typename W>
struct Scratch {
  explicit Scratch(int64_t keys)
      : scores(static_cast<size_t>(kBlock * keys)),
        dp(static_cast<size_t>(kBlock * keys)),
        delta(static_cast<size_t>(kBlock)) {}
  std::vector<W> scores, dp, delta;
};

template <typename W>
struct BackwardPointers {
  const W *g, *q, *k, *v, *output, *log_sums;
  W *dq, *dk, *dv;  ///< dk, dv: [2, heads, tokens, head_dim], a layer for each index of a piece.
};

/// The keys of a piece's segment that its blocks meet: [first, last).
struct Reach {
  int64_t first, last;
};

Reach reach_of(const Piece& piece, int64_t window) {
  return {block_of(piece, piece.first_block, window).first_key, std::min(piece.last_block * kBlock, piece.length)};
}

template <typename W>
void backward_piece(const Call<W>& call, const BackwardPointers<W>& p, const Piece& piece, int64_t window,
                    Scratch<W>& scratch) {
  const int64_t kv = call.kv_head(piece.head), dim = call.head_dim;
  const int64_t sums = ((piece.index * call.heads + piece.head) * call.tokens + piece.first_token) * dim;
  const Reach reach = reach_of(piece, window);
  // Without a window the last block comes first: it reaches all keys of the piece and so clears the sums.
  W beta = window > 0 ? 1 : 0;
  for (W* cleared : {p.dk + sums, p.dv + sums})
    if (window > 0) std::fill(cleared + reach.first * dim, cleared + reach.last * dim, W(0));
  for (int64_t number = piece.last_block - 1; number >= piece.first_block; --number, beta = 1) {
    const Block block = block_of(piece, number, window);
    const int64_t token = piece.first_token + block.first, key = piece.first_token + block.first_key;
    const int64_t key_sums = sums + block.first_key * dim, rows = block.rows, seen = block.keys;
    const Rows<const W> keys = call.at_token(p.k, key, kv, call.kv_heads),
                        values = call.at_token(p.v, key, kv, call.kv_heads);
    const Rows<const W> q = call.at_token(p.q, token, piece.head, call.heads),
                        g = call.at_token(p.g, token, piece.head, call.heads);
    const Rows<const W> output = call.at_token(p.output, token, piece.head, call.heads);
    for (int64_t row = 0; row < rows; ++row)
      scratch.delta[static_cast<size_t>(row)] = dot_kernel(g.row(row), output.row(row), dim);
    product_nt<W>(rows, seen, dim, call.scale, q, keys, {scratch.scores.data(), seen});
    product_nt<W>(rows, seen, dim, W(1), g, values, {scratch.dp.data(), seen});
    gradient_kernel(scratch.scores.data(), scratch.dp.data(), p.log_sums + piece.head * call.tokens + token,
                    scratch.delta.data(), call.scale, rows, seen, block.sight);
    product_nn<W>(rows, dim, seen, {scratch.dp.data(), seen}, keys,
                  call.at_token(p.dq, token, piece.head, call.heads));
    product_tn<W>(seen, dim, rows, {scratch.scores.data(), seen}, g, beta, {p.dv + key_sums, dim});
    product_tn<W>(seen, dim, rows, {scratch.dp.data(), seen}, q, beta, {p.dk + key_sums, dim});
  }
}

/// Sums over the heads of a group and the pieces of a segment: [2, heads, tokens, d] → [tokens, kv_heads, d].
template <typename W>
at::Tensor add_up(const Call<W>& call, const at::Tensor& sums, const std::vector<Piece>& pieces, int64_t window) {
  at::Tensor total = at::zeros({call.tokens, call.kv_heads, call.head_dim}, sums.options());
  const W* from = sums.const_data_ptr<W>();
  W* to = total.mutable_data_ptr<W>();
  const int64_t group = call.heads / call.kv_heads;
  at::parallel_for(0, call.kv_heads, 1, [&](int64_t begin, int64_t end) {
    for (const Piece& piece : pieces) {
      const int64_t kv = piece.head / group;
      if (kv < begin || kv >= end) continue;
      const Reach reach = reach_of(piece, window);
      for (int64_t t = piece.first_token + reach.first; t < piece.first_token + reach.last; ++t)
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
                                                        const std::vector<int64_t>& segments, int64_t window) {
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
  const std::vector<Piece> pieces = pieces_of(segments, call.heads, true, window);
  at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
    Scratch<W> scratch(widest(segments, window));
    for (int64_t i = begin; i < end; ++i)
      backward_piece(call, pointers, pieces[static_cast<size_t>(i)], window, scratch);
  });
  return {dq, add_up(call, dk, pieces, window), add_up(call, dv, pieces, window)};
}

}  // namespace

CausalResult causal_forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const std::vector<int64_t>& segments, int64_t window) {
  return q.scalar_type() == at::kDouble ? forward<double>(q, k, v, segments, window)
                                        : forward<float>(q, k, v, segments, window);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> causal_backward(const at::Tensor& g, const at::Tensor& q,
                                                               const at::Tensor& k, const at::Tensor& v,
                                                               const CausalResult& result,
                                                               const std::vector<int64_t>& segments,
                                                               int64_t window) {
  return q.scalar_type() == at::kDouble ? backward<double>(g, q, k, v, result, segments, window)
                                        : backward<float>(g, q, k, v, result, segments, window);
}

}  // namespace hone::tensor
