#include "document/file_reading.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "document/poppler.h"
#include "document/tool.h"

namespace hone::document {
namespace {

/// Opens a regular file; a pipe or device of the same name must not be waited for.
base::FileDescriptor open_regular(const std::filesystem::path& path, std::string& problem) {
  base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!file.open() || fstat(file.value(), &status) != 0) {
    problem = std::string("cannot be opened: ") + std::strerror(errno);
    return {};
  }
  if (!S_ISREG(status.st_mode)) {
    problem = "is not a regular file";
    return {};
  }
  return file;
}

/// What the file itself says it is, whatever its name. One with something before its mark goes through the child.
bool is_pdf(int fd) {
  char head[1024];
  const ssize_t got = pread(fd, head, sizeof head, 0);
  return got > 0 && begins_like_pdf({head, static_cast<size_t>(got)});
}

uint64_t size_of(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

template <typename Record>
void identify(Record& record, const Nested& identity, uint64_t bytes) {
  record.row = identity.row;
  record.id = identity.id;
  record.bytes = bytes;
}

}  // namespace

FileReading::FileReading(std::filesystem::path program, ReaderLimits limits, OcrSettings ocr, bool test_faults,
                         const std::atomic<bool>& stop)
    : program_(std::move(program)), limits_(limits), ocr_(std::move(ocr)), test_faults_(test_faults), stop_(stop) {}

void FileReading::read(const std::filesystem::path& path, Request request, const Deliver& deliver) {
  std::string problem;
  const base::FileDescriptor file = open_regular(path, problem);
  if (!file.open()) {
    deliver({rejection(reason::kUnreadableFile, problem, 0)});
    return;
  }
  if (!request.records.on() && (request.format == Format::automatic || request.format == Format::pdf) && is_pdf(file.value()))
    return read_pdf(file.value(), {0, "", request.name, ""}, deliver);
  read_open(file.value(), std::move(request), deliver);
}

void FileReading::read_open(int fd, Request request, const Deliver& deliver) {
  Cursor cursor;
  while (attempt(fd, request, cursor, deliver) == Attempt::failed) {
    const bool fresh = child_->fresh();
    child_.reset();
    const bool certain =
        cursor.rows ? fresh && request.careful : fresh || failure_ == Child::Status::timed_out;
    if (certain) {
      if (!deliver({verdict(cursor)}) || !cursor.rows) return;
      ++cursor.last_row;
    }
    request.careful = cursor.rows && !certain;
    request.first_row = cursor.last_row;
  }
}

void FileReading::read_pdf(int pdf, const Nested& identity, const Deliver& deliver) {
  const uint64_t bytes = size_of(pdf);
  PdfWords words = words_of_pdf(program_, pdf, limits_, stop_);
  for (const bool last : {!ocr_.on, true}) {
    if (stop_) return;
    if (auto* refused = std::get_if<Rejection>(&words)) {
      identify(*refused, identity, bytes);
      deliver({std::move(*refused)});
      return;
    }
    if (read_words(std::get<base::FileDescriptor>(words).value(), identity, bytes, last, deliver) || last) return;
    words = words_by_ocr(program_, pdf, ocr_, limits_, stop_);
  }
}

/// False when there is nothing but pictures, and it is not the `last` word about them.
bool FileReading::read_words(int words, const Nested& identity, uint64_t pdf_bytes, bool last, const Deliver& deliver) {
  Request request;
  request.format = Format::pdf;
  request.name = identity.name;
  bool scanned = false;
  read_open(words, request, [&](std::vector<Message> messages) {
    std::vector<Message> passed;
    for (Message& message : messages) {
      if (auto* document = std::get_if<Document>(&message)) identify(*document, identity, pdf_bytes);
      if (auto* refused = std::get_if<Rejection>(&message)) {
        identify(*refused, identity, pdf_bytes);
        scanned = scanned || refused->reason == reason::kScanned;
        if (scanned && !last) continue;
      }
      // Words are no file: what would be said of one, or found inside one, is not for the caller.
      const bool kept = std::holds_alternative<Document>(message) || std::holds_alternative<Rejection>(message) ||
                        std::holds_alternative<Hello>(message);
      if (kept) passed.push_back(std::move(message));
    }
    return passed.empty() || deliver(std::move(passed));
  });
  return !scanned;
}

void FileReading::read_nested(Nested nested, const Deliver& deliver) {
  if (!inner_) inner_ = std::make_unique<FileReading>(program_, limits_, ocr_, test_faults_, stop_);
  const base::FileDescriptor file = memory_file("pdf");
  for (size_t written = 0; written < nested.bytes.size();) {
    const ssize_t now = ::write(file.value(), nested.bytes.data() + written, nested.bytes.size() - written);
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) throw system_error("cannot hold " + nested.name + " in memory", errno);
    written += static_cast<size_t>(now);
  }
  nested.bytes.clear();
  inner_->read_pdf(file.value(), nested, deliver);
}

FileReading::Attempt FileReading::attempt(int fd, const Request& request, Cursor& cursor,
                                          const Deliver& deliver) {
  if (!child_) child_ = std::make_unique<Child>(program_, limits_, test_faults_);
  if (!greeted_ && !deliver({child_->hello()})) return Attempt::done;
  greeted_ = true;
  if (lseek(fd, 0, SEEK_SET) != 0) throw system_error("cannot read " + request.name, errno);
  child_->send(request, fd);
  std::vector<Message> messages;
  for (;;) {
    failure_ = child_->receive(messages, stop_);
    if (failure_ == Child::Status::stopped) return Attempt::done;
    if (failure_ != Child::Status::frame) {
      obituary_ = child_->how_it_died();
      return Attempt::failed;
    }
    bool ended = false, goes_on = true;
    std::vector<Message> passed;
    for (Message& message : messages) {
      if (auto* nested = std::get_if<Nested>(&message)) {
        if (request.format == Format::pdf) continue;  // poppler's answer holds none
        cursor.last_row = std::max(cursor.last_row, nested->row);
        goes_on = goes_on && (passed.empty() || deliver(std::move(passed)));
        passed.clear();
        if (goes_on) read_nested(std::move(*nested), deliver);
        child_->excuse_wait();
        continue;
      }
      if (const auto* begin = std::get_if<Begin>(&message)) cursor.rows = begin->rows;
      if (const auto* document = std::get_if<Document>(&message)) cursor.last_row = document->row;
      if (const auto* rejected = std::get_if<Rejection>(&message)) cursor.last_row = rejected->row;
      ended = ended || std::holds_alternative<End>(message);
      passed.push_back(std::move(message));
    }
    if (!goes_on || !deliver(std::move(passed)) || ended) return Attempt::done;
    messages.clear();
  }
}

Rejection FileReading::verdict(const Cursor& cursor) const {
  const uint64_t row = cursor.rows ? cursor.last_row + 1 : 0;
  const std::string where = cursor.rows ? "row " + std::to_string(row) + ": " : "";
  if (failure_ == Child::Status::timed_out)
    return rejection(reason::kTimedOut, where + "its reader " + obituary_, 0, row);
  if (failure_ == Child::Status::out_of_memory)
    return rejection(
        reason::kTooLarge,
        where + "its reader needed more than " + std::to_string(limits_.memory_bytes) + " bytes of memory", 0,
        row);
  return rejection(reason::kCrashed, where + "its reader failed (" + obituary_ + ")", 0, row);
}

}  // namespace hone::document
