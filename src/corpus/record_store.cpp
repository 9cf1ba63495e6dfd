#include "corpus/record_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/hash.h"

namespace hone::corpus {
namespace {

constexpr std::string_view kMagic = "HONEREC1";
constexpr size_t kBuffer = 1 << 20;

[[noreturn]] void fail(const std::filesystem::path& folder, const char* what, int error) {
  throw system_error("cannot " + std::string{what} + " the intermediate documents in " + folder.string(), error);
}

std::string_view checked(std::string_view stored, const std::filesystem::path& folder) {
  uint64_t checksum = 0;
  std::memcpy(&checksum, stored.data(), sizeof checksum);
  const std::string_view record = stored.substr(sizeof checksum);
  if (base::hash64(record) != checksum) throw DamagedRecord("a record in " + folder.string() + " is not as it was written");
  return record;
}

}  // namespace

RecordStore::RecordStore(std::filesystem::path folder, std::string name) : folder_(std::move(folder)), name_(std::move(name)) {}
RecordStore::~RecordStore() = default;

void RecordStore::open_new() {
  if (name_.empty()) {
    std::string path = (folder_ / "documents-XXXXXX").string();
    file_ = base::FileDescriptor(mkostemp(path.data(), O_CLOEXEC));
    if (!file_.open()) fail(folder_, "create", errno);
    unlink(path.c_str());
  } else {
    file_ = base::FileDescriptor(::open((folder_ / name_).c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file_.open()) fail(folder_, "create", errno);
  }
  buffer_ = kMagic;
  end_ = kMagic.size();
}

uint32_t RecordStore::add_older(const std::filesystem::path& file) {
  base::MappedFile mapped(file);
  if (!mapped.view().starts_with(kMagic)) throw DamagedRecord(file.string() + " is no file of records");
  older_.push_back(std::move(mapped));
  return static_cast<uint32_t>(older_.size());
}

Place RecordStore::append(std::string_view record) {
  HONE_ASSERT(record.size() <= UINT32_MAX);
  if (!file_.open()) open_new();
  const uint64_t checksum = base::hash64(record);
  const Place place{0, static_cast<uint32_t>(record.size()), end_};
  {
    const std::lock_guard lock(mutex_);
    buffer_.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
    buffer_ += record;
  }
  end_ += sizeof checksum + record.size();
  if (buffer_.size() >= kBuffer) flush();
  return place;
}

void RecordStore::flush() {
  std::string_view rest = buffer_;
  auto offset = static_cast<off_t>(flushed_);
  while (!rest.empty()) {
    const ssize_t written = pwrite(file_.value(), rest.data(), rest.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(folder_, "write", errno);
    rest.remove_prefix(static_cast<size_t>(written));
    offset += written;
  }
  const std::lock_guard lock(mutex_);
  flushed_ += buffer_.size();
  buffer_.clear();
}

std::string_view RecordStore::read(Place place, std::string& memory) const {
  const uint64_t size = sizeof(uint64_t) + place.size;
  if (place.file > 0) {
    HONE_ASSERT(place.file <= older_.size());
    const std::string_view all = older_[place.file - 1].view();
    if (place.offset > all.size() || size > all.size() - place.offset) throw DamagedRecord("a file of records in " + folder_.string() + " is cut short");
    return checked(all.substr(place.offset, size), folder_);
  }
  memory.resize(size);
  read_new(place, memory);
  return checked(memory, folder_);
}

void RecordStore::read_new(Place place, std::string& memory) const {
  {
    const std::lock_guard lock(mutex_);
    if (place.offset >= flushed_) {
      HONE_ASSERT(place.offset - flushed_ + memory.size() <= buffer_.size());
      std::memcpy(memory.data(), buffer_.data() + (place.offset - flushed_), memory.size());
      return;
    }
  }
  for (size_t done = 0; done < memory.size();) {
    const ssize_t got = pread(file_.value(), memory.data() + done, memory.size() - done, static_cast<off_t>(place.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(folder_, "read back", got == 0 ? EIO : errno);
    done += static_cast<size_t>(got);
  }
}

void RecordStore::keep() {
  if (!file_.open()) open_new();
  flush();
  if (::fsync(file_.value()) != 0) fail(folder_, "write", errno);
}

}  // namespace hone::corpus
