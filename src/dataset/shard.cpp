#include "dataset/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "base/json_file.h"

namespace hone::dataset {

static_assert(std::endian::native == std::endian::little,
              "shards are used where they lie, as little-endian files");

namespace {

constexpr uint64_t kMost = UINT64_C(1)
                           << 48;  // no count or offset is larger; sums and products of two stay in range
constexpr uint64_t kMaxNamesBytes = UINT64_C(1) << 28;

template <typename Token>
uint64_t first_outside(const std::byte* data, uint64_t count, uint32_t limit) {
  const Token* ids = reinterpret_cast<const Token*>(data);
  Token largest = 0;
  for (uint64_t i = 0; i < count; ++i) largest = std::max(largest, ids[i]);
  if (largest < limit) return count;
  uint64_t i = 0;
  while (ids[i] < limit) ++i;
  return i;
}

std::vector<std::string> strings_of(const nlohmann::json& names, const char* key) {
  return names.at(key).get<std::vector<std::string>>();
}

std::string_view name(const std::vector<std::string>& names, uint32_t index) { return names[index]; }

}  // namespace

int32_t TokenView::operator[](uint64_t index) const {
  if (token_bytes_ == 2) return reinterpret_cast<const uint16_t*>(data_)[index];
  return static_cast<int32_t>(reinterpret_cast<const uint32_t*>(data_)[index]);
}

void TokenView::copy(uint64_t begin, uint64_t end, std::vector<int32_t>& out) const {
  if (token_bytes_ == 2) {
    const uint16_t* ids = reinterpret_cast<const uint16_t*>(data_);
    out.insert(out.end(), ids + begin, ids + end);
  } else {
    const uint32_t* ids = reinterpret_cast<const uint32_t*>(data_);
    out.insert(out.end(), ids + begin, ids + end);
  }
}

std::string_view MaskView::role(uint64_t index) const {
  const size_t number = bytes_[index] >> 1U;  // files that were not verified may name what is not there
  return number == 0 || number > roles_->size() ? std::string_view() : std::string_view((*roles_)[number - 1]);
}

uint64_t MaskView::trained(uint64_t begin, uint64_t end) const {
  uint64_t count = 0;
  for (uint64_t i = begin; i < end; ++i) count += bytes_[i] & 1U;
  return count;
}

std::vector<int32_t> TokenView::all() const {
  std::vector<int32_t> ids;
  ids.reserve(count_);
  copy(0, count_, ids);
  return ids;
}

Shard::Shard(const std::filesystem::path& path, Verify verify) : path_(path), file_(path) {
  if (file_.size() < kShardHeaderBytes)
    refuse(file_.size(), fmt::format("the file ends inside its header of {} bytes", kShardHeaderBytes));
  std::memcpy(&header_, file_.data(), kShardHeaderBytes);
  check_header();
  check_sections();
  read_names();
  check_table();
  if (verify == Verify::everything) check_content();
}

void Shard::refuse(uint64_t at, const std::string& what) const {
  throw Error(
      ExitCode::data,
      fmt::format(
          "{}: byte {}: {}; the token shard is damaged or not one of Hone's: delete its folder and run "
          "hone tokenize again",
          path_.string(), at, what));
}

void Shard::check_header() const {
  const std::string_view magic(header_.magic.data(), header_.magic.size());
  if (magic != kShardMagic) refuse(0, "does not begin as a token shard");
  if (header_.version < 1 || header_.version > kShardVersion)
    refuse(8, fmt::format("is version {}, this program reads versions 1 to {}", header_.version, kShardVersion));
  if (base::hash64(file_.view().substr(0, 144)) != header_.header_hash)
    refuse(144, "the header does not match its checksum");
  if (header_.file_bytes != file_.size())
    refuse(16, fmt::format("the file should have {} bytes and has {}", header_.file_bytes, file_.size()));
  if (header_.token_bytes != 2 && header_.token_bytes != 4)
    refuse(12, fmt::format("{} bytes a token", header_.token_bytes));
  if (header_.vocabulary_size <= 0) refuse(40, fmt::format("a vocabulary of {}", header_.vocabulary_size));
  if (header_.bos_id >= header_.vocabulary_size || header_.eos_id >= header_.vocabulary_size)
    refuse(48, "BOS or EOS is outside the vocabulary");
  if (header_.documents > kMost) refuse(24, fmt::format("{} documents", header_.documents));
  if (header_.tokens > kMost) refuse(32, fmt::format("{} tokens", header_.tokens));
  const uint32_t known = header_.version == 1 ? 0 : kPairs | kRoles;
  if ((header_.flags & ~known) != 0)
    refuse(44, fmt::format("flags {:#x} mean nothing in version {}", header_.flags, header_.version));
  if (pairs() && header_.documents % 2 != 0)
    refuse(24, fmt::format("{} documents are not pairs", header_.documents));
}

void Shard::check_sections() const {
  uint64_t end = kShardHeaderBytes;
  const auto section = [&](uint64_t field, uint64_t at, uint64_t bytes, const char* what) {
    if (at % 8 != 0 || at < end || at > file_.size() || bytes > file_.size() - at)
      refuse(field,
             fmt::format("the {} do not fit: {} bytes at {} in a file of {}", what, bytes, at, file_.size()));
    end = at + bytes;
  };
  section(56, header_.tokens_at, header_.tokens * header_.token_bytes, "tokens");
  if (header_.mask_at != 0) section(64, header_.mask_at, header_.tokens, "loss masks");
  section(72, header_.table_at, (header_.documents + 1) * sizeof(ShardRow), "documents");
  section(80, header_.ids_at, row(header_.documents).id_at, "document ids");
  if (header_.names_bytes > kMaxNamesBytes) refuse(96, fmt::format("{} bytes of names", header_.names_bytes));
  section(88, header_.names_at, header_.names_bytes, "names");
}

void Shard::read_names() {
  const std::string where = fmt::format("{}: byte {}", path_.string(), header_.names_at);
  try {
    const nlohmann::json json =
        base::parse_json(file_.view().substr(header_.names_at, header_.names_bytes), where);
    names_ = {strings_of(json, "sources"), strings_of(json, "languages"), strings_of(json, "access"),
              strings_of(json, "licences"), {}};
    if ((header_.flags & kRoles) != 0) names_.roles = strings_of(json, "roles");
  } catch (const nlohmann::json::exception&) {
    refuse(header_.names_at, "the names are not lists of strings");
  }
}

void Shard::check_table() const {
  ShardRow before;
  for (uint64_t i = 0; i <= header_.documents; ++i) {
    const ShardRow now = row(i);
    const uint64_t at = header_.table_at + i * sizeof(ShardRow);
    if ((i == 0 && now.first_token != 0) || now.first_token < before.first_token ||
        now.first_token > header_.tokens)
      refuse(at, fmt::format("document {} begins at token {}, out of order or beyond the {} there are", i,
                             now.first_token, header_.tokens));
    if ((i == 0 && now.id_at != 0) || now.id_at < before.id_at || now.id_at > row(header_.documents).id_at)
      refuse(at + 24, fmt::format("the id of document {} begins at {}, out of order", i, now.id_at));
    before = now;
    if (i == header_.documents) break;
    if (now.source >= names_.sources.size() || now.language >= names_.languages.size() ||
        now.access >= names_.access.size() || now.licence >= names_.licences.size())
      refuse(at + 32,
             fmt::format("document {} has a source, language, access or licence that has no name", i));
    if (now.text_bytes > kMost || now.text_characters > now.text_bytes)
      refuse(at + 8, fmt::format("document {} has {} characters in {} bytes", i, now.text_characters,
                                 now.text_bytes));
  }
  if (before.first_token != header_.tokens)
    refuse(
        header_.table_at + header_.documents * sizeof(ShardRow),
        fmt::format("the documents have {} tokens, the header says {}", before.first_token, header_.tokens));
}

void Shard::check_content() const {
  if (base::hash64(file_.view().substr(kShardHeaderBytes)) != header_.content_hash)
    refuse(kShardHeaderBytes, "the content does not match its checksum");
  const std::byte* tokens = file_.data() + header_.tokens_at;
  const uint32_t limit = static_cast<uint32_t>(header_.vocabulary_size);
  const uint64_t outside = header_.token_bytes == 2 ? first_outside<uint16_t>(tokens, header_.tokens, limit)
                                                    : first_outside<uint32_t>(tokens, header_.tokens, limit);
  if (outside < header_.tokens)
    refuse(header_.tokens_at + outside * header_.token_bytes,
           fmt::format("token {} is {}, outside the vocabulary of {}", outside,
                       static_cast<uint32_t>(TokenView(tokens, header_.tokens, header_.token_bytes)[outside]),
                       limit));
  if (header_.mask_at == 0) return;
  const uint64_t most = 2 * std::min<uint64_t>(names_.roles.size(), kMaxRoles) + 1;
  for (uint64_t i = 0; i < header_.tokens; ++i)
    if (static_cast<uint8_t>(file_.data()[header_.mask_at + i]) > most)
      refuse(header_.mask_at + i, fmt::format("the loss mask of token {} is neither 0 nor 1 nor names a role", i));
}

ShardRow Shard::row(uint64_t index) const {
  ShardRow row;
  std::memcpy(&row, file_.data() + header_.table_at + index * sizeof row, sizeof row);
  return row;
}

uint64_t Shard::length(uint64_t index) const { return row(index + 1).first_token - row(index).first_token; }

DocumentView Shard::document(uint64_t index) const {
  HONE_ASSERT(index < header_.documents);
  const ShardRow here = row(index), next = row(index + 1);
  const uint64_t count = next.first_token - here.first_token;
  const std::byte* tokens = file_.data() + header_.tokens_at + here.first_token * header_.token_bytes;
  MaskView mask;
  if (header_.mask_at != 0)
    mask = {{reinterpret_cast<const uint8_t*>(file_.data() + header_.mask_at + here.first_token), count}, &names_.roles};
  return {.id = file_.view().substr(header_.ids_at + here.id_at, next.id_at - here.id_at),
          .source = name(names_.sources, here.source),
          .language = name(names_.languages, here.language),
          .access = name(names_.access, here.access),
          .licence = name(names_.licences, here.licence),
          .text_bytes = here.text_bytes,
          .text_characters = here.text_characters,
          .tokens = TokenView(tokens, count, header_.token_bytes),
          .mask = mask};
}

std::string Shard::tokenizer_sha256() const {
  std::string hex;
  for (const uint8_t byte : header_.tokenizer_sha256) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace hone::dataset
