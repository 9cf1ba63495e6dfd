/// hone-read: the document parsers, in a process of their own.
///   hone-read --serve …              started by hone; locks itself in, takes open files on descriptor 3, answers on 4
///                                    (document/frames.h)
///   hone-read … --become PROGRAM …   started by hone; confines itself and becomes poppler's or another program (document/confined.h)
///   hone-read --probe                prints as JSON what of the sandbox works here; exit 0 when all of it does
///   hone-read FILE…                  prints what would be read, one JSON object a document or rejection; the files are opened,
///                                    then the process locks itself in before it looks inside
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "document/confined.h"
#include "document/libraries.h"
#include "document/poppler.h"
#include "document/reader.h"
#include "document/sandbox.h"
#include "document/serve.h"

namespace {

using namespace hone;
using namespace hone::document;

constexpr const char* kUsage =
    "usage: hone-read [--format txt|markdown|html|csv|jsonl] [--text-field NAME] FILE…   or   hone-read "
    "--probe\n";

class Printer final : public Output {
 public:
  explicit Printer(std::string name) : name_(std::move(name)) {}
  void begin(bool) override {}
  void progress(uint64_t) override {}
  void item(Item item) override {
    nlohmann::ordered_json line = {{"path", name_}};
    if (const auto* document = std::get_if<Document>(&item)) {
      for (const auto& [key, value] :
           {std::pair{"id", &document->id}, {"title", &document->title}, {"encoding", &document->encoding}})
        if (!value->empty()) line[key] = *value;
      if (document->row > 0) line["row"] = document->row;
      if (!document->metadata.empty())
        line["metadata"] = nlohmann::json::parse(document->metadata, nullptr, false);
      line["text"] = document->text;
    } else {
      const auto& rejected = std::get<Rejection>(item);
      if (rejected.row > 0) line["row"] = rejected.row;
      line["rejected"] = rejected.reason;
      line["message"] = rejected.message;
    }
    std::puts(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  }

 private:
  std::string name_;
};

int probe() {
  open_libraries();
  const Sandbox sandbox = lock_in(ReaderLimits{}.memory_bytes, FileWrites::allowed);
  const nlohmann::ordered_json facts = {{"seccomp", sandbox.filtered}, {"detail", sandbox.detail}};
  std::puts(facts.dump().c_str());
  return sandbox.filtered ? 0 : 1;
}

struct Arguments {
  bool serve = false, probe = false;
  Confinement confinement;
  std::vector<std::string> become;  ///< The program to become and its arguments.
  ServeOptions options;
  Input input;
  std::vector<std::string> files;
};

uint64_t number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error(ExitCode::usage, "\"" + std::string(text) + "\" is not a number");
  return value;
}

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  ReaderLimits& limits = arguments.options.limits;
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  for (size_t i = 0; i < words.size(); ++i) {
    const auto value = [&]() -> std::string_view {
      if (++i == words.size())
        throw Error(ExitCode::usage, "a value is missing after " + std::string(words[i - 1]));
      return words[i];
    };
    if (words[i] == "--serve")
      arguments.serve = true;
    else if (words[i] == "--probe")
      arguments.probe = true;
    else if (words[i] == "--cpu-seconds")
      arguments.confinement.cpu_seconds = number(value());
    else if (words[i] == "--output-bytes")
      arguments.confinement.output_bytes = number(value());
    else if (words[i] == "--become") {
      arguments.become.assign(words.begin() + static_cast<ptrdiff_t>(i) + 1, words.end());
      if (arguments.become.empty()) throw Error(ExitCode::usage, "a program is missing after --become");
      break;
    } else if (words[i] == "--test-faults")
      arguments.options.test_faults = true;
    else if (words[i] == "--memory-bytes")
      limits.memory_bytes = number(value());
    else if (words[i] == "--document-bytes")
      limits.max_document_bytes = number(value());
    else if (words[i] == "--row-bytes")
      limits.max_row_bytes = number(value());
    else if (words[i] == "--inflated-bytes")
      limits.max_inflated_bytes = number(value());
    else if (words[i] == "--format")
      arguments.input.format = format_named(value());
    else if (words[i] == "--text-field")
      arguments.input.text_field = value();
    else if (words[i].starts_with("--"))
      throw Error(ExitCode::usage, std::string(words[i]) + " is no option of hone-read\n" + kUsage);
    else
      arguments.files.emplace_back(words[i]);
  }
  return arguments;
}

/// A PDF as poppler reads it: the words take the place of the file. False when there are none, which is printed.
bool prepare_pdf(base::FileDescriptor& file, const std::string& name, const ReaderLimits& limits) {
  char head[1024];
  const ssize_t got = pread(file.value(), head, sizeof head, 0);
  if (got <= 0 || !begins_like_pdf({head, static_cast<size_t>(got)})) return true;
  const std::atomic<bool> never{false};
  PdfWords words = words_of_pdf(std::filesystem::read_symlink("/proc/self/exe"), file.value(), limits, never);
  if (auto* refused = std::get_if<Rejection>(&words)) {
    Printer(name).item(std::move(*refused));
    return false;
  }
  file = std::move(std::get<base::FileDescriptor>(words));
  return true;
}

int print_files(Arguments arguments) {
  std::vector<base::FileDescriptor> open_files;
  for (const std::string& file : arguments.files) {
    open_files.emplace_back(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!open_files.back().open()) throw system_error("cannot read " + file, errno);
    if (!prepare_pdf(open_files.back(), file, arguments.options.limits)) open_files.back().close();
  }
  open_libraries();
  const Sandbox sandbox = lock_in(arguments.options.limits.memory_bytes, FileWrites::allowed);
  if (!sandbox.filtered) std::fprintf(stderr, "warning: no system call filter: %s\n", sandbox.detail.c_str());
  for (size_t i = 0; i < open_files.size(); ++i) {
    if (!open_files[i].open()) continue;
    arguments.input.fd = open_files[i].value();
    arguments.input.name = arguments.files[i];
    arguments.input.limits = arguments.options.limits;
    Printer printer(arguments.files[i]);
    read_file(arguments.input, printer);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Arguments arguments = parse(argc, argv);
    if (arguments.serve) return serve(arguments.options);
    if (arguments.probe) return probe();
    if (!arguments.become.empty()) {
      arguments.confinement.memory_bytes = arguments.options.limits.memory_bytes;
      return become(std::move(arguments.become), arguments.confinement);
    }
    if (arguments.files.empty()) throw Error(ExitCode::usage, kUsage);
    return print_files(std::move(arguments));
  } catch (const Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return static_cast<int>(ExitCode::internal);
  }
}
