#pragma once
/// Tokenizer over a SentencePiece model (unigram or BPE), as Llama 2 and Mistral have; ids equal those of the
/// library's own tools.
#include <sentencepiece_processor.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tokenizer/sentencepiece_file.h"
#include "tokenizer/tokenizer.h"

namespace hone::tokenizer {

class SentencePieceTokenizer final : public Tokenizer {
 public:
  /// `content` of the model file `path`; `files` as in Tokenizer::files(). Throws data when it is not usable.
  SentencePieceTokenizer(const std::string& content, std::vector<std::filesystem::path> files,
                         bool wants_bos);

  std::vector<int32_t> encode(std::string_view text) const override;
  std::vector<TokenSpan> encode_spans(std::string_view text) const override;
  std::vector<std::string> encode_pieces(std::string_view text) const override;
  std::string decode(std::span<const int32_t> ids) const override;
  int32_t vocabulary_size() const override { return vocabulary_size_; }
  std::string piece(int32_t id) const override;
  PieceKind kind(int32_t id) const override;
  std::string surface(int32_t id) const override;
  LeadingSpace leading_space() const override;
  int32_t unk_id() const override { return processor_.unk_id(); }
  int32_t bos_id() const override { return processor_.bos_id(); }
  int32_t eos_id() const override { return processor_.eos_id(); }
  int32_t pad_id() const override { return processor_.pad_id(); }
  bool adds_bos() const override { return wants_bos_ && bos_id() >= 0; }
  const std::string& sha256() const override { return sha256_; }
  const std::vector<std::filesystem::path>& files() const override { return files_; }

 private:
  void check(int32_t id) const;
  /// Calls visit(processor, part, offset of the part in the text) for the whole text, or for its parts in
  /// order.
  template <typename Visit>
  void for_each_part(std::string_view text, Visit visit) const;

  sentencepiece::SentencePieceProcessor processor_;
  std::unique_ptr<sentencepiece::SentencePieceProcessor>
      inside_;  ///< Adds no prefix; none where texts stay whole.
  SentencePieceFacts facts_;
  std::vector<std::filesystem::path> files_;
  std::string sha256_;
  int32_t vocabulary_size_ = 0;
  bool wants_bos_;
};

}  // namespace hone::tokenizer
