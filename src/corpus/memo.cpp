#include "corpus/memo.h"

#include <algorithm>
#include <cstdio>
#include <random>

#include "artifact/names.h"
#include "corpus/packed_bytes.h"

namespace hone::corpus {
namespace fs = std::filesystem;

namespace {

constexpr size_t kManyPacks = 8;
constexpr const char* kPackPrefix = "pack-";
constexpr uint64_t kDocument = 0, kRejection = 1, kRecord = 2;  // kinds of items of an input

std::string pack_name(uint32_t serial) {
  char name[32];
  std::snprintf(name, sizeof name, "%s%06u.records", kPackPrefix, serial);
  return name;
}

uint64_t drawn_seed() {
  std::random_device device;
  return static_cast<uint64_t>(device()) << 32 | device();
}

std::string pack_place(uint32_t serial, Place place) {
  Packer out;
  out.number(serial);
  out.number(place.size);
  out.number(place.offset);
  return out.take();
}

}  // namespace

std::string MemoFrame::pack() const {
  Packer out;
  for (const Piece* piece : {&documents, &ledger}) {
    out.number(piece->offset);
    out.number(piece->size);
    out.number(piece->checksum);
  }
  out.raw(tally);
  return out.take();
}

MemoFrame MemoFrame::unpack(std::string_view value) {
  Unpacker in(value);
  MemoFrame frame;
  for (Piece* piece : {&frame.documents, &frame.ledger}) {
    piece->offset = in.number();
    piece->size = in.number();
    piece->checksum = in.number();
  }
  frame.tally = in.rest();
  return frame;
}

Memo::Memo(fs::path folder, std::string build, bool may_write, const std::function<void(const std::string&)>& say)
    : folder_(std::move(folder)), build_(std::move(build)), may_write_(may_write), seed_(drawn_seed()) {
  auto source = std::make_unique<Source>();
  try {
    std::optional<MemoIndex> index = MemoIndex::open(folder_ / artifact::kMemoIndex);
    if (index) {
      for (const MemoPack& pack : index->header().packs) new_serial_ = std::max(new_serial_, pack.serial + 1);
      if (index->header().build == build_) {
        source->index = std::move(*index);
        store_.emplace(may_write_ ? folder_ : fs::temp_directory_path(), may_write_ ? pack_name(new_serial_) : "");
        take_packs(folder_, *source, false);
        seed_ = source->index.header().seed;
        const fs::path corpus = folder_.parent_path() / source->index.header().corpus;
        for (const char* name : {artifact::kDocuments, artifact::kLedger}) {
          std::error_code ignored;
          if (fs::is_regular_file(corpus / name, ignored)) corpus_.emplace(name, base::MappedFile(corpus / name));
        }
        sources_.push_back(std::move(source));
      }
    }
  } catch (const Error& problem) {
    say(std::string{"what cleaning remembered cannot be used, everything is cleaned again: "} + problem.what());
    sources_.clear();
    packs_.clear();
    store_.reset();
  }
  if (!store_) store_.emplace(may_write_ ? folder_ : fs::temp_directory_path(), may_write_ ? pack_name(new_serial_) : "");
  if (may_write_) remove_strays();
}

Memo::~Memo() = default;

void Memo::take_packs(const fs::path& folder, Source& source, bool foreign) {
  uint64_t all = 0;
  for (const MemoPack& pack : source.index.header().packs) all += pack.size;
  const bool many = source.index.header().packs.size() > kManyPacks;
  for (const MemoPack& pack : source.index.header().packs) {
    const fs::path file = folder / pack_name(pack.serial);
    std::error_code ignored;
    if (fs::file_size(file, ignored) != pack.size) throw DamagedRecord(file.string() + " is not there as it was written");
    source.files[pack.serial] = store_->add_older(file);
    packs_.push_back({pack.serial, pack.size, 0, foreign || 2 * pack.live < pack.size || (many && pack.size < all / kManyPacks)});
  }
}

void Memo::remove_strays() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPackPrefix)) continue;
    const bool known = !sources_.empty() && std::any_of(packs_.begin(), packs_.end(), [&](const Pack& pack) { return pack_name(pack.serial) == name; });
    if (!known) fs::remove(entry.path(), ignored);
  }
}

bool Memo::add(const fs::path& shard) {
  std::optional<MemoIndex> index = MemoIndex::open(shard / artifact::kMemoIndex);
  if (!index || index->header().build != build_) return false;
  auto source = std::make_unique<Source>();
  source->index = std::move(*index);
  take_packs(shard, *source, true);
  sources_.push_back(std::move(source));
  return true;
}

std::optional<std::string_view> Memo::find_value(Table table, const Digest& key) const {
  for (const auto& source : sources_) {
    if (const auto value = source->index.find(table, key)) return value;
  }
  return std::nullopt;
}

std::optional<Place> Memo::find(Table table, const Digest& key) const {
  for (const auto& source : sources_) {
    const auto value = source->index.find(table, key);
    if (!value) continue;
    Unpacker in(*value);
    const auto file = source->files.find(static_cast<uint32_t>(in.number()));
    if (file == source->files.end()) return std::nullopt;
    const auto size = static_cast<uint32_t>(in.number());
    return Place{file->second, size, in.number()};
  }
  return std::nullopt;
}

