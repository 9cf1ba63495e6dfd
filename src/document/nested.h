#pragma once
/// Files inside a file: attachments of a mail, members of an archive, and what those hold in turn. Each
/// becomes what its own reader makes of it, under an id that shows the way: "mails.zip!june/offer.eml!price
/// list.docx".
///
/// Bounded over all that one file holds at any depth: what is unpacked in all, and how many files. A bomb
/// ends as a counted rejection that says which limit it met.
#include <cstdint>
#include <string>

#include "document/reader.h"

namespace hone::document {

constexpr int kMaxMailDepth = 4;     ///< Messages inside messages, the outermost counted.
constexpr int kMaxArchiveDepth = 3;  ///< Archives inside archives, the outermost counted.
constexpr uint64_t kMaxNestedFiles = 1'000'000;

/// What all files inside one file have cost together.
class NestingBudget {
 public:
  /// `stored_bytes` of the outermost file.
  explicit NestingBudget(uint64_t stored_bytes) : stored_(stored_bytes) {}
  /// Throws Refused(too_large) when more has been unpacked than a file of this size can honestly hold, or too
  /// many files.
  void take_bytes(uint64_t unpacked);
  void take_file();

 private:
  uint64_t stored_;
  uint64_t unpacked_ = 0, files_ = 0;
};

/// A file inside another, by the name its container gives it: a label, never a path that is opened.
struct Inside {
  std::string name;                   ///< UTF-8; "" becomes a name by number.
  Format format = Format::automatic;  ///< Where the container knows: a message is one whatever it is called.
  uint64_t row = 0;                   ///< Of everything that comes of it.
  char joint = '!';                   ///< Between the outer id and the name; '#' for messages of a mailbox.
};

/// Reads `content` and hands on what comes of it: at least one document or rejection, all of row
/// `inside.row`. PDFs go to Output::nested. Throws nothing for what is in it, except Refused(too_large) when
/// the budget of the whole is spent. `outer` is what the container was read with; its `name` is the id that
/// the new ids begin with. Returns how many there were: behind more than one, the container calls
/// Output::progress, so that what is read again after a crash begins behind all of them.
size_t read_inside(std::string content, const Inside& inside, const Input& outer, Output& output);

/// `outer`'s id with a name inside it behind: "outer!name", control characters taken out, cut at 512 bytes.
std::string inside_id(const std::string& outer, const std::string& name, char joint = '!');

}  // namespace hone::document
