#include "dataset/samples.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace hone::dataset {
namespace {

using corpus::CleanDocument;
using document::Part;
using tokenizer::ChatMessage;
using tokenizer::ChatTemplate;
using tokenizer::TokenizedChat;

constexpr std::string_view kPreference = "preference", kAlpaca = "alpaca";
constexpr std::string_view kCompletion = "completion", kChosen = "chosen", kRejected = "rejected";

std::string_view text_of(const CleanDocument& record, const Part& part) { return std::string_view(record.text).substr(part.begin, part.end - part.begin); }

uint64_t characters_in(std::string_view text) {
  return static_cast<uint64_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

TokenizedDocument labelled(const CleanDocument& record, std::string_view suffix) {
  TokenizedDocument document;
  document.id = record.id + std::string(suffix.empty() ? "" : "#") + std::string(suffix);
  document.source = record.source;
  document.language = record.language;
  document.access = record.access;
  document.licence = record.licence;
  return document;
}

uint64_t trained_tokens(const TokenizedDocument& document) {  // the first token is never predicted
  return document.mask.empty() ? 0 : static_cast<uint64_t>(std::count(document.mask.begin() + 1, document.mask.end(), uint8_t{1}));
}

/// Runs of tokens of one message become spans of its role.
void set_roles(TokenizedDocument& document, const std::vector<int32_t>& message_of, const std::vector<ChatMessage>& messages) {
  for (size_t i = 0; i < message_of.size(); ++i) {
    if (message_of[i] < 0) continue;
    const bool goes_on = i > 0 && message_of[i] == message_of[i - 1];
    if (!goes_on) document.roles.push_back({messages[static_cast<size_t>(message_of[i])].role, i, i});
    document.roles.back().end = i + 1;
  }
}

}  // namespace

/// The turns of a record as a template wants them.
struct SampleEncoder::Conversation {
  std::vector<ChatMessage> messages;
  std::vector<bool> trained;  ///< By message.
};

SampleEncoder::SampleEncoder(const tokenizer::Tokenizer& tokenizer, SampleOptions options) : tokenizer_(tokenizer), options_(std::move(options)) {
  if (options_.chat != nullptr) {
    terminator_text_ = options_.chat->terminator();
    terminator_ = tokenizer_.encode_markup(terminator_text_);
  }
  if (options_.alpaca != nullptr && options_.chat == nullptr) alpaca_terminator_text_ = options_.alpaca->terminator();
}

bool SampleEncoder::trains(const std::string& role) const {
  return std::find(options_.roles_to_train.begin(), options_.roles_to_train.end(), role) != options_.roles_to_train.end();
}

/// `answer`: of a preference the side that is written.
SampleEncoder::Conversation SampleEncoder::conversation_of(const CleanDocument& record, std::string_view answer) const {
  Conversation conversation;
  const bool preference = record.record == kPreference;
  for (const Part& part : record.parts) {
    const std::string text(text_of(record, part));
    if (part.role == "input" && !conversation.messages.empty()) {
      conversation.messages.back().input = text;
      continue;
    }
    const bool side = part.role == kChosen || part.role == kRejected;
    if (side && part.role != answer) continue;
    const std::string role = side || part.role == kCompletion ? "assistant" : part.role == "prompt" ? "user" : part.role;
    conversation.messages.push_back({role, text, ""});
    conversation.trained.push_back(preference ? side : part.trained && trains(role));
  }
  return conversation;
}

const ChatTemplate* SampleEncoder::template_for(const CleanDocument& record) const {
  if (options_.chat != nullptr) return options_.chat;
  if (record.record == kAlpaca && options_.alpaca != nullptr) return options_.alpaca;
  const bool plain = std::all_of(record.parts.begin(), record.parts.end(), [](const Part& part) {
    return part.role == "system" || part.role == "prompt" || part.role == kCompletion || part.role == kChosen || part.role == kRejected;
  });
  if (plain) return nullptr;
  throw Error(ExitCode::data, "document " + record.id + " of source " + record.source + " is a conversation, and the model has no chat template; name one with " +
                                  "training.chat_template, such as chatml");
}

void SampleEncoder::truncate(TokenizedDocument& document) const {
  if (options_.max_tokens == 0 || document.tokens.size() <= options_.max_tokens) return;
  document.truncated = document.tokens.size() - options_.max_tokens;
  document.tokens.resize(options_.max_tokens);
  document.mask.resize(options_.max_tokens);
  while (!document.roles.empty() && document.roles.back().begin >= options_.max_tokens) document.roles.pop_back();
  if (!document.roles.empty()) document.roles.back().end = std::min(document.roles.back().end, options_.max_tokens);
}

TokenizedDocument SampleEncoder::encode_chat(const CleanDocument& record, const ChatTemplate& chat, std::string_view answer) const {
  const Conversation conversation = conversation_of(record, answer);
  const TokenizedChat written = chat.tokenize(conversation.messages);
  TokenizedDocument document = labelled(record, answer);
  document.tokens = written.ids;
  const bool everything = options_.train_on_inputs && answer.empty();
  document.mask.resize(written.ids.size(), everything ? 1 : 0);
  for (size_t i = 0; i < written.message.size(); ++i)
    if (written.message[i] >= 0 && conversation.trained[static_cast<size_t>(written.message[i])]) document.mask[i] = 1;
  if (everything && !document.tokens.empty() && document.tokens.front() == tokenizer_.bos_id()) document.mask.front() = 0;
  set_roles(document, written.message, conversation.messages);
  truncate(document);

  // Bits per byte are of what is trained: its text, without terminators.
  const std::string& terminator = &chat == options_.chat ? terminator_text_ : alpaca_terminator_text_;
  const uint64_t cut = document.tokens.empty() ? 0 : document.truncated == 0 ? written.text.size() : written.end[document.tokens.size() - 1];
  for (const tokenizer::ChatSpan& span : written.spans) {
    if (!everything && !conversation.trained[span.message]) continue;
    std::string_view said = std::string_view(written.text).substr(span.begin, span.end - span.begin);
    if (!terminator.empty() && said.ends_with(terminator)) said.remove_suffix(terminator.size());
    said = said.substr(0, cut > span.begin ? cut - span.begin : 0);
    document.text_bytes += said.size();
    document.text_characters += characters_in(said);
  }
  return document;
}

TokenizedDocument SampleEncoder::encode_plain(const CleanDocument& record, std::string_view answer) const {
  if (tokenizer_.eos_id() < 0)
    throw Error(ExitCode::data, "the vocabulary has no EOS, which has to end an answer in plain text; name a chat template with training.chat_template");
  std::string prompt;
  std::string_view completion;
  bool trained = true;
  for (const Part& part : record.parts) {
    const std::string_view text = text_of(record, part);
    if (part.role == "system") {
      prompt = std::string(text) + "\n\n" + prompt;
    } else if (part.role == "prompt") {
      prompt += text;
    } else if (part.role == kCompletion || part.role == answer) {
      completion = text;
      trained = !answer.empty() || (part.trained && trains("assistant"));
    }
  }
  std::vector<int32_t> asked = tokenizer_.encode(prompt), whole = tokenizer_.encode(prompt + std::string(completion));
  if (!std::equal(asked.begin(), asked.end(), whole.begin(), whole.begin() + static_cast<ptrdiff_t>(std::min(asked.size(), whole.size()))) ||
      whole.size() < asked.size()) {
    // A token would reach over the end of the prompt. A vocabulary that puts a space before a text puts the one that is there.
    std::string_view rest = completion;
    if (tokenizer_.leading_space() != tokenizer::LeadingSpace::keep && rest.starts_with(' ')) rest.remove_prefix(1);
    const std::vector<int32_t> alone = tokenizer_.encode(rest);
    whole = asked;
    whole.insert(whole.end(), alone.begin(), alone.end());
  }
  TokenizedDocument document = labelled(record, answer);
  if (tokenizer_.adds_bos()) document.tokens.push_back(tokenizer_.bos_id());
  const uint64_t bos = document.tokens.size(), question_end = bos + asked.size();
  document.tokens.insert(document.tokens.end(), whole.begin(), whole.end());
  document.tokens.push_back(tokenizer_.eos_id());
  const uint64_t end = document.tokens.size();
  const bool everything = options_.train_on_inputs && answer.empty();
  document.mask.resize(end, everything || trained ? 1 : 0);
  std::fill_n(document.mask.begin(), everything ? bos : question_end, uint8_t{0});
  document.roles = {{"user", bos, question_end}, {"assistant", question_end, end}};
  truncate(document);
  const std::string_view said = completion.substr(0, document.truncated > 0 && document.tokens.size() <= question_end ? 0 : std::string_view::npos);
  document.text_bytes = (everything ? prompt.size() : 0) + said.size();
  document.text_characters = (everything ? characters_in(prompt) : 0) + characters_in(said);
  return document;
}

Samples SampleEncoder::encode_pair(const CleanDocument& record, const ChatTemplate* chat) const {
  Samples samples;
  for (const std::string_view side : {kChosen, kRejected})
    samples.documents.push_back(chat != nullptr ? encode_chat(record, *chat, side) : encode_plain(record, side));
  // A token that reaches over the end of the prompt makes prompts differ; then it counts to the answers.
  TokenizedDocument &chosen = samples.documents[0], &rejected = samples.documents[1];
  const auto first_trained = [](const TokenizedDocument& document) {
    return static_cast<size_t>(std::find(document.mask.begin(), document.mask.end(), uint8_t{1}) - document.mask.begin());
  };
  const size_t shared = std::min(first_trained(chosen), first_trained(rejected));
  const size_t same = static_cast<size_t>(
      std::mismatch(chosen.tokens.begin(), chosen.tokens.begin() + static_cast<ptrdiff_t>(shared), rejected.tokens.begin()).first - chosen.tokens.begin());
  for (TokenizedDocument* document : {&chosen, &rejected}) {
    const auto begin = document->mask.begin();
    std::fill(begin + static_cast<ptrdiff_t>(same), begin + static_cast<ptrdiff_t>(first_trained(*document)), uint8_t{1});
  }
  return samples;
}

Samples SampleEncoder::encode(const CleanDocument& record) const {
  Samples samples;
  try {
    const ChatTemplate* chat = template_for(record);
    if (record.record == kPreference) samples = encode_pair(record, chat);
    else samples.documents.push_back(chat != nullptr ? encode_chat(record, *chat, {}) : encode_plain(record, {}));
  } catch (const tokenizer::ChatRefused& refused) {
    return {{}, "refused", "document " + record.id + ": " + refused.what()};
  }
  for (const TokenizedDocument& document : samples.documents) {
    if (trained_tokens(document) > 0) continue;
    const std::string why = document.truncated > 0 ? " is longer than " + std::to_string(options_.max_tokens) + " tokens before anything in it would be trained"
                                                   : " has no token that would be trained; see training.roles_to_train";
    return {{}, "unlabelled", "document " + record.id + why};
  }
  return samples;
}

}  // namespace hone::dataset
