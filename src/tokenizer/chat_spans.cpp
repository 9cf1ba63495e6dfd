#include "tokenizer/chat_spans.h"

#include <algorithm>
#include <charconv>

#include "jinja/text.h"

namespace hone::tokenizer {
namespace {

// Two characters for private use around a number. They are in no template, and in a skeleton no words are left that could have them.
constexpr std::string_view kOpen = "\xEE\x80\x80", kClose = "\xEE\x80\x81";
constexpr size_t kMostSkeletons = 1024, kLongestKept = 16 << 10;  // of shapes: together 16 MB at most
constexpr size_t kLongestTag = 40;

std::string sign(size_t number) { return std::string(kOpen) + std::to_string(number) + std::string(kClose); }

// White space as Python's str.strip() knows it: that is what templates strip.
std::string_view strip_left(std::string_view text) { return jinja::strip(text, nullptr, true, false); }
std::string_view strip_right(std::string_view text) { return jinja::strip(text, nullptr, false, true); }
size_t leading_space(std::string_view text) { return text.size() - strip_left(text).size(); }
size_t trailing_space(std::string_view text) { return text.size() - strip_right(text).size(); }

/// Bytes of the tag at the beginning of `text`, such as <think>; 0 when there is none.
size_t tag_at(std::string_view text) {
  const size_t end = text.substr(0, kLongestTag).find_first_of(" \t\r\n<>", 1);
  return text.starts_with('<') && end != std::string_view::npos && end > 1 && text[end] == '>' ? end + 1 : 0;
}

std::string_view common_prefix(std::string_view a, std::string_view b) {
  return a.substr(0, static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin()));
}

/// What stands behind `mark`, or between it and `until`.
std::string_view behind(std::string_view text, std::string_view mark, std::string_view until = {}) {
  const size_t at = text.rfind(mark);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + mark.size());
  return until.empty() ? text : text.substr(0, text.find(until));
}

}  // namespace

ChatSpans::ChatSpans(Render render, std::vector<std::string> control) : render_(std::move(render)), control_(std::move(control)) {}

size_t ChatSpans::control_at(std::string_view text) const {
  size_t longest = 0;
  for (const std::string& token : control_)
    if (token.size() > longest && text.starts_with(token)) longest = token.size();
  return longest;
}

const ChatSpans::Facts& ChatSpans::facts() const {
  std::call_once(once_, [this] { facts_ = find_facts(); });
  return facts_;
}

ChatSpans::Facts ChatSpans::find_facts() const {
  const std::string question = sign(1), answer = sign(2), again = sign(3);
  for (const bool with_system : {false, true}) {
    Facts facts;
    std::vector<ChatMessage> messages;
    if (with_system) messages.push_back({"system", sign(0), ""});
    messages.push_back({"user", question, ""});
    const std::optional<std::string> asked = render_(messages, false), prompted = render_(messages, true);
    messages.push_back({"assistant", answer, ""});
    const std::optional<std::string> answered = render_(messages, false);
    if (!answered || answered->find(answer) == std::string::npos) continue;
    facts.example = messages;
    messages.push_back({"user", again, ""});
    const std::optional<std::string> going_on = render_(messages, false);

    std::string_view end = behind(*answered, answer);
    if (going_on && going_on->find(again) != std::string::npos) end = common_prefix(end, behind(*going_on, answer, again));
    end.remove_prefix(leading_space(end));
    const size_t control = control_at(end);
    facts.terminator = control > 0 ? end.substr(0, control) : strip_right(end);

    // What stands between a question and its answer, and how much of it is there before anybody asks for an answer.
    std::string_view header = behind(*answered, question, answer);
    const std::string_view tail = asked ? behind(*asked, question) : std::string_view();
    const bool follows = asked && header.starts_with(tail);
    if (follows) header.remove_prefix(tail.size());
    if (asked && prompted && prompted->starts_with(*asked)) {
      const std::string_view prompt = std::string_view(*prompted).substr(asked->size());
      if (follows) facts.prompt = common_prefix(prompt, header);
      else if (header.find(prompt) != std::string_view::npos) facts.prompt = prompt;
    } else if (prompted && !behind(*prompted, question).empty() && header.starts_with(behind(*prompted, question))) {
      facts.prompt = behind(*prompted, question);  // without a prompt something else stands there: the end of the text
    }
    if (strip_right(facts.prompt).empty()) facts.prompt.clear();
    facts.header_space = trailing_space(header);
    if (facts.prompt.empty() && follows && strip_left(header).empty()) facts.leading_space = header.size();
    return facts;
  }
  return {};
}

