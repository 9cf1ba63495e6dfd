#include "document/stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/thread_pool.h"
#include "document/file_reading.h"
#include "document/inputs.h"

namespace hone::document {
namespace {

// Memory is bounded by these: what is read ahead of the caller.
constexpr size_t kMaxAheadBytes = 64 << 20;   // over all files that are not yet the caller's turn
constexpr size_t kMaxFrontBytes = 16 << 20;   // of the file whose turn it is
constexpr size_t kFilesPerThread = 16;
constexpr size_t kHashBlock = 1 << 18;

/// One file between its reader and the caller.
struct Unit {
  std::deque<Message> ready;
  size_t ready_bytes = 0;
  std::string sha256;  // set before the first message
  bool done = false;
  std::exception_ptr error;
};

size_t held_bytes(const std::vector<Message>& messages) {
  size_t bytes = 0;
  for (const Message& message : messages) {
    bytes += sizeof(Message);
    if (const auto* document = std::get_if<Document>(&message)) bytes += document->text.size() + document->metadata.size();
  }
  return bytes;
}

/// SHA-256 of a file as stored; "" when it cannot be read (its reader will say why) or `stop` came.
std::string file_sha256(const std::filesystem::path& path, const std::atomic<bool>& stop) {
  const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!file.open() || fstat(file.value(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  base::Sha256 hash;
  std::vector<char> block(std::clamp<size_t>(static_cast<size_t>(status.st_size), 1, kHashBlock));
  while (!stop) {
    const ssize_t got = ::read(file.value(), block.data(), block.size());
    if (got == 0) return hash.hex();
    if (got > 0)
      hash.add({block.data(), static_cast<size_t>(got)});
    else if (errno != EINTR)
      break;
  }
  return {};
}

/// Whether `label` is one of a file inside `file`: "mails.mbox#3!offer.docx", "old.zip!a/b.txt".
bool lies_in(const std::string& label, const std::string& file) {
  return label.starts_with(file) && label.find('!', file.size()) != std::string::npos &&
         (label[file.size()] == '!' || label[file.size()] == '#');
}

}  // namespace

struct DocumentStream::State {
  State(std::vector<SourceSpec> specs, ReaderOptions reader_options)
      : sources(std::move(specs)), options(std::move(reader_options)), inputs(list_inputs(sources)) {
    for (const SourceSpec& source : sources) formats.push_back(format_named(source.format));
    for (const InputFile& input : inputs) total += input.bytes;
  }
  ~State() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    room.notify_all();
    for (std::thread& worker : workers) worker.join();
  }

  std::vector<SourceSpec> sources;
  ReaderOptions options;
  std::vector<InputFile> inputs;
  std::vector<Format> formats;
  uint64_t total = 0;

  std::mutex mutex;
  std::condition_variable filled, room;
  std::vector<size_t> to_read;  // files that the caller does not know; set before the workers start
  std::deque<Unit> units;       // units[i] belongs to inputs[to_read[front + i]]
  size_t front = 0, claimed = 0, claims_ahead = 0, ahead_bytes = 0;
  std::atomic<bool> ending{false};
  bool warned = false;
  std::vector<std::thread> workers;

  // The caller's side only.
  Recall recalling;
  std::vector<std::string> sha256;  // of all files, or empty
  bool started = false, recalled = false;
  size_t file = 0;  // whose items are handed out
  std::string wanted;
  std::deque<Message> current;
  std::string front_sha256;
  uint64_t finished_bytes = 0, front_bytes = 0, renamed = 0;
  std::unordered_set<uint64_t> ids;

  bool known(size_t index) const { return recalling.knows && recalling.knows(index); }

  void start() {
    started = true;
    for (size_t i = 0; i < inputs.size(); ++i)
      if (!known(i)) to_read.push_back(i);
    if (to_read.empty()) return;
    if (options.program.empty()) options.program = find_hone_read();
    const size_t count = static_cast<size_t>(options.threads > 0 ? options.threads : base::available_processors());
    claims_ahead = kFilesPerThread * count;  // before any worker looks at it
    for (size_t i = 0; i < std::min(count, to_read.size()); ++i) workers.emplace_back([this] { work(); });
  }

  // ---- readers

  std::optional<size_t> claim() {
    std::unique_lock lock(mutex);
    room.wait(lock, [&] { return ending || claimed == to_read.size() || claimed < front + claims_ahead; });
    if (ending || claimed == to_read.size()) return std::nullopt;
    units.emplace_back();
    return claimed++;
  }

  void note_sha256(size_t index, std::string hex) {
    const std::lock_guard lock(mutex);
    if (!ending) units[index - front].sha256 = std::move(hex);
  }

  /// Hands messages over when there is room; false when the stream is being closed.
  bool deliver(size_t index, std::vector<Message> messages) {
    const size_t bytes = held_bytes(messages);
    std::unique_lock lock(mutex);
    room.wait(lock, [&] {
      if (ending) return true;
      return index == front ? units.front().ready_bytes < kMaxFrontBytes : ahead_bytes < kMaxAheadBytes;
    });
    if (ending) return false;
    Unit& unit = units[index - front];
    for (Message& message : messages) unit.ready.push_back(std::move(message));
    unit.ready_bytes += bytes;
    ahead_bytes += bytes;
    if (index == front) filled.notify_one();
    return true;
  }

  void finish(size_t index, std::exception_ptr error) {
    const std::lock_guard lock(mutex);
    if (ending) return;
    units[index - front].done = true;
    units[index - front].error = std::move(error);
    if (index == front) filled.notify_one();
  }

  void work() {
    FileReading reading(options.program, options.limits, options.ocr, options.test_faults, ending);
    while (const std::optional<size_t> index = claim()) {
      const InputFile& input = inputs[to_read[*index]];
      note_sha256(*index, sha256.empty() ? file_sha256(input.path, ending) : sha256[to_read[*index]]);
      Request request;
      request.format = formats[input.source];
      request.name = input.name;
      request.text_field = sources[input.source].text_field;
      request.records = sources[input.source].records;
      try {
        reading.read(input.path, request, [&](std::vector<Message> messages) { return deliver(*index, std::move(messages)); });
        finish(*index, nullptr);
      } catch (...) {
        finish(*index, std::current_exception());
      }
    }
  }

  // ---- the caller

  void end_file() {
    finished_bytes += inputs[file].bytes;
    front_bytes = 0;
    ++file;
  }

  /// Moves what is ready of the file whose turn it is to `current`; false when all files are done.
  bool refill() {
    while (file < inputs.size()) {
      const bool is_read = front < to_read.size() && to_read[front] == file;
      if (is_read ? refill_from_reader() : refill_from_caller()) return true;
      end_file();
    }
    return false;
  }

  bool refill_from_caller() {
    if (std::exchange(recalled, !recalled)) return false;
    for (Item& item : recalling.items(file)) std::visit([this](auto& record) { current.emplace_back(std::move(record)); }, item);
    if (current.empty()) recalled = false;
    return !current.empty();
  }

  bool refill_from_reader() {
    std::unique_lock lock(mutex);
    filled.wait(lock, [&] { return !units.empty() && (!units.front().ready.empty() || units.front().done); });
    Unit& unit = units.front();
    if (!unit.ready.empty()) {
      current.swap(unit.ready);
      front_sha256 = unit.sha256;
      ahead_bytes -= unit.ready_bytes;
      unit.ready_bytes = 0;
      room.notify_all();
      return true;
    }
    const std::exception_ptr error = unit.error;
    units.pop_front();
    ++front;
    room.notify_all();
    if (error) std::rethrow_exception(error);
    return false;
  }

  void make_unique(std::string& id) {
    if (ids.insert(base::hash64(id)).second) return;
    ++renamed;
    for (uint64_t n = 2;; ++n) {
      std::string other = id + "~" + std::to_string(n);
      if (!ids.insert(base::hash64(other)).second) continue;
      id = std::move(other);
      return;
    }
  }

  template <typename Record>
  void name(Record& record) {
    const InputFile& input = inputs[file];
    if (record.id.empty()) record.id = record.row == 0 ? input.name : input.name + "#" + std::to_string(record.row);
    if (record.source.empty()) record.source = sources[input.source].name;
    if (!lies_in(record.path, input.name)) record.path = lies_in(record.id, input.name) ? record.id : input.name;
    wanted = record.id;
    make_unique(record.id);
  }

  Item complete(Document document) {
    name(document);
    const SourceSpec& source = sources[inputs[file].source];
    if (document.licence.empty()) document.licence = source.licence;
    if (document.access.empty()) document.access = source.access;
    document.measured_only = source.measured_only;
    document.source_sha256 = front_sha256;
    return document;
  }

  Item complete(Rejection rejected) {
    name(rejected);
    if (rejected.bytes == 0 && rejected.row == 0) rejected.bytes = inputs[file].bytes;
    return rejected;
  }

  void greet(const Hello& hello) {
    if (hello.filtered || warned) return;
    warned = true;
    base::warn("documents are parsed without a system call filter: " + hello.detail);
  }

  std::optional<Item> next() {
    for (;;) {
      if (current.empty() && !refill()) return std::nullopt;
      Message message = std::move(current.front());
      current.pop_front();
      if (auto* document = std::get_if<Document>(&message)) return complete(std::move(*document));
      if (auto* rejected = std::get_if<Rejection>(&message)) return complete(std::move(*rejected));
      if (const auto* progress = std::get_if<Progress>(&message))
        front_bytes = std::min(progress->stored_bytes, inputs[file].bytes);
      if (const auto* hello = std::get_if<Hello>(&message)) greet(*hello);
    }
  }
};

DocumentStream::DocumentStream(std::vector<SourceSpec> sources, ReaderOptions options)
    : state_(std::make_unique<State>(std::move(sources), std::move(options))) {}
DocumentStream::~DocumentStream() = default;
DocumentStream::DocumentStream(DocumentStream&&) noexcept = default;
DocumentStream& DocumentStream::operator=(DocumentStream&&) noexcept = default;

std::optional<Item> DocumentStream::next() {
  if (!state_->started) state_->start();
  return state_->next();
}

void DocumentStream::recall(Recall recall) { state_->recalling = std::move(recall); }
void DocumentStream::take_sha256(std::vector<std::string> hex) {
  if (hex.size() == state_->inputs.size()) state_->sha256 = std::move(hex);
}

size_t DocumentStream::file() const { return state_->file; }
const std::string& DocumentStream::wanted_id() const { return state_->wanted; }
size_t DocumentStream::source_of(size_t file) const { return state_->inputs[file].source; }
const std::string& DocumentStream::name_of(size_t file) const { return state_->inputs[file].name; }
uint64_t DocumentStream::bytes_total() const { return state_->total; }
uint64_t DocumentStream::bytes_done() const { return state_->finished_bytes + state_->front_bytes; }
uint64_t DocumentStream::files_total() const { return state_->inputs.size(); }
uint64_t DocumentStream::renamed_ids() const { return state_->renamed; }
const std::vector<SourceSpec>& DocumentStream::sources() const { return state_->sources; }

std::vector<std::filesystem::path> DocumentStream::files() const {
  std::vector<std::filesystem::path> paths;
  for (const InputFile& input : state_->inputs) paths.push_back(input.path);
  return paths;
}

}  // namespace hone::document
