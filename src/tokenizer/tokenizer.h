#pragma once
/// Text to token ids and back. One interface for all kinds of vocabulary; what is behind it is decided by the
/// files.
///
/// Invariant: an id is in [0, vocabulary_size()); decode(encode(text)) is the text as the vocabulary
/// normalises it. encode never adds BOS or EOS and never makes a control token out of text: "<s>" in a
/// document is three characters. encode_markup does, for texts that a chat template wrote. Objects are
/// immutable after loading and may be used from any number of threads.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hone::tokenizer {

enum class PieceKind {
  normal,
  unknown,       ///< Stands for whatever the vocabulary cannot write.
  control,       ///< BOS, EOS, padding and the like: never made from text, decodes to nothing.
  user_defined,  ///< A string that is always one token.
  unused,
  byte,  ///< One byte of a character that has no piece of its own.
};

/// What decode does with a space that a token would put before everything else.
enum class LeadingSpace {
  keep,
  drop_one,             ///< One is dropped: encode has put it there.
  drop_one_each_token,  ///< Every token loses one until something is written (vocabularies that squeeze white
                        ///< space).
};

/// A token of a text and the bytes [begin, end) of the text that it stands for. The byte tokens of one
/// character: the last has the character's bytes, the ones before it have none.
struct TokenSpan {
  int32_t id = 0;
  uint64_t begin = 0;
  uint64_t end = 0;
};

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  /// Ids of `text`, which should be UTF-8 (what is not becomes U+FFFD). Without BOS and EOS.
  virtual std::vector<int32_t> encode(std::string_view text) const = 0;
  /// The same tokens with their borders in `text`, in order and without overlaps.
  virtual std::vector<TokenSpan> encode_spans(std::string_view text) const = 0;
  /// The same tokens as the vocabulary spells them; an unknown one is the normalised text that it stands for.
  virtual std::vector<std::string> encode_pieces(std::string_view text) const = 0;
  /// Text of `ids`; control tokens give nothing, bytes that are no UTF-8 give U+FFFD. Throws data for an id
  /// outside the vocabulary.
  virtual std::string decode(std::span<const int32_t> ids) const = 0;

  /// Ids of a text in which control tokens are spelled out, as a chat template writes it: "<s>" becomes BOS. The text is
  /// cut at them; every part between is encoded on its own, a SentencePiece vocabulary giving each (legacy) or only the
  /// first of the text ("legacy": false in tokenizer_config.json) its prefix space. Nothing is added around the text.
  virtual std::vector<int32_t> encode_markup(std::string_view text) const = 0;
  /// The same with borders in `text`.
  virtual std::vector<TokenSpan> encode_markup_spans(std::string_view text) const = 0;
  /// Text of `ids` with control tokens as they are spelled.
  virtual std::string decode_markup(std::span<const int32_t> ids) const = 0;

  virtual int32_t vocabulary_size() const = 0;
  /// The vocabulary's own spelling of a token, as in "▁the" or "<0x0A>". Throws data for an id outside the
  /// vocabulary.
  virtual std::string piece(int32_t id) const = 0;
  virtual PieceKind kind(int32_t id) const = 0;
  /// What the token adds to a text: a byte for byte tokens, "" for control tokens. How a text begins:
  /// leading_space().
  virtual std::string surface(int32_t id) const = 0;
  virtual LeadingSpace leading_space() const = 0;
  /// Whether every token is bytes and a character may be spread over any neighbours (byte-level BPE); else only over tokens
  /// of the kind byte.
  virtual bool byte_level() const = 0;

  virtual int32_t unk_id() const = 0;  ///< -1 when the vocabulary has none; so for the others.
  virtual int32_t bos_id() const = 0;
  virtual int32_t eos_id() const = 0;
  virtual int32_t pad_id() const = 0;
  /// Whether a sequence opens with BOS: there is one, and tokenizer_config.json says add_bos_token, or says nothing and the
  /// vocabulary is of a kind that puts it (SentencePiece; tokenizer.json whose post-processor does).
  virtual bool adds_bos() const = 0;

  /// SHA-256 (hex) of the files that shape ids; names the vocabulary in shards and fingerprints.
  virtual const std::string& sha256() const = 0;
  /// All files of the tokenizer that travel with a model: the vocabulary first, then tokenizer_config.json
  /// and the like.
  virtual const std::vector<std::filesystem::path>& files() const = 0;
  /// The name by which load_tokenizer finds the vocabulary in a folder, whatever its file was called.
  virtual const char* file_name() const = 0;
};

/// Loads tokenizer.model (SentencePiece) or tokenizer.json, named itself or by its folder. In a folder with both tokenizer.json
/// counts, as it does for transformers, unless it is a translation of that tokenizer.model: a unigram vocabulary, or one that Hone
/// wrote (huggingface.h). tokenizer_config.json, special_tokens_map.json and added_tokens.json beside it name special tokens and
/// tokens behind the vocabulary. Throws data with the path and what to do when a file is absent, of another kind, truncated
/// or corrupt.
std::unique_ptr<Tokenizer> load_tokenizer(const std::filesystem::path& file_or_folder);

/// Whether load_tokenizer finds a vocabulary in this folder.
bool holds_tokenizer(const std::filesystem::path& folder);

/// Writes files() into `directory`, the vocabulary under the name by which load_tokenizer finds it there, whatever it was called.
void copy_tokenizer(const Tokenizer& tokenizer, const std::filesystem::path& directory);

}  // namespace hone::tokenizer
