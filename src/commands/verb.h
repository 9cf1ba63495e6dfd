#pragma once
/// What a verb of the command line is: its words, its options, where it runs. One table (verbs.cpp) serves both programs,
/// --help and the manual's command reference.
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace hone::commands {

struct Option {
  std::string name;        ///< "prompt", given as --prompt
  std::string value_name;  ///< "TEXT"; empty for a switch.
  std::string help;
};

/// What the user wrote, parsed.
struct Arguments {
  std::string verb;
  std::vector<std::string> positional;
  std::vector<std::string> overrides;            ///< --set, in order.
  std::filesystem::path runs;                    ///< --runs: where run directories live.
  std::map<std::string, std::string> options;    ///< Of this verb; switches map to "".

  bool has(const std::string& name) const { return options.count(name) > 0; }
  std::string text(const std::string& name, const std::string& otherwise = "") const;
  /// Throws usage naming the option when it is no number of that kind or out of range.
  int64_t integer(const std::string& name, int64_t otherwise, int64_t least, int64_t most) const;
  double number(const std::string& name, double otherwise, double least, double most) const;
};

struct Verb {
  std::string name;
  std::string positional;   ///< "RECIPE", "RUN DOCUMENT", "" …
  size_t least = 0, most = 0;  ///< Positional arguments.
  std::string help;         ///< One line.
  std::string details;      ///< Paragraphs under it in --help; may be empty.
  std::vector<Option> options;
  std::string section;      ///< Section of the recipe whose options --help adds; empty: none.
  bool needs_engine = false;                     ///< Needs a tensor: `hone` hands it to `hone-engine`.
  std::string engine_option;                     ///< Needs the engine only with this option.
};

const std::vector<Verb>& verbs();
const Verb* find_verb(const std::string& name);

using VerbFunction = std::function<ExitCode(const Arguments&)>;

}  // namespace hone::commands
