#include "recipe/objective.h"

namespace hone::recipe {

void describe(Binder& bind, DpoOptions& options) {
  bind("loss", options.loss, "sigmoid, the loss of the DPO paper, or ipo").also({"loss_type"});
  bind("beta", options.beta, "how strongly the model is held to the one it started from").range(1e-6, 100).also({"pref_beta", "rl_beta"});
  bind("label_smoothing", options.label_smoothing, "share of pairs that may be labelled the wrong way round").share().range(0, 0.5);
  bind("sft_weight", options.sft_weight, "weight of an added plain loss on the chosen answer; 0 is off").at_least(0).also({"rpo_alpha", "pref_ftx"});
}

}  // namespace hone::recipe
