#pragma once
/// Reads tokenizer.json, the `tokenizers` library's own form, as far as vocabularies of language models use it:
///   model           BPE (byte-level, or characters with byte fallback)
///   normalizer      none, NFC, NFD, NFKC, NFKD, Prepend, Replace, Sequence of these
///   pre_tokenizer   none, ByteLevel, Split by a string or an expression, Digits, Metaspace, Sequence of these
///   decoder         ByteLevel; Replace, ByteFallback, Fuse, Strip; Metaspace
///   post_processor  TemplateProcessing, ByteLevel, Sequence
/// Anything else is an error that names its place in the file: a vocabulary read almost right would feed a model other ids than
/// it was trained on.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/added_tokens.h"
#include "tokenizer/bpe.h"
#include "tokenizer/mapped_text.h"
#include "tokenizer/split_pattern.h"

namespace hone::tokenizer {

struct NormalizerStep {
  enum class Kind { form, prepend, replace, replace_expression };
  Kind kind = Kind::form;
  Form form = Form::nfc;
  std::string what, with;
  std::shared_ptr<const RegexSplit> expression;
};

/// Cuts words out of a part.
struct SplitStep {
  enum class By { pattern, expression, literal, digits };
  enum class Behavior { isolated, removed, merged_with_previous, merged_with_next, contiguous };
  By by = By::pattern;
  SplitPattern pattern = SplitPattern::gpt2;
  std::shared_ptr<const RegexSplit> expression;
  std::string literal;
  Behavior behavior = Behavior::isolated;
  bool invert = false;  ///< What matches is the word, what lies between separates.
};

/// Which parts of a text Metaspace gives a "▁" to begin with, unless they begin with one.
enum class Prefix { never, every_part, first_part };

struct TokenizerJson {
  std::vector<std::string> pieces;  ///< As the file spells them, by id; empty where an id has none.
  std::vector<bool> in_model;       ///< Whether a piece stands in the model's vocabulary, not only among added tokens.
  std::vector<std::pair<std::string, std::string>> merges;
  BpeOptions bpe;
  std::vector<AddedToken> added;
  size_t added_beside = 0;          ///< The last of them stand in other files (side_files.h).
  std::vector<NormalizerStep> normalizers;
  bool metaspace = false;           ///< Before all else, " " becomes "▁".
  Prefix prefix = Prefix::never;
  bool add_prefix_space = false;    ///< ByteLevel: a part that begins without a blank gets one.
  std::vector<SplitStep> splits;    ///< None: a part is one word.
  bool splits_at_marks = false;     ///< Metaspace with split: every "▁" begins a word.
  bool strips_prefix = false;       ///< Decoding takes one blank from the beginning.
  bool replaces_marks = false;      ///< Decoding writes "▁" as a blank.
  std::vector<int32_t> opening, closing;  ///< What the post-processor puts around a text.
};

/// Throws data with `where` for what is damaged or not among the above.
TokenizerJson parse_tokenizer_json(std::string_view content, const std::string& where);

}  // namespace hone::tokenizer
