#pragma once
/// One file through a child, whatever the file does to it. A child that fails is replaced; a verdict on a
/// document counts only when it came from a child that had read nothing before, so that outcomes do not
/// depend on what was read earlier.
///
/// A file of rows whose reader fails is read again from the first row not yet delivered, one row a frame: the
/// next failure then names its row, which is rejected and passed over.
///
/// A PDF goes through poppler first (poppler.h); the child sees what poppler printed. One inside another file comes back from the
/// child as Nested and goes the same way, by a reading of its own, while the child waits.
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "document/child.h"
#include "document/ocr.h"

namespace hone::document {

class FileReading {
 public:
  /// Takes what was read; false ends the reading.
  using Deliver = std::function<bool(std::vector<Message>)>;

  /// `stop` is asked while a child is waited for. Belongs to one thread for its life.
  FileReading(std::filesystem::path program, ReaderLimits limits, OcrSettings ocr, bool test_faults,
              const std::atomic<bool>& stop);

  /// Throws internal when hone-read does not start at all.
  void read(const std::filesystem::path& path, Request request, const Deliver& deliver);

 private:
  enum class Attempt { done, failed };
  struct Cursor {
    bool rows = false;
    uint64_t last_row = 0;
  };

  void read_open(int fd, Request request, const Deliver& deliver);
  void read_pdf(int pdf, const Nested& identity, const Deliver& deliver);
  bool read_words(int words, const Nested& identity, uint64_t pdf_bytes, bool last, const Deliver& deliver);
  void read_nested(Nested nested, const Deliver& deliver);
  Attempt attempt(int fd, const Request& request, Cursor& cursor, const Deliver& deliver);
  Rejection verdict(const Cursor& cursor) const;

  std::filesystem::path program_;
  ReaderLimits limits_;
  OcrSettings ocr_;
  bool test_faults_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<Child> child_;
  Child::Status failure_ = Child::Status::frame;
  std::string obituary_;
  bool greeted_ = false;
  std::unique_ptr<FileReading> inner_;  ///< For documents inside the one at hand.
};

}  // namespace hone::document
