#include "document/file_reading.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

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

}  // namespace

FileReading::FileReading(std::filesystem::path program, ReaderLimits limits, bool test_faults,
                         const std::atomic<bool>& stop)
    : program_(std::move(program)), limits_(limits), test_faults_(test_faults), stop_(stop) {}

void FileReading::read(const std::filesystem::path& path, Request request, const Deliver& deliver) {
  std::string problem;
  const base::FileDescriptor file = open_regular(path, problem);
  if (!file.open()) {
    deliver({rejection(reason::kUnreadableFile, problem, 0)});
    return;
  }
  Cursor cursor;
  while (attempt(file.value(), request, cursor, deliver) == Attempt::failed) {
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
    bool ended = false;
    for (const Message& message : messages) {
      if (const auto* begin = std::get_if<Begin>(&message)) cursor.rows = begin->rows;
      if (const auto* document = std::get_if<Document>(&message)) cursor.last_row = document->row;
      if (const auto* rejected = std::get_if<Rejection>(&message)) cursor.last_row = rejected->row;
      ended = ended || std::holds_alternative<End>(message);
    }
    if (!deliver(std::move(messages)) || ended) return Attempt::done;
    messages.clear();
  }
}

Rejection FileReading::verdict(const Cursor& cursor) const {
  const uint64_t row = cursor.rows ? cursor.last_row + 1 : 0;
  const std::string where = cursor.rows ? "line " + std::to_string(row) + ": " : "";
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
