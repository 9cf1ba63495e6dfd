/// hone-read: the document parsers, in a process of their own.
///   hone-read --serve …   started by hone; locks itself in, takes open files on descriptor 3, answers on 4
///   (document/frames.h) hone-read --probe     prints as JSON what of the sandbox works here; exit 0 when all
///   of it does hone-read FILE…       prints what would be read, one JSON object a document or rejection; the
///   files are opened, then the
///                         process locks itself in before it looks inside
#include <fcntl.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "document/encoding.h"
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
  open_converters();
  const Sandbox sandbox = lock_in(ReaderLimits{}.memory_bytes, FileWrites::allowed);
  const nlohmann::ordered_json facts = {{"seccomp", sandbox.filtered}, {"detail", sandbox.detail}};
  std::puts(facts.dump().c_str());
  return sandbox.filtered ? 0 : 1;
}

struct Arguments {
  bool serve = false, probe = false;
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
    else if (words[i] == "--test-faults")
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

int print_files(Arguments arguments) {
  std::vector<base::FileDescriptor> open_files;
  for (const std::string& file : arguments.files) {
    open_files.emplace_back(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!open_files.back().open()) throw system_error("cannot read " + file, errno);
  }
  open_converters();
  const Sandbox sandbox = lock_in(arguments.options.limits.memory_bytes, FileWrites::allowed);
  if (!sandbox.filtered) std::fprintf(stderr, "warning: no system call filter: %s\n", sandbox.detail.c_str());
  for (size_t i = 0; i < open_files.size(); ++i) {
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
