#include "dataset/shard_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"

namespace hone::dataset {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

/// Strings to numbers in the order of their first use.
class NameList {
 public:
  uint32_t number(const std::string& name) {
    const auto [place, is_new] = numbers_.try_emplace(name, static_cast<uint32_t>(names_.size()));
    if (is_new) names_.push_back(name);
    return place->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, uint32_t> numbers_;
  std::vector<std::string> names_;
};

std::array<uint8_t, 32> bytes_of_hex(const std::string& hex) {
  HONE_ASSERT(hex.size() == 64);
  std::array<uint8_t, 32> bytes{};
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<uint8_t>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  return bytes;
}

template <typename T>
std::string_view raw(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

/// The shard being written: tokens go to the file as they come, the rest waits for the end.
struct ShardWriter::Open {
  std::filesystem::path path;
  base::FileDescriptor file;
  std::string buffer;
  uint64_t written = 0;
  ShardHeader header;
  std::vector<ShardRow> table;
  std::string ids;
  std::vector<uint8_t> mask;
  bool masked = false;
  NameList sources, languages, access, licences, roles;

  void write(std::string_view bytes) {
    buffer += bytes;
    written += bytes.size();
    if (buffer.size() >= kBufferBytes) flush();
  }
  void pad() {
    while (written % 8 != 0) write(std::string_view("\0", 1));
  }
  void flush() {
    for (size_t done = 0; done < buffer.size();) {
      const ssize_t count = ::write(file.value(), buffer.data() + done, buffer.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw system_error("cannot write " + path.string(), errno);
      done += static_cast<size_t>(count);
    }
    buffer.clear();
  }
};

ShardWriter::ShardWriter(std::filesystem::path folder, std::string split, ShardWriterOptions options)
    : folder_(std::move(folder)), split_(std::move(split)), options_(std::move(options)) {
  HONE_ASSERT(options_.vocabulary_size > 0);
}

ShardWriter::~ShardWriter() = default;

void ShardWriter::begin() {
  open_ = std::make_unique<Open>();
  open_->path = folder_ / artifact::token_shard(split_, static_cast<int>(files_.size()));
  open_->file =
      base::FileDescriptor(::open(open_->path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!open_->file.open()) throw system_error("cannot create " + open_->path.string(), errno);
  ShardHeader& header = open_->header;
  std::copy(kShardMagic.begin(), kShardMagic.end(), header.magic.begin());
  header.token_bytes = options_.vocabulary_size <= 65536 ? 2 : 4;
  header.vocabulary_size = options_.vocabulary_size;
  header.bos_id = options_.bos_id;
  header.eos_id = options_.eos_id;
  header.tokenizer_sha256 = bytes_of_hex(options_.tokenizer_sha256);
  open_->write(std::string(kShardHeaderBytes, '\0'));  // zero until the shard is complete
  header.tokens_at = open_->written;
}

void ShardWriter::add(const TokenizedDocument& document) {
  HONE_ASSERT(document.mask.empty() || document.mask.size() == document.tokens.size());
  if (!open_) begin();
  Open& open = *open_;
  open.table.push_back({.first_token = open.header.tokens,
                        .text_bytes = document.text_bytes,
                        .text_characters = document.text_characters,
                        .id_at = open.ids.size(),
                        .source = open.sources.number(document.source),
                        .language = open.languages.number(document.language),
                        .access = open.access.number(document.access),
                        .licence = open.licences.number(document.licence)});
  open.ids += document.id;
  for (const int32_t id : document.tokens) {
    HONE_ASSERT(id >= 0 && id < options_.vocabulary_size);
    if (open.header.token_bytes == 2)
      open.write(raw(static_cast<uint16_t>(id)));
    else
      open.write(raw(id));
  }
  const size_t first = open.mask.size();
  if (document.mask.empty())
    open.mask.resize(first + document.tokens.size(), 1);
  else
    open.mask.insert(open.mask.end(), document.mask.begin(), document.mask.end());
  open.masked = open.masked || !document.mask.empty() || !document.roles.empty();
  for (const RoleSpan& span : document.roles) {
    HONE_ASSERT(span.begin <= span.end && span.end <= document.tokens.size());
    const uint32_t number = open.roles.number(span.role) + 1;
    if (number > kMaxRoles)
      throw Error(ExitCode::data,
                  fmt::format("document {}: {} is the {}th role; one corpus may have {}: map them to fewer",
                              document.id, span.role, number, kMaxRoles));
    for (uint64_t i = span.begin; i < span.end; ++i)
      open.mask[first + i] = static_cast<uint8_t>((open.mask[first + i] & 1U) | number << 1U);
  }
  open.header.tokens += document.tokens.size();
  ++open.header.documents;
  const bool torn = options_.pairs && open.header.documents % 2 != 0;
  if (open.header.tokens >= options_.max_tokens && !torn) end();
}

void ShardWriter::end() {
  Open& open = *open_;
  open.pad();
  if (open.masked) {
    open.header.mask_at = open.written;
    open.write({reinterpret_cast<const char*>(open.mask.data()), open.mask.size()});
    open.pad();
  }
  open.header.table_at = open.written;
  open.table.push_back({.first_token = open.header.tokens, .id_at = open.ids.size()});
  for (const ShardRow& row : open.table) open.write(raw(row));
  open.header.ids_at = open.written;
  open.write(open.ids);
  open.pad();
  nlohmann::json lists{{"sources", open.sources.names()},
                       {"languages", open.languages.names()},
                       {"access", open.access.names()},
                       {"licences", open.licences.names()}};
  if (!open.roles.names().empty()) lists["roles"] = open.roles.names();
  const std::string names = lists.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  open.header.names_at = open.written;
  open.header.names_bytes = names.size();
  open.write(names);
  open.pad();
  open.flush();

  HONE_ASSERT(!options_.pairs || open.header.documents % 2 == 0);
  open.header.flags = (options_.pairs ? kPairs : 0) | (open.roles.names().empty() ? 0 : kRoles);
  open.header.version = open.header.flags == 0 ? 1 : 2;
  open.header.file_bytes = open.written;
  open.header.content_hash = base::hash64(base::MappedFile(open.path).view().substr(kShardHeaderBytes));
  open.header.header_hash = base::hash64(raw(open.header).substr(0, 144));
  const std::string_view header = raw(open.header);
  if (::pwrite(open.file.value(), header.data(), header.size(), 0) != static_cast<ssize_t>(header.size()))
    throw system_error("cannot write " + open.path.string(), errno);
  if (::fsync(open.file.value()) != 0) throw system_error("cannot write " + open.path.string(), errno);
  files_.push_back(open.path);
  open_.reset();
}

void ShardWriter::close() {
  if (!open_ && files_.empty()) begin();  // a split without documents is a shard without documents
  if (open_) end();
}

}  // namespace hone::dataset
