#include "corpus/archive.h"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <memory>

#include "base/error.h"
#include "corpus/draft.h"

namespace hone::corpus {
namespace {

constexpr int kLevel = 1;

[[noreturn]] void fail(const std::filesystem::path& folder, const char* what, int error) {
  throw system_error("cannot " + std::string{what} + " the intermediate documents in " + folder.string(), error);
}

}  // namespace

Archive::Archive(const std::filesystem::path& folder) : folder_(folder) {
  std::string path = (folder / "documents-XXXXXX").string();
  file_ = base::FileDescriptor(mkostemp(path.data(), O_CLOEXEC));
  if (!file_.open()) fail(folder, "create", errno);
  unlink(path.c_str());
}

std::string Archive::packed(std::string_view record) {
  // A context costs more to set up than a document to compress: each thread keeps one.
  thread_local const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  std::string result(ZSTD_compressBound(record.size()), '\0');
  const size_t size = ZSTD_compressCCtx(context.get(), result.data(), result.size(), record.data(), record.size(), kLevel);
  if (ZSTD_isError(size) != 0) throw Error(ExitCode::storage, std::string{"zstd: "} + ZSTD_getErrorName(size));
  result.resize(size);
  return result;
}

uint64_t Archive::append(std::string_view packed) {
  auto offset = static_cast<off_t>(offsets_.back());
  offsets_.push_back(offsets_.back() + packed.size());
  while (!packed.empty()) {
    const ssize_t written = pwrite(file_.value(), packed.data(), packed.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(folder_, "write", errno);
    packed.remove_prefix(static_cast<size_t>(written));
    offset += written;
  }
  return size() - 1;
}

std::string Archive::record(uint64_t index) const {
  HONE_ASSERT(index < size());
  std::string packed(offsets_[index + 1] - offsets_[index], '\0');
  for (size_t done = 0; done < packed.size();) {
    const ssize_t got = pread(file_.value(), packed.data() + done, packed.size() - done, static_cast<off_t>(offsets_[index] + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(folder_, "read back", got == 0 ? EIO : errno);
    done += static_cast<size_t>(got);
  }
  std::string result(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  const size_t size = ZSTD_decompress(result.data(), result.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0 || size != result.size()) fail(folder_, "read back", EIO);
  return result;
}

std::string Archive::id(uint64_t index) const { return Draft::unpack(record(index)).document.id; }

std::string Archive::text(uint64_t index) const { return Draft::unpack(record(index)).map.text(); }

}  // namespace hone::corpus
