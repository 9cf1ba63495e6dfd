#pragma once
/// Tokenizer over a tokenizer.json (Llama 3, Qwen, GPT-2 and their kind); ids equal those of the `tokenizers` library.
///
/// A text is cut at added tokens, each part normalised, cut into words, and each word merged (bpe.h). As everywhere, encode()
/// makes no control token out of text; encode_markup() does, for texts that a chat template wrote.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/mapped_text.h"
#include "tokenizer/side_files.h"
#include "tokenizer/tokenizer.h"
#include "tokenizer/tokenizer_json.h"

namespace hone::tokenizer {

class HuggingFaceTokenizer final : public Tokenizer {
 public:
  /// `content` of tokenizer.json; `files` as in Tokenizer::files(). Throws data when it is not usable.
  HuggingFaceTokenizer(std::string_view content, std::vector<std::filesystem::path> files, const SideFiles& side = {});

  std::vector<int32_t> encode(std::string_view text) const override;
  std::vector<int32_t> encode_markup(std::string_view text) const override;
  std::vector<TokenSpan> encode_markup_spans(std::string_view text) const override;
  std::vector<TokenSpan> encode_spans(std::string_view text) const override;
  std::vector<std::string> encode_pieces(std::string_view text) const override;
  std::string decode(std::span<const int32_t> ids) const override;
  std::string decode_markup(std::span<const int32_t> ids) const override;
  int32_t vocabulary_size() const override { return static_cast<int32_t>(facts_.pieces.size()); }
  std::string piece(int32_t id) const override;
  PieceKind kind(int32_t id) const override;
  std::string surface(int32_t id) const override;
  LeadingSpace leading_space() const override;
  bool byte_level() const override { return facts_.bpe.bytes; }
  int32_t unk_id() const override { return unk_id_; }
  int32_t bos_id() const override { return bos_id_; }
  int32_t eos_id() const override { return eos_id_; }
  int32_t pad_id() const override { return pad_id_; }
  bool adds_bos() const override { return adds_bos_; }
  const std::string& sha256() const override { return sha256_; }
  const std::vector<std::filesystem::path>& files() const override { return files_; }
  const char* file_name() const override { return "tokenizer.json"; }
  /// Ids that the post-processor puts before and behind a text.
  const std::vector<int32_t>& opening() const { return facts_.opening; }
  const std::vector<int32_t>& closing() const { return facts_.closing; }

 private:
  struct Added {
    AddedTokens as_given, normalized;
  };
  /// Calls on_token(id, part, begin, end) for added tokens and on_word(part, begin, end) for words, with bytes of the part.
  template <typename OnToken, typename OnWord>
  void for_each_part(std::string_view text, const Added& added, MappedText::Origins origins, OnToken on_token, OnWord on_word) const;
  void normalize(MappedText& part) const;
  template <typename OnWord>
  void cut_words(const MappedText& part, OnWord on_word) const;
  template <typename OnWord>
  void split(size_t step, std::string_view text, size_t begin, size_t end, OnWord on_word) const;
  /// The same, as ids of words appended.
  template <typename Take>
  void for_each_token(std::string_view text, const Added& added, Take take) const;
  int32_t find(const std::string& piece) const;
  std::vector<int32_t> ids_of(std::string_view text, const Added& added) const;
  std::vector<TokenSpan> spans_of(std::string_view text, const Added& added) const;
  void check(int32_t id) const;
  void sort_added();
  bool words_end_before_marks() const;
  std::string shown(size_t id) const;
  std::string decoded(std::span<const int32_t> ids, bool with_control) const;

  TokenizerJson facts_;
  std::vector<std::string> texts_;  ///< Raw bytes of byte-level tokens, else the pieces.
  std::vector<PieceKind> kinds_;
  Bpe bpe_;
  Added text_tokens_, all_tokens_;  ///< Without and with control tokens.
  std::vector<std::filesystem::path> files_;
  std::string sha256_;
  int32_t unk_id_ = -1, bos_id_ = -1, eos_id_ = -1, pad_id_ = -1;
  bool adds_bos_ = false;
  bool hides_unknown_ = false;      ///< The unknown token is a special one, which decoding leaves out.
  bool cuts_before_marks_ = false;  ///< No merge reaches from other text into a "▁", so words can be merged one by one.
};

}  // namespace hone::tokenizer
