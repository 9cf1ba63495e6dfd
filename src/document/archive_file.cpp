#include "document/archive_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "document/encoding.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kBlock = 1 << 16;

/// Names that an archive keeps in UTF-8 pass through the locale in libarchive 3.6. Null where the system has
/// none for UTF-8.
locale_t utf8_locale() {
  static const locale_t kLocale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return kLocale;
}

/// The locale for as long as libarchive works.
class InUtf8 {
 public:
  InUtf8() : before_(utf8_locale() == nullptr ? nullptr : uselocale(utf8_locale())) {}
  ~InUtf8() {
    if (before_ != nullptr) uselocale(before_);
  }
  InUtf8(const InUtf8&) = delete;
  InUtf8& operator=(const InUtf8&) = delete;

 private:
  locale_t before_;
};

void know_formats(archive* reader) {
  // By name: support_filter_all would add filters that start programs.
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_bzip2(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_lzma(reader);
  archive_read_support_filter_zstd(reader);
  archive_read_support_filter_lz4(reader);
  archive_read_support_filter_compress(reader);
  archive_read_support_format_tar(reader);
  archive_read_support_format_zip(reader);
  archive_read_support_format_7zip(reader);
  archive_read_support_format_rar(reader);
  archive_read_support_format_rar5(reader);
  archive_read_support_format_cab(reader);
  archive_read_support_format_cpio(reader);
  archive_read_support_format_lha(reader);
  archive_read_support_format_raw(reader);
}

/// "a/notes.txt.xz" → "notes.txt".
std::string unpacked_name(const std::string& name) {
  std::string last = name.substr(name.find_last_of("/!") + 1);
  for (const std::string_view ending : {".bz2", ".xz", ".lzma", ".lz4", ".gz", ".zst", ".Z"})
    if (last.size() > ending.size() && last.ends_with(ending)) {
      last.resize(last.size() - ending.size());
      break;
    }
  return last;
}

[[noreturn]] void locked() {
  throw Refused(reason::kEncrypted, "is locked by a password; unpack it and give the folder");
}

}  // namespace

void open_archives() {
  utf8_locale();
  // Reading one archive opens what libarchive opens once.
  const std::string none(1024, '\0');
  const InUtf8 locale;
  archive* reader = archive_read_new();
  know_formats(reader);
  archive_read_open_memory(reader, none.data(), none.size());
  archive_read_free(reader);
}

struct ArchiveFile::State {
  archive* reader = archive_read_new();
  int fd = -1;
  std::vector<char> block;
  std::string own_name;
  uint64_t size = 0;

  State() {
    if (reader == nullptr) throw std::bad_alloc();
    know_formats(reader);
  }
  ~State() { archive_read_free(reader); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[noreturn]] void damaged() const {
    const char* said = archive_error_string(reader);
    const std::string why = said == nullptr ? "unknown format" : mend_utf8(said);
    // A 7z or RAR file may lock even the names of its members; then this is all that is known of it.
    const int format = archive_format(reader) & ARCHIVE_FORMAT_BASE_MASK;
    const bool may_lock_names =
        format == ARCHIVE_FORMAT_7ZIP || format == ARCHIVE_FORMAT_RAR || format == ARCHIVE_FORMAT_RAR_V5;
    if ((may_lock_names && archive_read_has_encrypted_entries(reader) > 0) ||
        why.find("ncrypt") != std::string::npos || why.find("assphrase") != std::string::npos)
      locked();
    throw Error(ExitCode::data, "the archive cannot be read (" + why + "); pack it again");
  }

