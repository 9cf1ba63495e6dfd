#include "commands/program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/program_options.hpp>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <new>
#include <set>
#include <sstream>

#include "base/log.h"
#include "base/nearest.h"
#include "base/stop.h"
#include "base/version.h"
#include "recipe/binder.h"
#include "recipe/show.h"

namespace hone::commands {
namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

std::string overview() {
  std::string text =
      "Hone turns an organisation's documents into a fine-tuned language model and a report that says whether to use it.\n\n"
      "usage: hone VERB … [options]\n\n";
  for (const Verb& verb : verbs()) text += fmt::format("  {:<28} {}\n", verb.name + " " + verb.positional, verb.help);
  text +=
      "\nEverywhere: --set section.key=value (repeatable)  --runs DIR  --quiet  --log-json  --ok-exit 10,11  --help\n"
      "Exit codes: 0 done, 1 internal, 2 usage or recipe, 3 input or data, 4 diverged, 5 disk or memory, 10 a gate failed,\n"
      "11 inconclusive, 75 busy, 99 nothing to do, 143 stopped after saving.\n"
      "`hone VERB --help` says more. Start with: hone run recipes/quickstart.yaml\n";
  return text;
}

po::options_description declare(const Verb& verb) {
  po::options_description options("options");
  auto add = options.add_options();
  for (const Option& option : verb.options) {
    if (option.value_name.empty()) add(option.name.c_str(), option.help.c_str());
    else add(option.name.c_str(), po::value<std::string>()->value_name(option.value_name), option.help.c_str());
  }
  using Texts = std::vector<std::string>;
  add("set", po::value<Texts>()->composing()->value_name("KEY=VALUE"), "change one option of the recipe, such as training.num_epochs=2; repeatable");
  add("runs", po::value<std::string>()->value_name("DIR"), "where run directories live (default: $HONE_RUNS, else ./runs)");
  add("quiet,q", "warnings and errors only");
  add("log-json", "progress and messages as JSON lines on standard error");
  add("ok-exit", po::value<std::string>()->value_name("CODES"), "exit with 0 instead of these codes, for schedulers: 10,11,99");
  add("help,h", "this text");
  return options;
}

std::string help_of(const Verb& verb) {
  std::ostringstream text;
  text << "usage: hone " << verb.name << (verb.positional.empty() ? "" : " ") << verb.positional << " [options]\n\n" << verb.help << "\n";
  if (!verb.details.empty()) text << "\n" << verb.details << "\n";
  text << "\n" << declare(verb);
  if (!verb.section.empty())
    text << "\nOptions of the recipe's section " << verb.section << " (all sections: docs/options.md):\n" << recipe::options_text(verb.section);
  else if (verb.positional == "RECIPE")
    text << "\nOptions of the recipe: docs/options.md, or hone schema --options training\n";
  return text.str();
}

std::set<int> parse_codes(const std::string& text) {
  std::set<int> codes;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto code = recipe::parse_integer(part);
    if (!code || *code < 0 || *code > 255) throw Error(ExitCode::usage, "--ok-exit takes codes such as 10,11,99, not " + text);
    codes.insert(static_cast<int>(*code));
  }
  return codes;
}

struct Parsed {
  Arguments arguments;
  std::set<int> ok_codes;
  bool wants_help = false;
};

Parsed parse(const Verb& verb, int argc, char** argv) {
  const po::options_description options = declare(verb);
  po::options_description all = options;
  all.add_options()("positional", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("positional", -1);
  po::variables_map given;
  try {
    const int strict = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(argc, argv).options(all).positional(positional).style(strict).run(), given);
  } catch (const po::unknown_option& wrong) {
    std::vector<std::string> names;
    for (const auto& option : options.options()) names.push_back(option->long_name());
    std::string bare = wrong.get_option_name();
    bare.erase(0, bare.find_first_not_of('-'));
    const auto near = base::nearest(bare, names);
    throw Error(ExitCode::usage, fmt::format("hone {} has no option --{}{}", verb.name, bare, near ? "; did you mean --" + *near + "?" : ""));
  } catch (const po::error& wrong) {
    throw Error(ExitCode::usage, fmt::format("hone {}: {}", verb.name, wrong.what()));
  }
  Parsed parsed;
  parsed.wants_help = given.count("help") > 0;
  Arguments& arguments = parsed.arguments;
  arguments.verb = verb.name;
  if (given.count("positional")) arguments.positional = given["positional"].as<std::vector<std::string>>();
  if (given.count("set")) arguments.overrides = given["set"].as<std::vector<std::string>>();
  const char* home = std::getenv("HONE_RUNS");
  arguments.runs = given.count("runs") ? given["runs"].as<std::string>() : home && *home ? home : "runs";
  for (const Option& option : verb.options)
    if (given.count(option.name)) arguments.options[option.name] = option.value_name.empty() ? "" : given[option.name].as<std::string>();
  if (given.count("ok-exit")) parsed.ok_codes = parse_codes(given["ok-exit"].as<std::string>());
  if (given.count("log-json")) base::set_talk(base::Talk::json);
  else if (given.count("quiet")) base::set_talk(base::Talk::quiet);
  const size_t count = arguments.positional.size();
  if (!parsed.wants_help && (count < verb.least || count > verb.most))
    throw Error(ExitCode::usage, fmt::format("usage: hone {} {} [options]; `hone {} --help` says more", verb.name, verb.positional, verb.name));
  return parsed;
}