std::optional<std::string_view> Memo::piece(const MemoFrame::Piece& piece, const char* file) const {
  if (piece.size == 0) return std::string_view{};
  const auto found = corpus_.find(file);
  if (found == corpus_.end()) return std::nullopt;
  const std::string_view all = found->second.view();
  if (piece.offset > all.size() || piece.size > all.size() - piece.offset) return std::nullopt;
  const std::string_view bytes = all.substr(piece.offset, piece.size);
  return base::hash64(bytes) == piece.checksum ? std::optional(bytes) : std::nullopt;
}

Place Memo::note(Table table, const Digest& key, Place place) {
  if (!may_write_) return place;
  if (place.file > 0 && packs_[place.file - 1].leaving) {
    std::string memory;
    place = store_->append(store_->read(place, memory));
  }
  if (place.file > 0) packs_[place.file - 1].live += place.size;
  else new_live_ += place.size;
  builder_.put(table, key, pack_place(place.file > 0 ? packs_[place.file - 1].serial : new_serial_, place));
  return place;
}

bool Memo::knows_input(size_t file) const {
  return file < inputs_.size() && find_value(Table::input, inputs_[file]).has_value();
}

std::vector<document::Item> Memo::recall_input(size_t file) {
  const std::string_view value = find_value(Table::input, inputs_[file]).value();
  note_value(Table::input, inputs_[file], value);
  Unpacker in(value);
  std::vector<document::Item> items(in.number());
  for (document::Item& item : items) {
    const uint64_t kind = in.number();
    const std::string wanted{in.text()}, source{in.text()};
    const uint64_t row = in.number();
    if (kind == kRejection) {
      document::Rejection rejection{.id = wanted, .source = source, .row = row};
      rejection.reason = in.text();
      rejection.message = in.text();
      rejection.bytes = in.number();
      item = std::move(rejection);
      continue;
    }
    RecalledDocument recalled;
    recalled.record = kind == kRecord;
    const std::string_view other = in.text();
    recalled.id = other.empty() ? wanted : std::string{other};
    recalled.key = Digest::from_bytes(in.raw(sizeof(Digest)));
    recalled.text_bytes = static_cast<uint32_t>(in.number());
    document::Document document;
    document.id = wanted;
    document.source = source;
    document.row = row;
    document.recalled = first_recalled_ + recalled_.size();
    recalled_.push_back(std::move(recalled));
    item = std::move(document);
  }
  return items;
}

RecalledDocument Memo::take_recalled(uint64_t number) {
  HONE_ASSERT(number == first_recalled_ && !recalled_.empty());
  ++first_recalled_;
  RecalledDocument result = std::move(recalled_.front());
  recalled_.pop_front();
  return result;
}

void Memo::save(const fs::path& corpus) {
  HONE_ASSERT(may_write_);
  store_->keep();
  MemoHeader header{build_, seed_, corpus.lexically_relative(folder_.parent_path()).string(), {}};
  for (const Pack& pack : packs_) {
    if (pack.live > 0) header.packs.push_back({pack.serial, pack.size, pack.live});
  }
  if (new_live_ > 0) header.packs.push_back({new_serial_, store_->appended_bytes(), new_live_});
  builder_.write(folder_ / artifact::kMemoIndex, header);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool used = std::any_of(header.packs.begin(), header.packs.end(), [&](const MemoPack& pack) { return pack_name(pack.serial) == name; });
    if (name.starts_with(kPackPrefix) && !used) fs::remove(entry.path(), ignored);
  }
}

void Memo::discard(const fs::path& folder) {
  std::error_code ignored;
  fs::remove(folder / artifact::kMemoIndex, ignored);
}

void Memo::InputWriter::add(const document::Document& facts, std::string_view wanted, const Digest& key, uint32_t text_bytes) {
  ++count_;
  Packer out;
  out.number(facts.record.empty() ? kDocument : kRecord);
  out.text(wanted);
  out.text(facts.source);
  out.number(facts.row);
  out.text(facts.id == wanted ? std::string_view{} : facts.id);
  out.raw(key.bytes());
  out.number(text_bytes);
  items_ += out.view();
}

void Memo::InputWriter::add(const document::Rejection& rejection, std::string_view wanted) {
  namespace reason = document::reason;
  ++count_;
  // What a file says about itself stays so. The rest may be the machine's doing: time, memory, a program that is not installed.
  const bool lasting = rejection.reason == reason::kNoText || rejection.reason == reason::kNotText ||
                       (rejection.reason == reason::kDamaged && rejection.row > 0);
  certain_ = certain_ && lasting;
  Packer out;
  out.number(kRejection);
  out.text(wanted);
  out.text(rejection.source);
  out.number(rejection.row);
  out.text(rejection.reason);
  out.text(rejection.message);
  out.number(rejection.bytes);
  items_ += out.view();
}

std::string Memo::InputWriter::take() {
  Packer out;
  out.number(count_);
  out.raw(items_);
  return out.take();
}

}  // namespace hone::corpus