  static la_ssize_t on_read(archive*, void* self, const void** data) {
    auto* state = static_cast<State*>(self);
    ssize_t got = 0;
    do got = ::read(state->fd, state->block.data(), state->block.size());
    while (got < 0 && errno == EINTR);
    *data = state->block.data();
    return got;
  }
  static la_int64_t on_skip(archive*, void* self, la_int64_t bytes) {
    auto* state = static_cast<State*>(self);
    const off_t here = lseek(state->fd, 0, SEEK_CUR);
    if (here < 0 || bytes <= 0 || static_cast<uint64_t>(here) >= state->size) return 0;
    const la_int64_t step = std::min<la_int64_t>(bytes, static_cast<la_int64_t>(state->size) - here);
    return lseek(state->fd, step, SEEK_CUR) < 0 ? 0 : step;
  }
  static la_int64_t on_seek(archive*, void* self, la_int64_t offset, int whence) {
    return lseek(static_cast<State*>(self)->fd, offset, whence);
  }

  void open_fd() {
    struct stat status {};
    if (lseek(fd, 0, SEEK_SET) != 0 || fstat(fd, &status) != 0) throw system_error("cannot read", errno);
    size = static_cast<uint64_t>(status.st_size);
    block.resize(kBlock);
    archive_read_set_callback_data(reader, this);
    archive_read_set_read_callback(reader, &on_read);
    archive_read_set_skip_callback(reader, &on_skip);
    archive_read_set_seek_callback(reader, &on_seek);
    if (archive_read_open1(reader) != ARCHIVE_OK) damaged();
  }
};

ArchiveFile::ArchiveFile(int fd, const std::string& name) : state_(std::make_unique<State>()) {
  const InUtf8 locale;
  state_->own_name = unpacked_name(name);
  state_->fd = fd;
  state_->open_fd();
}

ArchiveFile::ArchiveFile(std::string_view memory, const std::string& name)
    : state_(std::make_unique<State>()) {
  const InUtf8 locale;
  state_->own_name = unpacked_name(name);
  state_->size = memory.size();
  if (archive_read_open_memory(state_->reader, memory.data(), memory.size()) != ARCHIVE_OK) state_->damaged();
}

ArchiveFile::~ArchiveFile() = default;

bool ArchiveFile::next(ArchiveMember& member) {
  const InUtf8 locale;
  archive_entry* entry = nullptr;
  int status = ARCHIVE_RETRY;
  for (int tries = 0; status == ARCHIVE_RETRY && tries < 16; ++tries)
    status = archive_read_next_header(state_->reader, &entry);
  if (status == ARCHIVE_EOF) return false;
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) state_->damaged();
  const bool packed_file = archive_format(state_->reader) == ARCHIVE_FORMAT_RAW;
  // "raw" takes anything: only what a filter has unpacked is a packed file, all else is no archive.
  if (packed_file && archive_filter_count(state_->reader) < 2)
    throw Error(ExitCode::data, "is no archive that Hone can open; pack it as .zip or .tar");
  member = ArchiveMember{};
  const char* name = archive_entry_pathname(entry);
  if (packed_file) {
    member.name = state_->own_name;
  } else if (name != nullptr) {
    auto decoded = to_utf8(name);
    member.name = decoded ? std::move(decoded->text) : mend_utf8(name);
  }
  member.file = archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == nullptr;
  member.encrypted = archive_entry_is_data_encrypted(entry) != 0;
  return true;
}

size_t ArchiveFile::read(char* out, size_t capacity) {
  const InUtf8 locale;
  la_ssize_t got = ARCHIVE_RETRY;
  for (int tries = 0; got == ARCHIVE_RETRY && tries < 16; ++tries)
    got = archive_read_data(state_->reader, out, capacity);
  if (got < 0 && got != ARCHIVE_WARN) state_->damaged();
  return got < 0 ? 0 : static_cast<size_t>(got);
}

uint64_t ArchiveFile::stored_size() const { return state_->size; }
uint64_t ArchiveFile::stored_done() const {
  return static_cast<uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(state_->reader, -1)));
}
bool ArchiveFile::one_stream() const { return archive_filter_count(state_->reader) > 1; }
uint64_t ArchiveFile::unpacked() const {
  return one_stream()
             ? static_cast<uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(state_->reader, 0)))
             : 0;
}

}  // namespace hone::document
