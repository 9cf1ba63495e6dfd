#pragma once
/// What training minimises, and on which tokens of a sample. Part of the `training` section.
#include <array>
#include <string_view>

#include "recipe/binder.h"

namespace hone::recipe {

/// `pretrain`: every token of running text. `sft`: the answers of instruction data. `dpo`: chosen answers over rejected ones
/// (Rafailov et al. 2023).
enum class Objective { pretrain, sft, dpo };
constexpr std::array<std::string_view, 3> names_of(Objective) { return {"pretrain", "sft", "dpo"}; }

/// sigmoid is the loss of the paper; ipo that of Azar et al. 2023.
enum class DpoLoss { sigmoid, ipo };
constexpr std::array<std::string_view, 2> names_of(DpoLoss) { return {"sigmoid", "ipo"}; }

struct DpoOptions {
  DpoLoss loss = DpoLoss::sigmoid;
  double beta = 0.1;
  double label_smoothing = 0.0;  ///< Share of pairs assumed to be labelled the wrong way round; sigmoid only.
  double sft_weight = 0.0;       ///< Times the mean nll of the chosen answer, added to the loss.
};

void describe(Binder& bind, DpoOptions& options);

}  // namespace hone::recipe
