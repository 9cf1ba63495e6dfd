#include "report/rule_names.h"

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
    {"decontaminate", {"evaluation items", "평가 문항"}},
    {"languages", {"language", "언어"}},
    {"reader: unreadable_format", {"no reader for the format", "읽을 수 없는 형식"}},
    {"reader: unreadable_file", {"file could not be read", "읽지 못한 파일"}},
    {"reader: damaged", {"damaged file", "손상된 파일"}},
    {"reader: no_text", {"no text in it", "글이 없음"}},
    {"reader: not_text", {"not text", "글이 아님"}},
    {"reader: too_large", {"too large", "너무 큼"}},
    {"reader: timed_out", {"took too long to read", "읽는 시간 초과"}},
    {"reader: crashed", {"reader crashed", "읽는 중 오류"}},
};

}  // namespace

std::string rule_name(const std::string& rule, const Voice& voice) {
  for (const Named& named : kNames)
    if (named.rule == rule) return voice(named.text);
  return rule;
}

}  // namespace hone::report
