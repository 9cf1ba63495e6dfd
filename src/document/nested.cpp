#include "document/nested.h"

#include <utility>
#include <variant>
#include <vector>

#include "document/encoding.h"
#include "document/format.h"

namespace hone::document {
namespace {

// Honest text packs to a tenth or a fiftieth; deflate's best is a thousandth, which nothing but a bomb needs
// past this size.
constexpr uint64_t kFreeBytes = UINT64_C(256) << 20;
constexpr uint64_t kMaxRatio = 200;
constexpr uint64_t kMaxGatheredBytes = UINT64_C(512) << 20;
constexpr size_t kMaxName = 512;

/// Holds the results of one inner file until its reader is done, so that a reader that dies of it leaves
/// nothing of it behind and the file can be passed over as a whole.
class Gathering final : public Output {
 public:
  Gathering(const std::string& id, uint64_t row) : id_(id), row_(row) {}

  void begin(bool) override {}
  void progress(uint64_t) override {}
  void item(Item item) override {
    std::visit([this](auto& record) { name(record); }, item);
    if (const auto* document = std::get_if<Document>(&item))
      count(document->text.size() + document->metadata.size());
    results_.emplace_back(std::move(item));
  }
  void nested(Nested pdf) override {
    count(pdf.bytes.size());
    pdf.row = row_;
    results_.emplace_back(std::move(pdf));
  }

  /// Returns how many results there were.
  size_t hand_over(Output& output) {
    if (results_.empty()) item(rejection(reason::kNoText, "holds no documents", 0));
    for (auto& result : results_) {
      if (auto* pdf = std::get_if<Nested>(&result))
        output.nested(std::move(*pdf));
      else
        output.item(std::move(std::get<Item>(result)));
    }
    return results_.size();
  }

 private:
  template <typename Record>
  void name(Record& record) {
    const std::string own = record.row == 0 ? id_ : id_ + "#" + std::to_string(record.row);
    if (record.id.empty()) record.id = own;
    if (record.path.empty()) record.path = own;
    record.row = row_;
  }

  void count(uint64_t bytes) {
    bytes_ += bytes;
    if (bytes_ > kMaxGatheredBytes)
      throw Refused(reason::kTooLarge, "holds more than " + std::to_string(kMaxGatheredBytes) +
                                           " bytes of text inside another file; unpack it");
  }

  const std::string& id_;
  uint64_t row_;
  uint64_t bytes_ = 0;
  std::vector<std::variant<Item, Nested>> results_;
};

/// True when it is a PDF, which then has been handed on.
bool hand_on_pdf(std::string& content, const Input& input, Output& output) {
  if (!std::string_view(content).starts_with("%PDF-")) return false;
  Nested pdf;
  pdf.id = input.name;
  pdf.name = input.name;
  pdf.bytes = std::move(content);
  output.nested(std::move(pdf));
  return true;
}

}  // namespace

void NestingBudget::take_bytes(uint64_t unpacked) {
  unpacked_ += unpacked;
  if (unpacked_ > kFreeBytes && unpacked_ / kMaxRatio > stored_)
    throw Refused(
        reason::kTooLarge,
        "unpacks to more than " + std::to_string(kMaxRatio) +
            " times its size, as archives do that are made to fill a disk; if it is honest, unpack it");
}

void NestingBudget::take_file() {
  if (++files_ > kMaxNestedFiles)
    throw Refused(reason::kTooLarge,
                  "holds more than " + std::to_string(kMaxNestedFiles) + " files; unpack it");
}

std::string inside_id(const std::string& outer, const std::string& name, char joint) {
  std::string label = mend_utf8(std::string_view(name).substr(0, kMaxName));
  std::erase_if(label, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
  return outer + joint + label;
}

size_t read_inside(std::string content, const Inside& inside, const Input& outer, Output& output) {
  HONE_ASSERT(outer.nesting.budget != nullptr);
  outer.nesting.budget->take_file();
  Input input;
  input.name = inside_id(outer.name, inside.name.empty() ? "part " + std::to_string(inside.row) : inside.name,
                         inside.joint);
  input.format = inside.format;
  input.text_field = outer.text_field;
  input.records = outer.records;
  input.limits = outer.limits;
  input.nesting = outer.nesting;
  Gathering gathered(input.name, inside.row);
  const uint64_t bytes = content.size();
  try {
    if (input.records.on() || !hand_on_pdf(content, input, gathered)) read_content(std::move(content), input, gathered);
  } catch (const Refused& refused) {
    gathered.item(rejection(refused.reason(), refused.what(), bytes));
  } catch (const Error& error) {
    gathered.item(rejection(reason::kDamaged, error.what(), bytes));
  }
  return gathered.hand_over(output);
}

}  // namespace hone::document
