#include "report/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "report/look.h"
#include "report/names.h"
#include "report/rule_words.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kReadHeading{"read", "읽음"};
constexpr Text kReadFrom{"Read from {0}, source {1}: {2} characters, {3}.", "출처 {1}의 {0}에서 읽었습니다. {2}자, {3}."};
constexpr Text kReadRow{"{0}, row {1}", "{0}의 {1}행"};
constexpr Text kEncoding{"The file was in {0}.", "파일의 문자 집합은 {0}이었습니다."};
constexpr Text kTerms{"Licence {0}, access {1}.", "라이선스 {0}, 공개 범위 {1}."};
constexpr Text kNotStated{"not stated", "명시되지 않음"};
constexpr Text kUnreadable{"Could not be read from {0}, source {1}: {2}.", "출처 {1}의 {0}을(를) 읽지 못했습니다: {2}."};
constexpr Text kEdited{"Changed {0}: {1}.", "{0}을 고쳤습니다: {1}."};
constexpr Text kMerged{"Changed text that a later rule changed again; its part is told there.",
                       "나중 규칙이 같은 곳을 다시 고쳤으므로 그 규칙에서 함께 설명합니다."};
constexpr Text kOnePlace{"1 place", "1곳"};
constexpr Text kPlaces{"{0} places", "{0}곳"};
constexpr Text kDropped{"Dropped: {0}.", "제외했습니다: {0}."};
constexpr Text kDroppedCopy{"Dropped as a copy: the text is the same as that of {0}.", "사본이라 제외했습니다. {0}과(와) 글이 같습니다."};
constexpr Text kDroppedNear{"Dropped as a near copy of {0}.", "{0}과(와) 거의 같아 제외했습니다."};
constexpr Text kDroppedNearBy{"Dropped as a near copy ({1}) of {0}.", "{0}과(와) {1} 같아 제외했습니다."};
constexpr Text kFlagged{"Marked for attention: {0}. The text was left as it is.", "확인이 필요하다고 표시했습니다: {0}. 글은 그대로 두었습니다."};
constexpr Text kPointedOut{"Pointed out {0} and left the text as it is: {1}.", "글은 그대로 두고 {0}에 표시했습니다: {1}."};
constexpr Text kNothing{"Found nothing to do.", "할 일이 없었습니다."};
constexpr Text kSilentHeading{"other rules", "그 밖의 규칙"};
constexpr Text kSilent{"Had nothing to say: {0}.", "할 말이 없었습니다: {0}."};
constexpr Text kNoCopy{"Not a copy of another document.", "다른 문서의 사본이 아닙니다."};
constexpr Text kGoodEnough{"Within its limits.", "한도 안에 있습니다."};
constexpr Text kMeasured{"Measured: {0}", "측정값: {0}"};
constexpr Text kShows{"It began: “{0}”", "글의 첫머리: “{0}”"};
constexpr Text kPlaceHeading{"split", "분할"};
constexpr Text kToTrain{"Goes to train: the model learns from it.", "학습에 쓰입니다. 모델이 이 글로 배웁니다."};
constexpr Text kToValidation{"Goes to validation: held out, the model is judged by it and does not learn from it.",
                             "검증에 쓰입니다. 모델이 배우지 않고, 이 글로 평가받습니다."};
constexpr Text kToForgetting{"Goes to forgetting: never learnt from, only measured before and after.",
                             "망각 측정에 쓰입니다. 배우지 않고 학습 앞뒤로 재기만 합니다."};
constexpr Text kCharactersLeft{"{0} characters stay.", "{0}자가 남았습니다."};
constexpr Text kTokens{"In the shards it is document {0} of {1}, with {2} tokens.", "토큰 조각에서는 {1}의 {0}번 문서이며 토큰 {2}개입니다."};
constexpr Text kCluster{"It belongs to the cluster of {0}, which stays on one side.", "{0}의 묶음에 속하며, 묶음은 한쪽에 함께 둡니다."};
constexpr Text kRepeatedBy{"Repeated by: {0}.", "이 문서를 되풀이하는 문서: {0}."};
constexpr Text kMore{"{0} and {1} more", "{0} 외 {1}건"};
constexpr Text kStays{"stays in the corpus", "말뭉치에 남았습니다"};
constexpr Text kGoneUnread{"could not be read", "읽지 못했습니다"};
constexpr Text kGoneBy{"dropped by {0}", "‘{0}’ 규칙이 제외했습니다"};
constexpr Text kUnknown{"its lines in the ledger do not say where it went", "어디로 갔는지 원장에 없습니다"};

constexpr size_t kMostNamed = 6;

std::string text_of(const json& line, const char* key) { return words(line, std::string("/") + key); }

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text == "CP949" ? "EUC-KR (CP949)" : text;
}

