#pragma once
/// A LLaMA-family model: plain structs of tensors, named as weight files name them. What is done with it are
/// free functions.
///   h = embedding[ids];  per layer: h += output(attention(rope(qkv(norm(h)))));  h +=
///   down(silu(gate(norm(h))) · up(norm(h))) logits = head · norm(h) (Touvron et al. 2023; Qwen2 adds biases
///   to q, k, v)
/// Gradients: after a backward pass every parameter that requires one has it in .grad(), ALWAYS float32 (also
/// for bfloat16 weights) and accumulated over calls; an undefined .grad() counts as zero.
#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "formats/huggingface.h"

namespace hone::model {

/// Weights as they are trained: [out, in].
struct Dense {
  at::Tensor weight;
};

/// y = x Wᵀ + b. What holds W varies by type; `bias` [out] is undefined when there is none.
struct Linear {
  std::variant<Dense> weight;
  at::Tensor bias;
};

struct Layer {
  at::Tensor input_norm;  ///< [hidden]
  Linear query, key, value, output;
  at::Tensor query_norm;  ///< [head_dim], before the rotation; undefined unless config.qk_norm. Likewise key_norm.
  at::Tensor key_norm;
  at::Tensor post_attention_norm;  ///< [hidden]
  Linear gate, up, down;
};

struct Model {
  formats::ModelConfig config;
  at::Tensor embedding;  ///< [vocabulary, hidden]
  std::vector<Layer> layers;
  at::Tensor norm;                 ///< [hidden]
  at::Tensor head;                 ///< [vocabulary, hidden]; undefined when tied to the embedding.
  at::Tensor inverse_frequencies;  ///< float32 [head_dim/2], on the CPU.

  at::ScalarType dtype() const { return embedding.scalar_type(); }
  at::Device device() const { return embedding.device(); }
  /// What the hidden states are multiplied with: head, or the embedding when tied.
  const at::Tensor& output_weight() const { return head.defined() ? head : embedding; }
};

/// Calls f(name, tensor) for every parameter in the order of formats::model_parameters(config). f may replace
/// the tensor.
void visit_parameters(Model& model,
                      const std::function<void(const std::string& name, at::Tensor& tensor)>& f);
void visit_parameters(const Model& model,
                      const std::function<void(const std::string& name, const at::Tensor& tensor)>& f);

/// Turns gradients on (or off) for every parameter.
void set_trainable(Model& model, bool trainable);

}  // namespace hone::model
