#pragma once
/// Records of instruction data → token sequences with loss masks.
///
///   conversation   what the chat template writes; trained: the turns of roles_to_train with their terminators, or with
///                  train_on_inputs everything but BOS
///   plain text     without a template, prompt and completion: [BOS] prompt completion EOS; trained: completion and EOS. The prompt is
///                  encoded as it is when the model is asked, so that no token reaches over its end
///   preference     two sequences, ids NAME#chosen and NAME#rejected, with equal tokens up to the answers, which alone are trained
/// What is longer than max_tokens loses its end, as with TRL's default: the beginning keeps its context. Running text is no record: it is
/// trained whole, and cut into windows when it is packed.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/documents.h"
#include "dataset/shard_writer.h"
#include "tokenizer/chat_template.h"
#include "tokenizer/tokenizer.h"

namespace hone::dataset {

struct SampleOptions {
  const tokenizer::ChatTemplate* chat = nullptr;    ///< Null: plain text where a record can be that.
  const tokenizer::ChatTemplate* alpaca = nullptr;  ///< For alpaca's records where `chat` is null.
  bool train_on_inputs = false;
  std::vector<std::string> roles_to_train = {"assistant"};
  uint64_t max_tokens = 0;  ///< Longest sequence; 0: no limit.
};

/// What becomes of one record.
struct Samples {
  /// One, or two of a preference; none when `dropped` says why.
  std::vector<TokenizedDocument> documents;
  std::string dropped;  ///< "refused" by the template, or "unlabelled": nothing of it would be trained.
  std::string message;  ///< For people.
};

class SampleEncoder {
 public:
  /// All that is pointed to must outlive it. Throws data when a template has no end of turn that a model could learn, or plain text no
  /// EOS to end with: checked here, before anything is trained.
  SampleEncoder(const tokenizer::Tokenizer& tokenizer, SampleOptions options);

  /// `record.parts` is not empty. Throws data when a conversation meets no template, or its spans cannot be told. Any number of threads.
  Samples encode(const corpus::CleanDocument& record) const;

  /// What ends an answer in `chat`, as ids; empty without a template.
  const std::vector<int32_t>& terminator() const { return terminator_; }

 private:
  struct Conversation;
  Conversation conversation_of(const corpus::CleanDocument& record, std::string_view answer) const;
  const tokenizer::ChatTemplate* template_for(const corpus::CleanDocument& record) const;
  TokenizedDocument encode_chat(const corpus::CleanDocument& record, const tokenizer::ChatTemplate& chat, std::string_view answer) const;
  TokenizedDocument encode_plain(const corpus::CleanDocument& record, std::string_view answer) const;
  Samples encode_pair(const corpus::CleanDocument& record, const tokenizer::ChatTemplate* chat) const;
  bool trains(const std::string& role) const;
  void truncate(TokenizedDocument& document) const;

  const tokenizer::Tokenizer& tokenizer_;
  SampleOptions options_;
  std::vector<int32_t> terminator_;
  std::string terminator_text_, alpaca_terminator_text_;
};

}  // namespace hone::dataset
