#pragma once
/// A foreign configuration while it is read: what has been asked for is ticked off, the rest is listed at the end.
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "recipe/import/draft.h"

namespace hone::recipe {

/// Where relative paths count from, and where they will be read.
struct Folders {
  std::filesystem::path file;  ///< Folder of the foreign file.
  std::filesystem::path out;   ///< Folder of the recipe.
};

/// `keys` of the foreign toolkit whose value is taken over as it is, and the option that takes it.
struct Renamed {
  const char* key;
  const char* option;
};

/// Why Hone needs no counterpart, where several toolkits ask for the same.
inline constexpr const char* kKernels = "Hone chooses attention and kernels for the machine itself";
inline constexpr const char* kTrackers = "nothing is sent anywhere; metrics.jsonl and tensorboard/ are in the run's folder";
inline constexpr const char* kOneProcess = "training runs in one process";

/// Keys that Hone needs no counterpart for, and why. A name that ends in * stands for all that begin so.
struct Idle {
  const char* key;
  const char* why;
};

class Foreign {
 public:
  /// `prefix` goes before keys in comments: "datasets[0].".
  Foreign(const Value& mapping, RecipeDraft& draft, const Folders& folders, std::string prefix = "");

  /// The value of a key, ticked off; nullptr when it is absent or empty.
  const Value* take(const std::string& key);
  std::string text(const std::string& key, const std::string& otherwise = "");
  bool flag(const std::string& key, bool otherwise = false);
  std::optional<double> number(const std::string& key);
  bool has(const std::string& key) const;

  /// Takes the key over into `option`; true when it was there.
  bool move(const std::string& key, const std::string& option);
  void move_all(const std::vector<Renamed>& table);
  /// The toolkit's default of an option that was not put.
  void otherwise(const std::string& option, const std::string& value, const std::string& whose);
  void lose(const std::string& key, const std::string& why);
  /// Everything not asked for: by `idle` where it says why, else as unknown.
  void finish(const std::vector<Idle>& idle);

  std::string origin(const std::string& key) const;
  /// As seen from the recipe. What does not exist and looks like org/name stays as it is.
  std::string path(const std::string& text) const;
  RecipeDraft& draft() { return draft_; }
  const Folders& folders() const { return folders_; }
  const Value& mapping() const { return mapping_; }

 private:
  const Value& mapping_;
  RecipeDraft& draft_;
  const Folders& folders_;
  std::string prefix_;
  std::set<std::string> taken_;
};

/// Text of a scalar, lists joined with commas; for comments and look-ups.
std::string plain_text(const Value& value);

/// Names of optimizers and schedules as transformers, PyTorch and bitsandbytes spell them.
void put_optimizer(Foreign& foreign, const std::string& key, const std::string& name);
void put_schedule(Foreign& foreign, const std::string& key, const std::string& name);
/// Names of layers: "all", "all-linear", lists; torchtune's output_proj is o_proj.
void put_targets(Foreign& foreign, const std::string& key, const std::vector<std::string>& names);

/// model.path, with what has to be at hand.
void put_model(Foreign& foreign, const std::string& key, const std::string& path);

/// A file, or a data set of the Hub that must be downloaded first; `format` as in source_format.h.
size_t put_source(Foreign& foreign, const std::string& key, const std::string& path, const std::string& format);

void import_axolotl(const Value& root, const Folders& folders, RecipeDraft& draft);
void import_llama_factory(const Value& root, const Folders& folders, RecipeDraft& draft);
void import_torchtune(const Value& root, const Folders& folders, RecipeDraft& draft);

}  // namespace hone::recipe
