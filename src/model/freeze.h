#pragma once
/// What of a model is not trained, in Model::frozen.
#include <string>
#include <vector>

#include "formats/adapter_config.h"
#include "model/model.h"

namespace hone::model {

/// Freezes what matches one of the globs (`*`, `?`, `[…]`; `*` crosses points) among the names of visit_trained. Throws usage naming the
/// pattern that matches nothing with the nearest name, and when nothing is left to train.
void freeze(Model& model, const std::vector<std::string>& patterns);

/// Freezes every weight of the base, as below an adapter.
void freeze_base(Model& model);

/// Takes embedding and head out of the frozen base where `config` trains them whole, keeping their values as the base's.
void train_whole(Model& model, const formats::AdapterConfig& config);

}  // namespace hone::model
