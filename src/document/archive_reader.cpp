/// An archive of documents: each member read by the reader of its own format, in the order in which they lie
/// in the archive.
#include <algorithm>

#include "document/archive_file.h"
#include "document/nested.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kBlock = 1 << 16;
constexpr uint64_t kProgressBytes = 4 << 20;

class ArchiveReading {
 public:
  ArchiveReading(ArchiveFile& file, const Input& input, Output& output)
      : file_(file), input_(input), output_(output) {
    ++input_.nesting.archives;
  }

  void read() {
    NestingBudget own(file_.stored_size());
    if (input_.nesting.budget == nullptr) input_.nesting.budget = &own;
    uint64_t told = 0;
    for (ArchiveMember member; file_.next(member);) {
      count_unpacked();
      if (!member.file) continue;
      if (++row_ <= input_.first_row) continue;
      const size_t results = take(member);
      if (results > 1 || file_.stored_done() - told > kProgressBytes)
        output_.progress(told = file_.stored_done());
    }
    if (row_ == 0) output_.item(rejection(reason::kNoText, "is an archive without files", 0));
  }

 private:
  /// Takes what a packed stream has given since the last time, read or passed over.
  void count_unpacked() {
    const uint64_t now = file_.unpacked();
    if (now > counted_) input_.nesting.budget->take_bytes(now - counted_);
    counted_ = std::max(counted_, now);
  }

  /// Reads and counts: of a packed stream all that came out of it, else the member's bytes.
  size_t read_counted(char* out, size_t capacity) {
    const size_t got = file_.read(out, capacity);
    if (file_.one_stream())
      count_unpacked();
    else
      input_.nesting.budget->take_bytes(got);
    return got;
  }

  /// Passes over the rest of a member that is too large, in steps that the budget sees.
  void pass_over() {
    if (!file_.one_stream()) return;
    std::string block(kBlock, '\0');
    while (read_counted(block.data(), block.size()) > 0) {
    }
  }

  size_t take(const ArchiveMember& member) {
    if (member.encrypted)
      return decline(member, reason::kEncrypted, "is locked by a password; unpack it and give the folder", 0);
    const uint64_t limit = input_.limits.max_document_bytes;
    std::string content;
    try {
      for (size_t got = 1; got > 0;) {
        const size_t size = content.size();
        if (size > limit) {
          content.clear();
          pass_over();
          return decline(member, reason::kTooLarge,
                         "is larger than " + std::to_string(limit) + " bytes inside an archive; unpack it",
                         size);
        }
        content.resize(size + std::max(kBlock, std::min<size_t>(size, limit)));
        got = read_counted(content.data() + size, content.size() - size);
        content.resize(size + got);
      }
    } catch (const Refused& refused) {
      if (refused.reason() != reason::kEncrypted) throw;  // the budget of the whole
      return decline(member, refused.reason(), refused.what(), content.size());
    } catch (const Error& error) {
      return decline(member, reason::kDamaged, error.what(), content.size());
    }
    return read_inside(std::move(content), {member.name, Format::automatic, row_}, input_, output_);
  }

  size_t decline(const ArchiveMember& member, const char* why, const std::string& message, uint64_t bytes) {
    Rejection refused = rejection(why, message, bytes, row_);
    refused.id = refused.path =
        inside_id(input_.name, member.name.empty() ? "part " + std::to_string(row_) : member.name);
    output_.item(std::move(refused));
    return 1;
  }

  ArchiveFile& file_;
  Input input_;
  Output& output_;
  uint64_t row_ = 0, counted_ = 0;
};

}  // namespace

void read_archive(std::string_view content, const Input& input, Output& output) {
  if (input.nesting.archives >= kMaxArchiveDepth)
    throw Refused(reason::kTooLarge, "is an archive more than " + std::to_string(kMaxArchiveDepth) +
                                         " archives deep; unpack it");
  output.begin(true);
  if (input.fd >= 0) {
    ArchiveFile file(input.fd, input.name);
    ArchiveReading(file, input, output).read();
  } else {
    ArchiveFile file(content, input.name);
    ArchiveReading(file, input, output).read();
  }
}

}  // namespace hone::document
