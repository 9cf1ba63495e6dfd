#include "training/objective.h"

#include <algorithm>

#include "training/dpo.h"
#include "training/passes.h"

namespace hone::training {
namespace {

/// -log p of every token that has a target, be it all of a text or the answers of instruction data.
class LanguageModelling final : public Objective {
 public:
  bool prepare(model::Model&, const KeepGoing&) override { return true; }

  Loss accumulate(const model::Model& model, const dataset::Step& step,
                  const model::ForwardOptions& options) const override {
    return training::accumulate(model, step, options);
  }

  std::optional<Loss> validate(const model::Model& model, const dataset::Loader& loader,
                               const KeepGoing& keep_going) const override {
    return training::validate(model, loader, keep_going);
  }

  void rehearse(const model::Model& model, const dataset::Batch& batch,
                const model::ForwardOptions& options) const override {
    const model::LossSum loss = model::loss(model, model::to_device(batch, model), options);
    model::backward(loss, 1.0 / static_cast<double>(std::max<int64_t>(1, loss.tokens)));
  }
};

}  // namespace

std::unique_ptr<Objective> make_objective(const ObjectiveSetup& setup) {
  if (setup.options.objective == recipe::Objective::dpo) return std::make_unique<DirectPreference>(setup);
  return std::make_unique<LanguageModelling>();
}

}  // namespace hone::training
