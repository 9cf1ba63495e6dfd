#include "report/names.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include "base/error.h"
#include "tasks/metric.h"

namespace hone::report {

namespace {

struct Named {
  std::string_view rule;
  Text text;
};

constexpr Named kNames[] = {
    {"normalise", {"normalisation", "정규화"}},
    {"exact_duplicates", {"exact duplicates", "똑같은 문서"}},
    {"near_duplicates", {"near duplicates", "거의 같은 문서"}},
    {"quality", {"minimum quality", "최소 품질"}},
    {"repetition", {"repetition", "반복"}},
    {"boilerplate", {"boilerplate", "상용 문구"}},
    {"personal_data", {"personal data", "개인정보"}},
    {"secrets", {"secrets", "비밀 정보"}},
    {"decontamination", {"evaluation items", "평가 문항"}},
    {"language", {"language", "언어"}},
    {"encoding", {"wrong encoding", "문자 집합 오류"}},
    {"page_furniture", {"page headers and footers", "머리말과 꼬리말"}},
    {"injection", {"instructions to a model", "모델 지시문"}},
    {"foreign_paragraphs", {"foreign paragraphs", "다른 언어의 단락"}},
    {"gopher_quality", {"web quality (Gopher)", "웹 품질(Gopher)"}},
    {"gopher_repetition", {"web repetition (Gopher)", "웹 반복(Gopher)"}},
    {"c4", {"web filter (C4)", "웹 필터(C4)"}},
    {"fineweb", {"web filter (FineWeb)", "웹 필터(FineWeb)"}},
    {"reader: unreadable_format", {"no reader for the format", "읽을 수 없는 형식"}},
    {"reader: encrypted", {"behind a password", "암호가 걸린 파일"}},
    {"reader: unreadable_file", {"file could not be read", "읽지 못한 파일"}},
    {"reader: damaged", {"damaged file", "손상된 파일"}},
    {"reader: no_text", {"no text in it", "글이 없음"}},
    {"reader: not_text", {"not text", "글이 아님"}},
    {"reader: too_large", {"too large", "너무 큼"}},
    {"reader: timed_out", {"took too long to read", "읽는 시간 초과"}},
    {"reader: crashed", {"reader crashed", "읽는 중 오류"}},
};

constexpr Text kUnknown{"unknown language", "알 수 없는 언어"};
constexpr Text kFigures[] = {{"Bits per byte", "바이트당 비트"},
                             {"Loss", "손실"},
                             {"Perplexity", "혼란도"},
                             {"Pairs judged wrongly", "틀린 답변 쌍"}};
constexpr Text kOfSource{"{0}, source {1}", "{0}, 출처 {1}"};
constexpr Text kOfLanguage{"{0}, {1}", "{0}, {1}"};

}  // namespace

std::string language_name(const std::string& code, const Voice& voice) {
  if (code.empty() || code == "und") return voice(kUnknown);
  const icu::Locale reader(std::string(voice.code()).c_str());
  icu::UnicodeString name;
  icu::Locale(code.c_str()).getDisplayLanguage(reader, name);
  std::string result;
  name.toUTF8String(result);
  return result.empty() ? code : result;
}

std::string metric_name(const std::string& metric, const Voice& voice) {
  tasks::Metric parsed;
  try {
    parsed = tasks::parse_metric(metric);
  } catch (const Error&) {
    return metric;  // of another version of Hone
  }
  const std::string figure = voice(kFigures[static_cast<size_t>(parsed.figure)]);
  if (parsed.part == tasks::Part::source) return voice(kOfSource, {figure, parsed.of});
  if (parsed.part == tasks::Part::language)
    return voice(kOfLanguage, {figure, language_name(parsed.of, voice)});
  return figure;
}

std::string rule_name(const std::string& rule, const Voice& voice) {
  for (const Named& named : kNames)
    if (named.rule == rule) return voice(named.text);
  return rule;
}

}  // namespace hone::report
