#pragma once
/// A LLaMA-family model: plain structs of tensors, named as weight files name them. What is done with it are
/// free functions.
///   h = embedding[ids];  per layer: h += output(attention(rope(qkv(norm(h)))));  h +=
///   down(silu(gate(norm(h))) · up(norm(h))) logits = head · norm(h) (Touvron et al. 2023; Qwen2 adds biases
///   to q, k, v; Qwen3 norms each head of q and k before the rotation; layers of Mistral, Qwen2 and Qwen3 may slide)
/// Gradients: after a backward pass every parameter that requires one has it in .grad(), ALWAYS float32 (also
/// for bfloat16 weights) and accumulated over calls; an undefined .grad() counts as zero.
#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "formats/adapter_config.h"
#include "formats/huggingface.h"
#include "model/adapter.h"
#include "tensor/nf4.h"
#include "tensor/rope.h"

namespace hone::model {

/// Weights as they are trained: [out, in].
struct Dense {
  at::Tensor weight;
};

/// y = x Wᵀ + b, W perhaps with an adapter. What holds W varies by type: as it is trained, or frozen in four bits (QLoRA). `bias`
/// [out] is undefined when there is none.
struct Linear {
  std::variant<Dense, tensor::Nf4Weight> weight;
  at::Tensor bias;
  std::optional<Adapter> adapter;
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
  tensor::Rope rope;               ///< Rotary positions.

  std::optional<formats::AdapterConfig> adapter;  ///< How its adapters were made, as PEFT's adapter_config.json says; none without.
  std::set<std::string> frozen;  ///< Names (visit_trained's) that are not trained; with an adapter all of the base but modules_to_save.
  /// Values before training of an embedding or head that an adapter trains whole (modules_to_save): what
  /// Adapters::off computes with. Undefined: the embedding and the head themselves.
  at::Tensor base_embedding, base_head;

  at::ScalarType dtype() const { return embedding.scalar_type(); }
  at::Device device() const { return embedding.device(); }
  /// What the hidden states are multiplied with: head, or the embedding when tied.
  const at::Tensor& output_weight(Adapters adapters = Adapters::on) const;
  const at::Tensor& input_weight(Adapters adapters = Adapters::on) const;
};

/// Calls f(name, layer) for every matrix layer inside the blocks, in order; the name as in
/// "model.layers.0.self_attn.q_proj".
void visit_linears(Model& model, const std::function<void(const std::string& name, Linear& linear)>& f);
void visit_linears(const Model& model,
                   const std::function<void(const std::string& name, const Linear& linear)>& f);

/// Calls f(name, tensor) for every weight of the base that is a plain tensor, in the order of
/// formats::model_parameters(config). f may replace the tensor.
void visit_parameters(Model& model,
                      const std::function<void(const std::string& name, at::Tensor& tensor)>& f);
void visit_parameters(const Model& model,
                      const std::function<void(const std::string& name, const at::Tensor& tensor)>& f);

/// Calls f(name, tensor) for what is trained and nothing else, in a fixed order: parameters that are not frozen, then
/// each adapter's "<layer>.lora_A.weight", "<layer>.lora_B.weight" and "<layer>.lora_magnitude_vector". Optimizer,
/// gradient norm, checkpoint and moving average walk this. f may replace the tensor.
void visit_trained(Model& model, const std::function<void(const std::string& name, at::Tensor& tensor)>& f);
void visit_trained(const Model& model,
                   const std::function<void(const std::string& name, const at::Tensor& tensor)>& f);

/// Turns gradients on (or off) for everything that is trained, and off for the rest, so that no gradient of a
/// frozen weight is ever computed.
void set_trainable(Model& model, bool trainable);

}  // namespace hone::model
