#pragma once
/// The sections `model.lora` and `model.qlora`: training a few added weights instead of all. Words as in PEFT and bitsandbytes.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

/// `none` trains the weights themselves. `lora` adds low-rank matrices to the frozen base (Hu et al. 2021); `qlora` keeps that base in
/// four bits (Dettmers et al. 2023).
enum class AdapterKind { none, lora, qlora };
constexpr std::array<std::string_view, 3> names_of(AdapterKind) { return {"none", "lora", "qlora"}; }

struct LoraOptions {
  int64_t r = 16;
  double alpha = 32.0;   ///< W' = W + alpha/r · B A; with rsLoRA alpha/√r.
  double dropout = 0.0;  ///< Of what A reads, while training.
  std::vector<std::string> target_modules = {"all-linear"};  ///< q_proj … down_proj, or all-linear for the seven of them.
  bool use_rslora = false;
  bool use_dora = false;
  std::vector<std::string> modules_to_save;  ///< embed_tokens, lm_head: trained whole and stored with the adapter.
};

struct QloraOptions {
  int64_t block_size = 64;
  bool double_quant = true;
};

void describe(Binder& bind, LoraOptions& options);
void describe(Binder& bind, QloraOptions& options);

}  // namespace hone::recipe
