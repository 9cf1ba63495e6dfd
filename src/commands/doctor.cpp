/// `hone doctor`: what this machine offers and what is missing. The part that needs LibTorch is asked of hone-engine, so that a
/// missing LibTorch is an answer and not a failure.
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/json_file.h"
#include "base/log.h"
#include "base/thread_pool.h"
#include "commands/here.h"
#include "commands/program.h"
#include "document/tool.h"

namespace hone::commands {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown";
}

std::vector<std::string> instruction_sets() {
  std::ifstream info("/proc/cpuinfo");
  std::string flags;
  for (std::string line; std::getline(info, line);)
    if (line.rfind("flags", 0) == 0) {
      flags = line + " ";
      break;
    }
  std::vector<std::string> found;
  for (const char* set : {"avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8"})
    if (flags.find(std::string(" ") + set + " ") != std::string::npos) found.push_back(set);
  return found;
}

struct Answer {
  int status = -1;
  std::string output;
};

/// Runs one of Hone's own programs and reads what it prints.
Answer ask(const fs::path& program, const std::vector<std::string>& words) {
  std::array<int, 2> pipe_ends{};
  if (::pipe(pipe_ends.data()) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pipe_ends[1], STDOUT_FILENO);
    ::dup2(pipe_ends[1], STDERR_FILENO);
    ::close(pipe_ends[0]);
    std::vector<std::string> owned = words;
    std::string name = program.string();
    std::vector<char*> argv{name.data()};
    for (std::string& word : owned) argv.push_back(word.data());
    argv.push_back(nullptr);
    set_engine_environment();
    ::execv(program.c_str(), argv.data());
    _exit(127);
  }
  ::close(pipe_ends[1]);
  Answer answer;
  char block[4096];
  for (ssize_t n = 0; (n = ::read(pipe_ends[0], block, sizeof block)) > 0;) answer.output.append(block, static_cast<size_t>(n));
  ::close(pipe_ends[0]);
  int status = 0;
  if (child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status)) answer.status = WEXITSTATUS(status);
  return answer;
}

json machine() {
  struct sysinfo memory {};
  sysinfo(&memory);
  struct statvfs disk {};
  statvfs(".", &disk);
  return {{"processor", processor_name()},
          {"threads", base::available_processors()},
          {"instruction_sets", instruction_sets()},
          {"memory_bytes", static_cast<uint64_t>(memory.totalram) * memory.mem_unit},
          {"memory_free_bytes", static_cast<uint64_t>(memory.freeram + memory.bufferram) * memory.mem_unit},
          {"disk_free_bytes", static_cast<uint64_t>(disk.f_bavail) * disk.f_frsize}};
}

json engine_part() {
  const fs::path engine = program_folder() / "hone-engine";
  if (!fs::exists(engine)) return {{"works", false}, {"problem", "hone-engine is not beside hone"}, {"do", "build it: cmake --workflow --preset release"}};
  const Answer answer = ask(engine, {"doctor", "--json"});
  if (answer.status == 0) {
    try {
      json facts = base::parse_json(answer.output, "hone-engine");
      facts["works"] = true;
      return facts;
    } catch (const Error&) {
    }
  }
  return {{"works", false}, {"problem", answer.output.substr(0, 400)}, {"do", "bring LibTorch: third_party/bootstrap.sh"}};
}

json reader_part() {
  const fs::path reader = program_folder() / "hone-read";
  if (!fs::exists(reader)) return {{"works", false}, {"problem", "hone-read is not beside hone"}, {"do", "build it: cmake --workflow --preset release"}};
  const Answer answer = ask(reader, {"--probe"});
  try {
    json facts = base::parse_json(answer.output, "hone-read");
    facts["works"] = true;
    return facts;
  } catch (const Error&) {
    return {{"works", false}, {"problem", answer.output.substr(0, 400)}};
  }
}

/// Programs of others that read documents; without one of them, some documents are rejected by name.
json tools_part() {
  json tools;
  for (const char* name : {"pdftotext", "pdftoppm", "tesseract"}) {
    const auto found = document::find_tool(name);
    tools[name] = found ? json(found->string()) : json(nullptr);
  }
  tools["poppler_data"] = fs::is_directory("/usr/share/poppler/cMap");
  return tools;
}

std::string tools_sentence(const json& tools) {
  std::string sentence;
  if (tools["pdftotext"].is_null())
    return "PDF documents cannot be read: apt-get install poppler-utils poppler-data";
  sentence = "PDF documents are read by poppler";
  if (!tools["poppler_data"].get<bool>()) sentence += ", without its maps for Korean (apt-get install poppler-data)";
  const bool ocr = !tools["tesseract"].is_null() && !tools["pdftoppm"].is_null();
  return sentence + (ocr ? "; scans can be read by tesseract" : "; scans cannot be read: apt-get install tesseract-ocr tesseract-ocr-kor");
}

std::string engine_sentence(const json& engine) {
  const int64_t accelerators = engine.value("accelerators", int64_t{0});
  return fmt::format("LibTorch {}, kernels for {}, {} threads; {}", engine.value("libtorch", "?"), engine.value("instruction_set", "?"),
                     engine.value("threads", 0),
                     accelerators == 0 ? "no CUDA device: training runs on the CPU" : fmt::format("{} CUDA devices", accelerators));
}

std::string reader_sentence(const json& reader) {
  const std::string detail = reader.value("detail", "");
  return reader.value("seccomp", false) ? "documents are parsed in a sandbox (seccomp)"
                                        : "documents are parsed WITHOUT a sandbox on this machine" + (detail.empty() ? "" : ": " + detail);
}

void print_part(const char* name, const json& part, const std::string& sentence) {
  if (part["works"].get<bool>()) {
    std::cout << fmt::format("{:<11} {}\n", name, sentence);
    return;
  }
  std::cout << fmt::format("{:<11} does not work: {}\n", name, part.value("problem", "no answer"));
  if (part.contains("do")) std::cout << fmt::format("{:<11} {}\n", "", part["do"].get<std::string>());
}

}  // namespace

ExitCode doctor(const Arguments& arguments) {
  const json facts = {{"machine", machine()}, {"engine", engine_part()}, {"reader", reader_part()}, {"tools", tools_part()}};
  if (arguments.has("json")) {
    std::cout << facts.dump(2) << "\n";
    return ExitCode::done;
  }
  const json& host = facts["machine"];
  std::string sets;
  for (const json& set : host["instruction_sets"]) sets += " " + set.get<std::string>();
  std::cout << fmt::format("processor   {} ({} threads;{})\n", host["processor"].get<std::string>(), host["threads"].get<int>(), sets);
  std::cout << fmt::format("memory      {} ({} free)\n", base::human_bytes(host["memory_bytes"].get<double>()),
                           base::human_bytes(host["memory_free_bytes"].get<double>()));
  std::cout << fmt::format("disk        {} free here\n", base::human_bytes(host["disk_free_bytes"].get<double>()));
  print_part("engine", facts["engine"], engine_sentence(facts["engine"]));
  print_part("reader", facts["reader"], reader_sentence(facts["reader"]));
  std::cout << fmt::format("{:<11} {}\n", "pdf", tools_sentence(facts["tools"]));
  return ExitCode::done;
}

}  // namespace hone::commands
