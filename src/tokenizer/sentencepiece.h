#pragma once
/// Tokenizer over a SentencePiece model (unigram or BPE), as Llama 2 and Mistral have; ids equal those of the
/// library's own tools.
///
/// Tokens that stand behind the vocabulary (added_tokens.json and the like) are cut out of a text first; the parts between
/// are encoded on their own. Which parts get the prefix space "▁" that the vocabulary asks for:
///   legacy, or nothing said   every part, whatever it begins with
///   "legacy": false           the part that opens the text, unless it begins with a space itself (as transformers' Metaspace does)
///   add_prefix_space false    none
#include <sentencepiece_processor.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tokenizer/added_tokens.h"
#include "tokenizer/sentencepiece_file.h"
#include "tokenizer/side_files.h"
#include "tokenizer/tokenizer.h"

namespace hone::tokenizer {

class SentencePieceTokenizer final : public Tokenizer {
 public:
  /// `content` of the model file `path`; `files` as in Tokenizer::files(). Throws data when it is not usable.
  SentencePieceTokenizer(const std::string& content, std::vector<std::filesystem::path> files, const SideFiles& side = {});

  std::vector<int32_t> encode(std::string_view text) const override;
  std::vector<TokenSpan> encode_spans(std::string_view text) const override;
  std::vector<std::string> encode_pieces(std::string_view text) const override;
  std::string decode(std::span<const int32_t> ids) const override;
  std::vector<int32_t> encode_markup(std::string_view text) const override;
  std::vector<TokenSpan> encode_markup_spans(std::string_view text) const override;
  std::string decode_markup(std::span<const int32_t> ids) const override;
  int32_t vocabulary_size() const override { return vocabulary_size_; }
  std::string piece(int32_t id) const override;
  PieceKind kind(int32_t id) const override;
  std::string surface(int32_t id) const override;
  LeadingSpace leading_space() const override;
  bool byte_level() const override { return false; }
  int32_t unk_id() const override { return processor_.unk_id(); }
  int32_t bos_id() const override { return bos_id_; }
  int32_t eos_id() const override { return eos_id_; }
  int32_t pad_id() const override { return pad_id_; }
  bool adds_bos() const override { return wants_bos_ && bos_id() >= 0; }
  const std::string& sha256() const override { return sha256_; }
  const std::vector<std::filesystem::path>& files() const override { return files_; }
  const char* file_name() const override { return "tokenizer.model"; }

 private:
  using Processor = sentencepiece::SentencePieceProcessor;
  enum class PrefixOf { every_part, first_part, no_part };

  void check(int32_t id) const;
  void take_added(const SideFiles& side);
  int32_t named(const std::optional<std::string>& name, int32_t otherwise) const;
  /// Calls take_token(part) and take_text(processor, text, its offset) for `tokens` of the text and what lies between them.
  template <typename TakeToken, typename TakeText>
  void for_each_part(std::string_view text, const AddedTokens& tokens, TakeToken take_token, TakeText take_text) const;
  /// Calls visit(processor, piece, offset) for the whole text, or for pieces of it in order.
  template <typename Visit>
  void in_pieces(std::string_view text, uint64_t offset, bool with_prefix, Visit visit) const;
  bool gets_prefix(std::string_view part, uint64_t offset) const;
  std::vector<int32_t> ids_of(std::string_view text, const AddedTokens& tokens) const;
  std::vector<TokenSpan> spans_of(std::string_view text, const AddedTokens& tokens) const;

  Processor processor_;
  std::unique_ptr<Processor> inside_;  ///< Adds no prefix; none where it is not needed.
  SentencePieceFacts facts_;
  PrefixOf prefix_ = PrefixOf::every_part;
  bool cuts_long_texts_ = false;
  std::vector<std::string> added_;         ///< Spelling of ids behind the model's; also in kinds.
  AddedTokens text_tokens_, all_tokens_;   ///< Without and with control tokens.
  std::vector<std::filesystem::path> files_;
  std::string sha256_;
  int32_t model_size_ = 0, vocabulary_size_ = 0;
  int32_t bos_id_ = -1, eos_id_ = -1, pad_id_ = -1;
  bool wants_bos_ = true;
};

}  // namespace hone::tokenizer