std::string place_of(const json& line, const Voice& voice) {
  const std::string path = text_of(line, "path").empty() ? text_of(line, "id") : text_of(line, "path");
  const double row = number(line, "/row");
  return row > 0 ? voice(kReadRow, {path, voice.count(row)}) : path;
}

std::string or_not_stated(const std::string& text, const Voice& voice) { return text.empty() ? voice(kNotStated) : text; }

std::string places(uint64_t count, const Voice& voice) {
  return count == 1 ? voice(kOnePlace) : voice(kPlaces, {voice.count(static_cast<double>(count))});
}

Chapter read_chapter(const json& line, const Voice& voice) {
  Chapter chapter{.rule = "read", .heading = voice(kReadHeading), .text = "", .details = {}};
  const std::string source = or_not_stated(text_of(line, "source"), voice);
  if (text_of(line, "action") == "drop") {
    chapter.tone = Tone::dropped;
    const std::string reason = text_of(line, "reason");
    chapter.text = voice(kUnreadable, {place_of(line, voice), source, rejection_name(reason, voice)});
    if (!text_of(line, "message").empty()) chapter.details.push_back(text_of(line, "message"));
    chapter.details.push_back(rejection_advice(reason, voice));
    return chapter;
  }
  chapter.text = voice(kReadFrom, {place_of(line, voice), source, voice.count(number(line, "/characters")),
                                   language_name(text_of(line, "language"), voice)});
  const std::string encoding = text_of(line, "encoding");
  if (!encoding.empty() && encoding != "utf-8" && encoding != "ascii") chapter.text += " " + voice(kEncoding, {upper(encoding)});
  chapter.details.push_back(
      voice(kTerms, {or_not_stated(text_of(line, "licence"), voice), or_not_stated(text_of(line, "access"), voice)}));
  return chapter;
}

/// "white space 2, zero-width characters" of all lines of one rule with this action, and how many places in all.
std::string kinds_of(const std::vector<const json*>& lines, std::string_view action, uint64_t& count, const Voice& voice) {
  std::vector<std::pair<std::string, uint64_t>> kinds;
  for (const json* line : lines) {
    if (text_of(*line, "action") != action) continue;
    for (const json& span : look(*line, "/spans")) {
      const std::string kind = text_of(span, "kind");
      const auto known = std::find_if(kinds.begin(), kinds.end(), [&](const auto& entry) { return entry.first == kind; });
      if (known == kinds.end()) kinds.emplace_back(kind, 1);
      else ++known->second;
      ++count;
    }
  }
  std::string text;
  for (const auto& [kind, times] : kinds) {
    text += (text.empty() ? "" : ", ") + kind_name(kind, voice);
    if (times > 1) text += " × " + voice.count(static_cast<double>(times));
  }
  return text;
}

std::string measured(const json& findings, const Voice& voice) {
  std::string text;
  for (const auto& [key, value] : findings.items()) {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    text += (text.empty() ? "" : ", ") + name + " " + (value.is_number() ? fmt::format("{:.4g}", value.get<double>()) : value.dump());
  }
  return voice(kMeasured, {text});
}

std::string why_dropped(const json& line, const Voice& voice) {
  const std::string of = text_of(line, "duplicate_of");
  if (of.empty()) return voice(kDropped, {reason_name(text_of(line, "reason"), voice)});
  if (text_of(line, "reason") == "exact_duplicate" || text_of(line, "rule") == "exact_duplicates") return voice(kDroppedCopy, {of});
  for (const char* key : {"/findings/similarity", "/findings/jaccard"}) {
    const double share = number(line, key);
    if (share > 0) return voice(kDroppedNearBy, {of, voice.percent(share, 0)});
  }
  return voice(kDroppedNear, {of});
}

/// What was pointed out and left.
std::string flagged_text(const std::vector<const json*>& lines, const Voice& voice) {
  uint64_t count = 0;
  const std::string kinds = kinds_of(lines, "keep", count, voice);
  if (count == 0) return voice(kFlagged, {reason_name(text_of(*lines.back(), "reason"), voice)});
  return voice(kPointedOut, {places(count, voice), kinds});
}

