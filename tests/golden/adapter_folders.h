#pragma once
/// Folders with a PEFT adapter and its figures, whose base model is the folder above: the golden models' lora/ and
/// tests/fixtures/adapters/*/* (made by generate_adapters.py beside this file).
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/shared.h"

namespace hone::test {

inline std::vector<std::filesystem::path> adapter_folders() {
  std::vector<std::filesystem::path> folders;
  const auto look = [&](const std::filesystem::path& bases) {
    if (!std::filesystem::is_directory(bases)) return;
    for (const auto& base : std::filesystem::directory_iterator(bases))
      if (base.is_directory())
        for (const auto& entry : std::filesystem::directory_iterator(base.path()))
          if (std::filesystem::exists(entry.path() / "adapter_config.json") && std::filesystem::exists(entry.path() / "reference.json")) folders.push_back(entry.path());
  };
  if (const auto figures = golden()) look(*figures / "models");
  if (const auto own = fixtures()) look(*own / "adapters");
  std::sort(folders.begin(), folders.end());
  return folders;
}

inline std::string name_of_adapter(const std::filesystem::path& folder) {
  return folder.parent_path().filename().string() + "_" + folder.filename().string();
}

}  // namespace hone::test
