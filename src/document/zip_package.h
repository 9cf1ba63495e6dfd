#pragma once
/// A ZIP file in memory whose entries are the parts of one document (OOXML, OpenDocument, HWPX): the one way
/// in which readers of such documents inflate anything.
///
/// All that is inflated counts against one budget, ReaderLimits::max_document_bytes, so that a small file
/// cannot become gigabytes. Entry names are only compared, never used as paths; case does not matter
/// (ECMA-376 part 2, 6.3.5) and a backslash is a slash. Of two entries of one name the first counts.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "document/limits.h"

struct zip;

namespace hone::document {

class ZipPackage {
 public:
  /// Takes the bytes of the file. Throws Error(data) when there is no ZIP directory (cut short) and
  /// Refused(too_large) when it lists more than kMaxEntries.
  ZipPackage(std::string content, const ReaderLimits& limits);
  ~ZipPackage();
  ZipPackage(const ZipPackage&) = delete;
  ZipPackage& operator=(const ZipPackage&) = delete;

  static constexpr uint64_t kMaxEntries = 65536;

  bool has(std::string_view name) const;

  /// The inflated entry; nullopt when there is none of this name. Throws Error(data) when it is damaged,
  /// Refused(encrypted) when it is behind a password and Refused(too_large) past the budget.
  std::optional<std::string> find(std::string_view name);

  /// As find; throws Error(data) when there is no such entry.
  std::string read(std::string_view name);

  uint64_t inflated_bytes() const { return inflated_; }
  const std::unordered_map<std::string, uint64_t>& entries() const { return entries_; }  ///< Lower case.

 private:
  struct Close {
    void operator()(zip* archive) const;
  };
  std::string content_;
  uint64_t budget_ = 0, inflated_ = 0;
  std::unique_ptr<zip, Close> archive_;
  std::unordered_map<std::string, uint64_t> entries_;
};

}  // namespace hone::document
