#pragma once
/// Optimizers and what of them differs between groups of parameters. Part of the `training` section.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

/// adamw: Loshchilov & Hutter 2019. adamw_8bit: the same with moments in eight bits (Dettmers et al. 2022). lion: Chen et al. 2023.
/// muon: Jordan et al. 2024, for matrices inside the layers; everything else is trained by AdamW.
enum class OptimizerKind { adamw, adamw_8bit, lion, muon };
constexpr std::array<std::string_view, 4> names_of(OptimizerKind) { return {"adamw", "adamw_8bit", "lion", "muon"}; }

struct LionOptions {
  double beta1 = 0.9;
  double beta2 = 0.99;
};

struct MuonOptions {
  double momentum = 0.95;
  int64_t newton_schulz_steps = 5;
  double learning_rate = 0.02;  ///< Of the matrices Muon trains; scaled by the schedule like learning_rate.
};

/// What differs for parameters whose names match a pattern; the first group that matches counts.
struct ParameterGroupOptions {
  std::string match;  ///< Glob over names: *.embed_tokens.*, model.layers.0.*
  std::optional<double> learning_rate, weight_decay;
};

void describe(Binder& bind, LionOptions& options);
void describe(Binder& bind, MuonOptions& options);
void describe(Binder& bind, ParameterGroupOptions& options);

}  // namespace hone::recipe
