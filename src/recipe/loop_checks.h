#pragma once
/// What contradicts what among the options of the training loop, and those without effect. Part of checks.cpp's checks.
#include <functional>
#include <string>

#include "recipe/training.h"

namespace hone::recipe {

/// `wrong` takes a key and what is wrong there, `idle` a key that has no effect where it was written, and why.
void check_loop(const TrainingOptions& training,
                const std::function<void(const std::string& key, std::string message)>& wrong,
                const std::function<void(const std::string& key, const std::string& why)>& idle);

}  // namespace hone::recipe