/// One rule, whose edits may stand in several lines, one a family.
Chapter rule_chapter(const std::vector<const json*>& lines, const Voice& voice) {
  const json& first = *lines.front();
  const std::string rule = text_of(first, "rule"), action = text_of(first, "action");
  Chapter chapter{.rule = rule, .heading = rule_name(rule, voice), .text = "", .details = {}};
  if (action == "drop") {
    chapter.tone = Tone::dropped;
    chapter.text = why_dropped(first, voice);
    if (!text_of(first, "excerpt").empty()) chapter.details.push_back(voice(kShows, {text_of(first, "excerpt")}));
  } else if (action == "edit") {
    chapter.tone = Tone::edited;
    uint64_t count = 0;
    const std::string kinds = kinds_of(lines, "edit", count, voice);
    chapter.text = count == 0 ? voice(kMerged) : voice(kEdited, {places(count, voice), kinds});
  } else if (!text_of(first, "reason").empty() || !look(first, "/spans").empty()) {
    chapter.tone = Tone::flagged;
    chapter.text = flagged_text(lines, voice);
  } else {
    const std::string family = text_of(first, "family");
    chapter.text = voice(family == "dedup" ? kNoCopy : family == "quality" ? kGoodEnough : kNothing);
  }
  if (action == "edit" && text_of(*lines.back(), "action") == "keep") chapter.details.push_back(flagged_text(lines, voice));
  if (const json& findings = look(first, "/findings"); findings.is_object() && !findings.empty())
    chapter.details.push_back(measured(findings, voice));
  return chapter;
}

std::string repeated_by(const json& duplicates, const Voice& voice) {
  std::vector<std::string> ids;
  for (const json& duplicate : duplicates)
    if (std::find(ids.begin(), ids.end(), text_of(duplicate, "id")) == ids.end()) ids.push_back(text_of(duplicate, "id"));
  if (ids.empty()) return "";
  const size_t named = std::min(ids.size(), kMostNamed);
  std::string list = fmt::format("{}", fmt::join(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(named), ", "));
  if (named < ids.size()) list = voice(kMore, {list, voice.count(static_cast<double>(ids.size() - named))});
  return voice(kRepeatedBy, {list});
}

Chapter place_chapter(const json& line, const ShardPlace& place, const Voice& voice) {
  Chapter chapter{.tone = Tone::placed, .rule = "split", .heading = voice(kPlaceHeading), .text = "", .details = {}};
  const std::string split = text_of(line, "split");
  chapter.text = voice(split == "validation" ? kToValidation : split == "forgetting" ? kToForgetting : kToTrain);
  chapter.details.push_back(voice(kCharactersLeft, {voice.count(number(line, "/characters"))}));
  if (place.known)
    chapter.details.push_back(voice(kTokens, {voice.count(static_cast<double>(place.document)), place.split, voice.count(static_cast<double>(place.tokens))}));
  const std::string cluster = text_of(line, "cluster");
  if (!cluster.empty() && cluster != text_of(line, "id")) chapter.details.push_back(voice(kCluster, {cluster}));
  return chapter;
}

/// Named as recipes name them, for whoever asks whether a rule saw the document at all.
std::optional<Chapter> silent_chapter(const json& names, const Voice& voice) {
  std::string list;
  for (const json& name : names)
    if (name.is_string()) list += (list.empty() ? "" : ", ") + name.get<std::string>();
  if (list.empty()) return std::nullopt;
  return Chapter{.tone = Tone::told, .rule = "silent", .heading = voice(kSilentHeading), .text = voice(kSilent, {list}), .details = {}};
}

std::string ending_of(const Story& story, const Voice& voice) {
  if (story.stays) return voice(kStays);
  for (const Chapter& chapter : story.chapters)
    if (chapter.tone == Tone::dropped) return chapter.rule == "read" ? voice(kGoneUnread) : voice(kGoneBy, {chapter.heading});
  return voice(kUnknown);
}

}  // namespace

Story tell(const json& explained, const ShardPlace& place, const Voice& voice) {
  Story story{.title = words(explained, "/id"), .stays = false, .ending = "", .chapters = {}};
  const json& ledger = look(explained, "/ledger");
  for (size_t i = 0; i < ledger.size(); ++i) {
    const json& line = ledger[i];
    const std::string rule = text_of(line, "rule");
    if (rule == "read") {
      story.chapters.push_back(read_chapter(line, voice));
    } else if (rule == "split") {
      story.stays = true;
      story.chapters.push_back(place_chapter(line, place, voice));
    } else {
      std::vector<const json*> lines = {&line};
      while (i + 1 < ledger.size() && text_of(ledger[i + 1], "rule") == rule) lines.push_back(&ledger[++i]);
      story.chapters.push_back(rule_chapter(lines, voice));
    }
  }
  if (auto silent = silent_chapter(look(explained, "/silent"), voice))
    story.chapters.insert(story.chapters.end() - (story.stays ? 1 : 0), std::move(*silent));
  const std::string repeated = repeated_by(look(explained, "/duplicates"), voice);
  if (!repeated.empty() && !story.chapters.empty()) story.chapters.back().details.push_back(repeated);
  story.ending = ending_of(story, voice);
  return story;
}

}  // namespace hone::report
