/// `hone inspect MODEL --logits IDS` and the engine's part of `hone doctor`.
#include <ATen/DeviceAccelerator.h>
#include <ATen/Version.h>
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"
#include "commands/engine/engine.h"
#include "commands/engine/model_place.h"
#include "model/forward.h"
#include "recipe/binder.h"
#include "tensor/device.h"
#include "training/state.h"

namespace hone::commands {

namespace {

std::vector<int32_t> parse_ids(const std::string& text) {
  std::vector<int32_t> ids;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    part.erase(0, part.find_first_not_of(' '));
    const auto id = recipe::parse_integer(part);
    if (!id || *id < 0 || *id > INT32_MAX) throw Error(ExitCode::usage, "--logits takes token ids such as 1,2,3, not " + text);
    ids.push_back(static_cast<int32_t>(*id));
  }
  if (ids.empty()) throw Error(ExitCode::usage, "--logits takes token ids such as 1,2,3");
  return ids;
}

}  // namespace

ExitCode inspect_logits(const Arguments& arguments) {
  tensor::prepare_process(0);
  const std::vector<int32_t> ids = parse_ids(arguments.text("logits"));
  const model::Model model = load(find_model(arguments), {});
  const at::Tensor logits = model::logits(model, model::to_device(ids, model)).contiguous();
  nlohmann::json rows = nlohmann::json::array();
  for (int64_t row = 0; row < logits.size(0); ++row) {
    const float* first = logits.const_data_ptr<float>() + row * logits.size(1);
    rows.push_back(std::vector<float>(first, first + logits.size(1)));
  }
  std::cout << nlohmann::json{{"logits", rows}}.dump() << "\n";
  return ExitCode::done;
}

ExitCode engine_doctor(const Arguments&) {
  const at::Device device = tensor::choose_device("auto");
  const training::Machine machine = training::this_machine(device);
  std::cout << nlohmann::json{{"libtorch", machine.libtorch},
                              {"instruction_set", machine.instruction_set},
                              {"device", machine.device},
                              {"accelerators", at::accelerator::deviceCount()},
                              {"threads", machine.threads}}
                   .dump()
            << "\n";
  return ExitCode::done;
}

}  // namespace hone::commands
