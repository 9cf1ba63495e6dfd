#include "recipe/model.h"

namespace hone::recipe {

void describe(Binder& bind, ShapeOptions& options) {
  bind("hidden_size", options.hidden_size, "width of the residual stream").range(8, 65536);
  bind("intermediate_size", options.intermediate_size, "width of the feed-forward layer").range(8, 262144);
  bind("num_hidden_layers", options.num_hidden_layers, "transformer blocks").range(1, 512).also({"num_layers"});
  bind("num_attention_heads", options.num_attention_heads, "query heads").range(1, 1024);
  bind("num_key_value_heads", options.num_key_value_heads, "key and value heads; fewer than query heads is grouped-query attention; by default as many")
      .range(1, 1024);
  bind("head_dim", options.head_dim, "width of one head; by default hidden_size / num_attention_heads").range(2, 1024);
  bind("max_position_embeddings", options.max_position_embeddings, "longest context").in("tokens").range(8, 10'000'000);
  bind("rope_theta", options.rope_theta, "base of the rotary position frequencies").range(1, 1e12);
  bind("rms_norm_eps", options.rms_norm_eps, "epsilon of RMSNorm").range(1e-12, 1e-1);
  bind("tie_word_embeddings", options.tie_word_embeddings, "input and output embeddings are one matrix");
  bind("initializer_range", options.initializer_range, "standard deviation of random weights").range(1e-6, 1);
}

void describe(Binder& bind, ModelOptions& options) {
  bind("path", options.path, "Hugging Face folder of the base model (config.json, *.safetensors), or org/name in the local Hugging Face cache").path();
  bind.section("shape", options.shape, "architecture of a model started from random weights, when there is no path");
  bind("dtype", options.dtype, "type of the weights while training; bfloat16 keeps float32 master weights in the optimizer");
  bind("adapter", options.adapter, "none trains the weights themselves; lora and qlora train an adapter beside a frozen base, qlora with the base in four bits");
  bind("adapter_path", options.adapter_path, "PEFT adapter folder to go on training from; its own r, alpha and targets count then").path();
  bind.section("lora", options.lora, "the adapter of lora and qlora");
  bind.section("qlora", options.qlora, "how qlora keeps the base (NF4)");
}

}  // namespace hone::recipe
