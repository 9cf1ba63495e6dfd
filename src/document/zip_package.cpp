#include "document/zip_package.h"

#include <zip.h>

#include <algorithm>

#include "base/error.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kBlock = 1 << 16;

// DEFLATE cannot exceed 1032:1, and office files stay below 100:1; what is past this and large was made to
// be.
constexpr uint64_t kMaxRatio = 400;
constexpr uint64_t kSmall = 32 << 20;

std::string comparable(std::string_view name) {
  std::string result(name);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c == '\\') c = '/';
  }
  if (result.starts_with('/')) result.erase(0, 1);
  return result;
}

std::string words_of(zip_error_t& error) {
  const std::string words = zip_error_strerror(&error);
  zip_error_fini(&error);
  return words;
}

struct CloseEntry {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

[[noreturn]] void refuse_size(uint64_t budget) {
  throw Refused(reason::kTooLarge,
                "unpacks to more than " + std::to_string(budget) + " bytes as one document; split it");
}

}  // namespace

void ZipPackage::Close::operator()(zip* archive) const { zip_discard(archive); }

ZipPackage::ZipPackage(std::string content, const ReaderLimits& limits)
    : content_(std::move(content)), budget_(limits.max_document_bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(content_.data(), content_.size(), 0, &error);
  if (source != nullptr) archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
  if (!archive_) {
    if (source != nullptr) zip_source_free(source);
    throw Error(ExitCode::data,
                "is no whole ZIP file (" + words_of(error) + "): cut short or damaged; get it again");
  }
  zip_error_fini(&error);
  const auto count = static_cast<uint64_t>(zip_get_num_entries(archive_.get(), 0));
  if (count > kMaxEntries)
    throw Refused(reason::kTooLarge,
                  "has " + std::to_string(count) + " parts, more than " + std::to_string(kMaxEntries));
  for (uint64_t i = 0; i < count; ++i)
    if (const char* name = zip_get_name(archive_.get(), i, ZIP_FL_ENC_RAW); name != nullptr)
      entries_.emplace(comparable(name), i);
}

ZipPackage::~ZipPackage() = default;

bool ZipPackage::has(std::string_view name) const { return entries_.contains(comparable(name)); }

std::optional<std::string> ZipPackage::find(std::string_view name) {
  const auto entry = entries_.find(comparable(name));
  if (entry == entries_.end()) return std::nullopt;
  const std::string where = "its part " + entry->first;
  zip_stat_t status;
  if (zip_stat_index(archive_.get(), entry->second, 0, &status) != 0)
    throw Error(ExitCode::data, where + " is damaged; get the file again");
  if (status.encryption_method != ZIP_EM_NONE)
    throw Refused(reason::kEncrypted, "is behind a password; remove the password and save it again");
  const uint64_t left = budget_ - inflated_;
  if (status.size > left) refuse_size(budget_);
  if (status.size > kSmall && status.size / std::max<uint64_t>(status.comp_size, 1) > kMaxRatio)
    throw Refused(reason::kTooLarge,
                  where + " unpacks to " +
                      std::to_string(status.size / std::max<uint64_t>(status.comp_size, 1)) +
                      " times its size, which no document does");
  const std::unique_ptr<zip_file_t, CloseEntry> file(zip_fopen_index(archive_.get(), entry->second, 0));
  if (!file)
    throw Error(ExitCode::data, where + " cannot be unpacked (" + zip_strerror(archive_.get()) + ")");
  std::string bytes;
  for (;;) {
    const size_t size = bytes.size();
    if (size > left) refuse_size(budget_);  // whatever the directory said
    bytes.resize(size + std::max(kBlock, std::min<size_t>(size, kSmall)));
    const zip_int64_t got = zip_fread(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0) throw Error(ExitCode::data, where + " is damaged; get the file again");
    bytes.resize(size + static_cast<size_t>(got));
    if (got == 0) break;
  }
  inflated_ += bytes.size();
  return bytes;
}

std::string ZipPackage::read(std::string_view name) {
  auto bytes = find(name);
  if (!bytes) throw Error(ExitCode::data, "lacks its part " + comparable(name) + "; get the file again");
  return std::move(*bytes);
}

}  // namespace hone::document