ExitCode dispatch(Program program, const Verb& verb, const Arguments& arguments, char** argv,
                  const std::map<std::string, VerbFunction>& here) {
  const bool engine = verb.needs_engine || (!verb.engine_option.empty() && arguments.has(verb.engine_option));
  const auto known = here.find(engine && !verb.engine_option.empty() ? verb.name + " --" + verb.engine_option : verb.name);
  if (known == here.end() && program == Program::engine)
    throw Error(ExitCode::usage, "hone-engine is started by hone; call hone " + verb.name);
  if (known == here.end()) become_engine(argv);
  return known->second(arguments);
}

int report_failure(ExitCode code, const std::string& message) {
  base::complain(message);
  return static_cast<int>(code);
}

int run_verb(Program program, int argc, char** argv, const std::map<std::string, VerbFunction>& here, std::set<int>& ok_codes) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name.empty() || name == "--help" || name == "-h" || name == "help") {
    std::cout << overview();
    return name.empty() ? static_cast<int>(ExitCode::usage) : 0;
  }
  if (name == "--version") {
    std::cout << "hone " << base::kVersion << "\n";
    return 0;
  }
  const Verb* verb = find_verb(name);
  if (!verb) {
    std::vector<std::string> names;
    for (const Verb& known : verbs()) names.push_back(known.name);
    const auto near = base::nearest(name, names);
    throw Error(ExitCode::usage, fmt::format("hone has no verb {}{}; `hone --help` lists them", name, near ? "; did you mean " + *near + "?" : ""));
  }
  const Parsed parsed = parse(*verb, argc - 1, argv + 1);
  if (parsed.wants_help) {
    std::cout << help_of(*verb);
    return 0;
  }
  ok_codes = parsed.ok_codes;
  return static_cast<int>(dispatch(program, *verb, parsed.arguments, argv, here));
}

}  // namespace

std::string Arguments::text(const std::string& name, const std::string& otherwise) const {
  const auto found = options.find(name);
  return found == options.end() ? otherwise : found->second;
}

int64_t Arguments::integer(const std::string& name, int64_t otherwise, int64_t least, int64_t most) const {
  if (!has(name)) return otherwise;
  const auto value = recipe::parse_integer(text(name));
  if (!value || *value < least || *value > most)
    throw Error(ExitCode::usage, fmt::format("--{} takes a whole number between {} and {}, not {}", name, least, most, text(name)));
  return *value;
}

double Arguments::number(const std::string& name, double otherwise, double least, double most) const {
  if (!has(name)) return otherwise;
  const auto value = recipe::parse_number(text(name), false);
  if (!value || *value < least || *value > most)
    throw Error(ExitCode::usage, fmt::format("--{} takes a number between {} and {}, not {}", name, least, most, text(name)));
  return *value;
}

fs::path program_folder() {
  std::error_code problem;
  const fs::path self = fs::read_symlink("/proc/self/exe", problem);
  if (problem) throw system_error("cannot find the running program by /proc/self/exe", problem.value());
  return self.parent_path();
}

void set_engine_environment() {
  ::setenv("GOMP_SPINCOUNT", "1000", 0);
}

void become_engine(char** argv) {
  set_engine_environment();
  const fs::path engine = program_folder() / "hone-engine";
  ::execv(engine.c_str(), argv);
  if (errno == ENOENT)
    throw Error(ExitCode::internal, "hone-engine is not beside hone (" + engine.string() + "); build it, or install both programs");
  throw system_error("cannot start " + engine.string(), errno);
}

int run_program(Program program, int argc, char** argv, const std::map<std::string, VerbFunction>& here) {
  std::set<int> ok_codes;
  int status = 0;
  try {
    base::listen_for_stop();
    status = run_verb(program, argc, argv, here, ok_codes);
  } catch (const Error& error) {
    status = report_failure(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    status = report_failure(ExitCode::storage, "out of memory; lower training.micro_batch_size or training.sequence_len, or free some memory");
  } catch (const fs::filesystem_error& error) {
    status = report_failure(ExitCode::storage, error.what());
  } catch (const std::exception& error) {
    std::string first_line = error.what();  // LibTorch adds its own stack
    first_line = first_line.substr(0, first_line.find('\n'));
    status = report_failure(ExitCode::internal, "unexpected: " + first_line + "; please report it with the command that led here");
  }
  std::cout.flush();
  return ok_codes.count(status) ? 0 : status;
}

}  // namespace hone::commands
