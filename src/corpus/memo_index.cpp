#include "corpus/memo_index.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "corpus/packed_bytes.h"
#include "corpus/record_store.h"

namespace hone::corpus {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMagic = "HONEMEM1";
constexpr size_t kEntry = 32;

[[noreturn]] void damaged(const fs::path& file) { throw DamagedRecord(file.string() + " is not as it was written"); }

uint64_t load(std::string_view bytes, size_t at) {
  uint64_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string_view bytes_of(const uint64_t& value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }

void write_all(int fd, std::string_view bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_error("cannot write " + file.string(), errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void pack(Packer& out, const MemoHeader& header) {
  out.text(header.build);
  out.number(header.seed);
  out.text(header.corpus);
  out.number(header.packs.size());
  for (const MemoPack& pack : header.packs) {
    out.number(pack.serial);
    out.number(pack.size);
    out.number(pack.live);
  }
}

MemoHeader unpack_header(Unpacker& in) {
  MemoHeader header;
  header.build = in.text();
  header.seed = in.number();
  header.corpus = in.text();
  header.packs.resize(in.number());
  for (MemoPack& pack : header.packs) {
    pack.serial = static_cast<uint32_t>(in.number());
    pack.size = in.number();
    pack.live = in.number();
  }
  return header;
}

}  // namespace

std::optional<MemoIndex> MemoIndex::open(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return std::nullopt;
  MemoIndex index;
  index.file_ = base::MappedFile(file);
  std::string_view rest = index.file_.view();
  constexpr size_t kFixed = 24;
  if (rest.size() < kFixed || !rest.starts_with(kMagic)) damaged(file);
  const uint64_t header_size = load(rest, 8), header_sum = load(rest, 16);
  rest.remove_prefix(kFixed);
  if (header_size > rest.size() || base::hash64(rest.substr(0, header_size)) != header_sum) damaged(file);
  Unpacker header(rest.substr(0, header_size));
  rest.remove_prefix(header_size);
  index.header_ = unpack_header(header);
  for (Part& part : index.parts_) {
    const uint64_t entries = header.number(), values = header.number();
    const uint64_t entries_sum = load(header.raw(8), 0), values_sum = load(header.raw(8), 0);
    if (entries > rest.size() / kEntry || values > rest.size() - entries * kEntry) damaged(file);
    part.entries = rest.substr(0, entries * kEntry);
    part.values = rest.substr(entries * kEntry, values);
    rest.remove_prefix(entries * kEntry + values);
    if (base::hash64(part.entries) != entries_sum || base::hash64(part.values) != values_sum) damaged(file);
  }
  return index;
}

std::optional<std::string_view> MemoIndex::find(Table table, const Digest& key) const {
  const Part& part = parts_[static_cast<size_t>(table)];
  size_t low = 0, high = part.entries.size() / kEntry;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const Digest here = Digest::from_bytes(part.entries.substr(middle * kEntry, sizeof(Digest)));
    if (here == key) {
      const uint64_t offset = load(part.entries, middle * kEntry + 16), size = load(part.entries, middle * kEntry + 24);
      if (offset > part.values.size() || size > part.values.size() - offset) return std::nullopt;
      return part.values.substr(offset, size);
    }
    if (here < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

void MemoIndexBuilder::put(Table table, const Digest& key, std::string_view value) {
  Part& part = parts_[static_cast<size_t>(table)];
  part.entries.push_back({key, part.values.size(), value.size()});
  part.values += value;
}

void MemoIndexBuilder::write(const fs::path& file, const MemoHeader& header) {
  static_assert(sizeof(Entry) == kEntry);
  Packer packed;
  pack(packed, header);
  for (Part& part : parts_) {
    std::stable_sort(part.entries.begin(), part.entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
    part.entries.erase(std::unique(part.entries.begin(), part.entries.end(), [](const Entry& a, const Entry& b) { return a.key == b.key; }),
                       part.entries.end());
    packed.number(part.entries.size());
    packed.number(part.values.size());
    const std::string_view entries{reinterpret_cast<const char*>(part.entries.data()), part.entries.size() * kEntry};
    packed.raw(bytes_of(base::hash64(entries)));
    packed.raw(bytes_of(base::hash64(part.values)));
  }
  fs::path temporary = file;
  temporary += ".new";
  base::FileDescriptor out(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!out.open()) throw system_error("cannot create " + temporary.string(), errno);
  write_all(out.value(), kMagic, temporary);
  write_all(out.value(), bytes_of(packed.view().size()), temporary);
  write_all(out.value(), bytes_of(base::hash64(packed.view())), temporary);
  write_all(out.value(), packed.view(), temporary);
  for (Part& part : parts_) {
    write_all(out.value(), {reinterpret_cast<const char*>(part.entries.data()), part.entries.size() * kEntry}, temporary);
    write_all(out.value(), part.values, temporary);
    part = {};
  }
  if (::fsync(out.value()) != 0) throw system_error("cannot flush " + temporary.string() + " to disk", errno);
  out.close();
  if (::rename(temporary.c_str(), file.c_str()) != 0) throw system_error("cannot replace " + file.string(), errno);
  base::sync_directory(file.parent_path());
}

}  // namespace hone::corpus
