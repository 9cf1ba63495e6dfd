/// A mailbox: messages one behind the other, each after a line "From sender date" (RFC 4155, appendix A).
/// Read as a stream.
///
/// Such a line counts when it is the file's first or follows an empty one, and ends with a time and a year:
/// sentences that begin with "From" seldom do. ">From " inside a message loses one '>' again (mboxrd).
#include <algorithm>
#include <string>

#include "document/inflate.h"
#include "document/mail_kind.h"
#include "document/nested.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kBlock = 1 << 18;

/// Lines of an inflated stream; a line longer than a block comes in pieces.
class Lines {
 public:
  Lines(InflatedFile& file, std::string_view head) : file_(file), buffer_(head) {}

  /// The next line with its end, or a piece of one; empty at the end of the file. Valid until the next call.
  std::string_view next() {
    for (;;) {
      const size_t end = buffer_.find('\n', searched_);
      if (end != std::string::npos) return take(end + 1 - begin_);
      if (ended_ || buffer_.size() - begin_ >= kBlock) return take(buffer_.size() - begin_);
      searched_ = buffer_.size();
      fill();
    }
  }

 private:
  std::string_view take(size_t size) {
    const std::string_view line = std::string_view(buffer_).substr(begin_, size);
    begin_ += size;
    searched_ = begin_;
    return line;
  }

  void fill() {
    buffer_.erase(0, begin_);
    searched_ -= begin_;
    begin_ = 0;
    const size_t size = buffer_.size();
    buffer_.resize(size + kBlock);
    const size_t got = file_.read(buffer_.data() + size, kBlock);
    buffer_.resize(size + got);
    ended_ = got == 0;
  }

  InflatedFile& file_;
  std::string buffer_;
  size_t begin_ = 0, searched_ = 0;
  bool ended_ = false;
};

class Mailbox {
 public:
  Mailbox(InflatedFile& file, const Input& input, Output& output)
      : file_(file), input_(input), output_(output) {}

  void read(std::string_view head) {
    Lines lines(file_, head);
    bool blank_before = true, line_start = true;
    for (std::string_view line = lines.next(); !line.empty(); line = lines.next()) {
      if (line_start && blank_before && is_from_line(line)) {
        end_message();
        begin_message();
      } else if (line_start && row_ == 0 && line.find_first_not_of("\r\n") != std::string_view::npos) {
        throw Refused(reason::kDamaged, "begins with no \"From \" line, as a mailbox (mbox) does");
      } else if (row_ > 0) {
        add(line_start ? unescaped(line) : line);
      }
      blank_before = line_start && line.find_first_not_of("\r\n") == std::string_view::npos;
      line_start = line.back() == '\n';
      if (file_.inflated_bytes() > input_.limits.max_inflated_bytes)
        throw Refused(reason::kTooLarge,
                      "unpacks to more than " + std::to_string(input_.limits.max_inflated_bytes) + " bytes");
    }
    end_message();
    if (row_ == 0) output_.item(rejection(reason::kNoText, "is empty", 0));
  }

 private:
  void begin_message() {
    ++row_;
    size_ = 0;
  }

  void add(std::string_view line) {
    size_ += line.size();
    if (row_ > input_.first_row && size_ <= input_.limits.max_document_bytes) message_ += line;
  }

  static std::string_view unescaped(std::string_view line) {
    const size_t marks = std::min(line.find_first_not_of('>'), line.size());
    if (marks > 0 && line.substr(marks).starts_with("From ")) line.remove_prefix(1);
    return line;
  }

  void end_message() {
    if (row_ == 0 || row_ <= input_.first_row) return;
    std::string content = std::move(message_);
    message_.clear();
    if (size_ > input_.limits.max_document_bytes) {
      Rejection refused =
          rejection(reason::kTooLarge,
                    "is a mail of more than " + std::to_string(input_.limits.max_document_bytes) + " bytes",
                    size_, row_);
      refused.id = inside_id(input_.name, std::to_string(row_), '#');
      output_.item(std::move(refused));
      return;
    }
    NestingBudget own(content.size());
    Input outer = input_;
    if (outer.nesting.budget == nullptr) outer.nesting.budget = &own;
    const Inside inside{std::to_string(row_), Format::eml, row_, '#'};
    const size_t results = read_inside(std::move(content), inside, outer, output_);
    if (results > 1 || file_.stored_bytes() - told_ > kProgressBytes) {
      told_ = file_.stored_bytes();
      output_.progress(told_);
    }
  }

  static constexpr uint64_t kProgressBytes = 4 << 20;

  InflatedFile& file_;
  const Input& input_;
  Output& output_;
  std::string message_;
  uint64_t size_ = 0, row_ = 0, told_ = 0;
};

}  // namespace

void read_mbox(InflatedFile& file, std::string_view head, const Input& input, Output& output) {
  output.begin(true);
  Mailbox(file, input, output).read(head);
}

}  // namespace hone::document
