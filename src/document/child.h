#pragma once
/// The parent's side of one hone-read: started, spoken to, watched, and killed when it does not come back.
/// A child dies with the thread that started it (PR_SET_PDEATHSIG), so that thread has to keep it for its
/// life.
#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"
#include "document/frames.h"
#include "document/limits.h"

namespace hone::document {

/// hone-read beside this program, or in ../bin of it. Throws internal when it is not there.
std::filesystem::path find_hone_read();

class Child {
 public:
  /// Starts `program --serve` and waits for its greeting. Throws internal when it does not start or is of
  /// another version.
  Child(const std::filesystem::path& program, const ReaderLimits& limits, bool test_faults);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  enum class Status { frame, crashed, timed_out, out_of_memory, stopped };

  /// Hands the file over; the descriptor stays the caller's.
  void send(const Request& request, int fd);
  /// Waits for the next frame. `stop` ends the wait from outside. After anything but `frame` the child is
  /// dead.
  Status receive(std::vector<Message>& messages, const std::atomic<bool>& stop);

  /// The parent was busy with something else: its time is not the child's.
  void excuse_wait();

  bool fresh() const { return requests_ <= 1; }  ///< The request in hand is its first.
  const Hello& hello() const { return hello_; }
  const std::string& how_it_died() const {
    return obituary_;
  }  ///< "killed by signal 11 (Segmentation fault)"

 private:
  Status wait_readable(const std::atomic<bool>& stop);
  bool read_exactly(char* data, size_t size, Status& status, const std::atomic<bool>& stop);
  Status bury();
  double cpu_seconds() const;

  pid_t pid_ = -1;
  base::FileDescriptor requests_socket_, frames_pipe_;
  ReaderLimits limits_;
  Hello hello_;
  std::string obituary_;
  int requests_ = 0;
  double cpu_at_frame_ = 0, clock_at_frame_ = 0;
};

}  // namespace hone::document