ChatSpans::Signs ChatSpans::with_signs(const std::vector<ChatMessage>& messages, Cut cut) {
  Signs signs;
  const auto stretch = [&](size_t message, std::string_view words, std::string& out) {
    out += sign(signs.stretches.size());
    signs.stretches.push_back({message, words});
    signs.shape += '\x01';
  };
  const auto keep = [&](std::string_view text, std::string& out) {
    out += text;
    signs.shape += text;
  };
  const auto text_between_tags = [&](size_t message, std::string_view text, std::string& out) {
    const size_t lead = leading_space(text);
    const size_t trail = lead == text.size() ? 0 : trailing_space(text);
    keep(text.substr(0, lead), out);
    if (lead < text.size()) stretch(message, text.substr(lead, text.size() - lead - trail), out);
    keep(text.substr(text.size() - trail), out);
  };
  const auto replaced = [&](size_t message, std::string_view text) {
    std::string out;
    if (cut == Cut::whole) {
      if (strip_left(text).empty()) stretch(message, text, out);
      else text_between_tags(message, text, out);
      return out;
    }
    size_t begin = 0;
    for (size_t at = 0; at < text.size(); ++at) {
      const size_t tag = text[at] == '<' ? tag_at(text.substr(at)) : 0;
      if (tag == 0) continue;
      text_between_tags(message, text.substr(begin, at - begin), out);
      keep(text.substr(at, tag), out);
      begin = at + tag;
      at = begin - 1;
    }
    text_between_tags(message, text.substr(begin), out);
    return out;
  };
  for (size_t i = 0; i < messages.size(); ++i) {
    signs.shape += '\x02' + messages[i].role + '\x03';
    ChatMessage message{messages[i].role, replaced(i, messages[i].content), ""};
    if (!messages[i].input.empty()) {
      signs.shape += '\x04';
      message.input = replaced(i, messages[i].input);
    }
    signs.messages.push_back(std::move(message));
  }
  return signs;
}

std::optional<ChatSpans::Skeleton> ChatSpans::skeleton_of(std::string_view text, size_t stretches) {
  Skeleton skeleton;
  for (;;) {
    const size_t open = text.find(kOpen);
    skeleton.literals.emplace_back(text.substr(0, open));
    if (open == std::string_view::npos) return skeleton;
    text.remove_prefix(open + kOpen.size());
    uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const size_t digits = static_cast<size_t>(read.ptr - text.data());
    if (read.ec != std::errc() || !text.substr(digits).starts_with(kClose) || number >= stretches) return std::nullopt;
    text.remove_prefix(digits + kClose.size());
    skeleton.gaps.push_back(number);
  }
}

std::shared_ptr<const ChatSpans::Skeleton> ChatSpans::skeleton(const Signs& signs, bool add_generation_prompt) const {
  const std::string key = signs.shape + (add_generation_prompt ? '\x05' : '\x06');
  const bool kept = key.size() <= kLongestKept;
  if (kept) {
    const std::lock_guard lock(mutex_);
    const auto found = skeletons_.find(key);
    if (found != skeletons_.end()) return found->second;
  }
  std::shared_ptr<const Skeleton> made;
  if (const std::optional<std::string> text = render_(signs.messages, add_generation_prompt)) {
    if (std::optional<Skeleton> skeleton = skeleton_of(*text, signs.stretches.size())) made = std::make_shared<const Skeleton>(std::move(*skeleton));
  }
  if (!kept) return made;
  const std::lock_guard lock(mutex_);
  if (skeletons_.size() >= kMostSkeletons) skeletons_.clear();
  skeletons_[key] = made;
  return made;
}

