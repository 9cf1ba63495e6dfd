#include "recipe/optimizer.h"

namespace hone::recipe {

void describe(Binder& bind, LionOptions& options) {
  bind("beta1", options.beta1, "weight of the momentum in the step").range(0, 0.999999);
  bind("beta2", options.beta2, "decay of the momentum").range(0, 0.999999);
}

void describe(Binder& bind, MuonOptions& options) {
  bind("momentum", options.momentum, "decay of the momentum").range(0, 0.999999);
  bind("newton_schulz_steps", options.newton_schulz_steps, "iterations that bring the step near an orthogonal matrix").range(1, 20);
  bind("learning_rate", options.learning_rate, "peak learning rate of the matrices that Muon trains; the others have training.learning_rate").range(0, 1);
}

void describe(Binder& bind, ParameterGroupOptions& options) {
  bind("match", options.match, "glob over parameter names, such as *.embed_tokens.* or model.layers.0.*");
  bind("learning_rate", options.learning_rate, "peak learning rate of these parameters").range(0, 1);
  bind("weight_decay", options.weight_decay, "weight decay of these parameters, norms and biases among them").range(0, 1);
}

}  // namespace hone::recipe
