#include "corpus/archive.h"

#include <zstd.h>

#include <memory>

#include "base/error.h"
#include "corpus/packed_bytes.h"

namespace hone::corpus {
namespace {

/// These records are read back twice and thrown away or kept for the next run: cheap matters more than small.
constexpr int kLevel = -3;

void append_compressed(std::string& out, std::string_view bytes) {
  // A context costs more to set up than a document to compress: each thread keeps one.
  thread_local const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  thread_local std::string room;
  if (room.size() < ZSTD_compressBound(bytes.size())) room.resize(ZSTD_compressBound(bytes.size()));
  const size_t size = ZSTD_compressCCtx(context.get(), room.data(), room.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0) throw Error(ExitCode::storage, std::string{"zstd: "} + ZSTD_getErrorName(size));
  out.append(room, 0, size);
}

std::string decompressed(std::string_view frame) {
  thread_local const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  const unsigned long long expected = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (expected == ZSTD_CONTENTSIZE_UNKNOWN || expected == ZSTD_CONTENTSIZE_ERROR) throw DamagedRecord("a stored document is malformed");
  std::string result(expected, '\0');
  const size_t size = ZSTD_decompressDCtx(context.get(), result.data(), result.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0 || size != result.size()) throw DamagedRecord("a stored document is malformed");
  return result;
}

}  // namespace

std::string State::pack() const {
  Packer out;
  out.number(dropped_by);
  out.number(observations.size());
  for (const auto& [rule, bytes] : observations) {
    out.number(rule);
    out.text(bytes);
  }
  out.raw(outcome);
  return out.take();
}

State State::unpack(std::string_view record) {
  Unpacker in(record);
  State state;
  state.dropped_by = static_cast<uint16_t>(in.number());
  state.observations.resize(in.number());
  for (auto& [rule, bytes] : state.observations) {
    rule = static_cast<uint16_t>(in.number());
    bytes = in.text();
  }
  state.outcome = in.rest();
  return state;
}

std::string Archive::pack_body(std::string_view id, const Language& language, std::string_view packed_document) {
  Packer out;
  out.text(id);
  out.text(language.code);
  out.real(language.share);
  out.number(language.reliable ? 1 : 0);
  std::string record = out.take();
  append_compressed(record, packed_document);
  return record;
}

Draft Archive::unpack_body(uint64_t index, std::string_view record) {
  Unpacker in(record);
  in.text();
  Draft draft;
  draft.index = index;
  draft.language.code = in.text();
  draft.language.share = in.real();
  draft.language.reliable = in.number() != 0;
  draft.document = unpack_document(decompressed(in.rest()));
  draft.map = TextMap(std::move(draft.document.text));
  draft.document.text.clear();
  return draft;
}

std::string Archive::id(uint64_t index) const {
  std::string memory;
  return std::string{Unpacker(store_.read(entries_[index].body, memory)).text()};
}

Draft Archive::draft(uint64_t index) const {
  std::string memory;
  Draft draft = unpack_body(index, store_.read(entries_[index].body, memory));
  Unpacker state(store_.read(entries_[index].state, memory));
  state.number();
  for (uint64_t left = state.number(); left > 0; --left) {
    state.number();
    state.text();
  }
  draft.take_up(state.rest());
  return draft;
}

}  // namespace hone::corpus