/// Widens the words of a message to its span: `behind` and `until` are where the words before end and those behind begin.
void ChatSpans::widen(const ChatMessage& message, std::string_view text, size_t behind, size_t until, ChatSpan& span) const {
  const Facts& facts = this->facts();
  const std::string_view header = text.substr(behind, span.begin - behind);
  if (message.role == "assistant") {
    std::string_view prompt = facts.prompt;
    size_t at = prompt.empty() ? std::string_view::npos : header.rfind(prompt);
    if (at == std::string_view::npos && !prompt.empty()) at = header.rfind(prompt = strip_right(prompt));
    if (at != std::string_view::npos) {
      span.begin = behind + at + prompt.size();
    } else {  // white space in front is its own as far as a header does not end in it
      const size_t space = trailing_space(header), own = leading_space(message.content);
      span.begin -= std::min(space, facts.leading_space + (space > facts.header_space ? std::min(own, space - facts.header_space) : 0));
    }
  }
  const std::string_view rest = text.substr(span.end, until - span.end);
  const size_t space = leading_space(rest);
  if (!facts.terminator.empty() && rest.substr(space).starts_with(facts.terminator)) span.end += space + facts.terminator.size();
}

std::optional<std::vector<ChatSpan>> ChatSpans::fit(const std::vector<ChatMessage>& messages, const Signs& signs, const Skeleton& skeleton,
                                                    std::string_view text) const {
  struct Place {
    size_t begin = 0, end = 0, times = 0;
  };
  std::vector<Place> words(signs.stretches.size());
  size_t at = 0;
  for (size_t i = 0; i < skeleton.literals.size(); ++i) {
    if (!text.substr(at).starts_with(skeleton.literals[i])) return std::nullopt;
    at += skeleton.literals[i].size();
    if (i == skeleton.gaps.size()) break;
    const Stretch& stretch = signs.stretches[skeleton.gaps[i]];
    if (!text.substr(at).starts_with(stretch.words)) return std::nullopt;
    Place& place = words[skeleton.gaps[i]];
    place = {at, at + stretch.words.size(), place.times + 1};
    at = place.end;
  }
  if (at != text.size()) return std::nullopt;

  std::vector<ChatSpan> spans;
  std::vector<bool> ambiguous(messages.size());
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].times == 0) continue;
    const size_t message = signs.stretches[i].message;
    ambiguous[message] = ambiguous[message] || words[i].times > 1;
    if (spans.empty() || spans.back().message != message) spans.push_back({message, words[i].begin, words[i].end});
    spans.back().begin = std::min(spans.back().begin, words[i].begin);
    spans.back().end = std::max(spans.back().end, words[i].end);
  }
  std::erase_if(spans, [&](const ChatSpan& span) { return ambiguous[span.message]; });
  std::sort(spans.begin(), spans.end(), [](const ChatSpan& a, const ChatSpan& b) { return a.begin < b.begin || (a.begin == b.begin && a.message < b.message); });
  for (size_t i = 0, behind = 0; i < spans.size(); ++i) {
    if (spans[i].begin < behind) return std::nullopt;
    const size_t words_end = spans[i].end;
    widen(messages[spans[i].message], text, behind, i + 1 < spans.size() ? spans[i + 1].begin : text.size(), spans[i]);
    behind = std::max(words_end, spans[i].end);
  }
  std::vector<bool> told(messages.size());
  for (const ChatSpan& span : spans) told[span.message] = true;
  for (size_t i = 0; i < messages.size(); ++i)
    if (messages[i].role == "assistant" && !told[i]) return std::nullopt;
  return spans;
}

std::optional<std::vector<ChatSpan>> ChatSpans::of(const std::vector<ChatMessage>& messages, bool add_generation_prompt, std::string_view text) const {
  for (const Cut cut : {Cut::whole, Cut::tags}) {
    Signs signs = with_signs(messages, cut);
    const auto found = skeleton(signs, add_generation_prompt);
    if (!found) continue;
    if (auto spans = fit(messages, signs, *found, text)) return spans;
    bool blanks = false;  // white space alone, which a template may strip
    for (Stretch& stretch : signs.stretches) {
      if (stretch.words.empty() || !strip_left(stretch.words).empty()) continue;
      stretch.words = {};
      blanks = true;
    }
    if (!blanks) continue;
    if (auto spans = fit(messages, signs, *found, text)) return spans;
  }
  return std::nullopt;
}

}  // namespace hone::tokenizer
