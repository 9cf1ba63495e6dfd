#include "recipe/adapter.h"

namespace hone::recipe {

void describe(Binder& bind, LoraOptions& options) {
  bind("r", options.r, "rank of the added matrices").range(1, 4096).also({"rank", "lora_r", "lora_rank"});
  bind("alpha", options.alpha, "scale: what is added is alpha / r times the product").range(0, 1e6).also({"lora_alpha"});
  bind("dropout", options.dropout, "share of the input that is dropped before the added matrices while training").share().range(0, 0.99)
      .also({"lora_dropout"});
  bind("target_modules", options.target_modules,
       "layers that get one: q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj, or all-linear for all seven")
      .also({"lora_target_modules", "lora_target"});
  bind("use_rslora", options.use_rslora, "scale by alpha / √r, which keeps large ranks from fading (rsLoRA)").also({"rslora"});
  bind("use_dora", options.use_dora, "train the length of each weight row apart from its direction (DoRA)").also({"dora"});
  bind("modules_to_save", options.modules_to_save, "embed_tokens, lm_head: trained whole and stored with the adapter; needed for added tokens");
}

void describe(Binder& bind, QloraOptions& options) {
  bind("block_size", options.block_size, "weights that share one scale").range(32, 4096);
  bind("double_quant", options.double_quant, "the scales are quantised too, to eight bits").also({"bnb_4bit_use_double_quant"});
}

}  // namespace hone::recipe
