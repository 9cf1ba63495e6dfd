#include "corpus/personal/names.h"

#include <re2/re2.h>

namespace hone::corpus::personal {
namespace {

/// Family names of 99 % of Koreans (Statistics Korea, census of 2015), two-syllable ones first.
constexpr const char* kFamily =
    "(?:남궁|황보|제갈|사공|선우|서문|독고|동방|김|이|박|최|정|강|조|윤|장|임|한|오|서|신|권|황|안|송|전|홍|유|고|문|양|손|배|백|허|남|심|노|하|곽|성|"
    "차|주|우|구|민|류|나|진|지|엄|채|원|천|방|공|현|함|변|염|여|추|도|소|석|선|설|마|길|연|위|표|명|기|반|왕|금|옥|육|인|맹|제|모|탁|국|어|은|편|용)";

/// Appends group 1 of every place where the form is found.
void collect(const RE2& form, std::string_view text, Kind kind, std::vector<Match>& matches) {
  re2::StringPiece rest(text.data(), text.size()), found;
  while (RE2::FindAndConsume(&rest, form, &found)) {
    if (found.empty()) continue;
    const auto begin = static_cast<size_t>(found.data() - text.data());
    matches.push_back({begin, begin + found.size(), kind});
  }
}

}  // namespace

void find_names(std::string_view text, std::vector<Match>& matches) {
  static const RE2 kTitled(std::string(R"((?:^|[^가-힣])()") + kFamily +
                           "[가-힣]{1,2}) ?(?:씨|님|군|양|과장|차장|부장|대리|사원|주임|팀장|실장|본부장|이사|상무|전무|대표|사장|회장|교수|선생|박사|"
                           "변호사|의사|간호사|원장|기자|의원|판사|검사|연구원|책임|선임|수석|주무관|사무관)(?:[^가-힣]|님|께|은|는|이|가|을|를|의|에게|과|와|도|$)");
  static const RE2 kLabelled(std::string(R"((?:성명|이름|담당자|신청인|예금주|대표자?|작성자|수신인?|발신인?|고객명|수령인|보호자|계약자|피보험자|환자명?|직원|신고인|민원인) ?(?:은|는|이|가)? ?[:：|,]? ?()") +
                             kFamily + "[가-힣]{1,2})(?:[^가-힣]|씨|님|은|는|이|가|을|를|의|에게|께|$)");
  static const RE2 kTitledEnglish(R"(\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? ([A-Z][a-z]+(?:[ -][A-Z]\.?)?(?: [A-Z][a-z]+)?)\b)");
  static const RE2 kLabelledEnglish(
      R"((?i:\b(?:name|contact|dear|attn|attention|from|signed|employee|customer|patient|applicant)\b) ?[:,]? ?([A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+)\b)");
  collect(kTitled, text, Kind::person_name, matches);
  collect(kLabelled, text, Kind::person_name, matches);
  collect(kTitledEnglish, text, Kind::person_name, matches);
  collect(kLabelledEnglish, text, Kind::person_name, matches);
}

void find_addresses(std::string_view text, std::vector<Match>& matches) {
  static const RE2 kRoad(
      R"(((?:(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충청?[남북]|전라?[남북]|경상?[남북]|제주)(?:특별자치시|특별자치도|특별시|광역시|시|도)? )?(?:[가-힣]{1,6}[시군구] ){1,2}(?:[가-힣]{1,6}[읍면] )?[가-힣0-9·.]{1,12}(?:대로|로|길)(?: ?[0-9]{1,4}(?:번|가|나)?길)? ?[0-9]{1,5}(?:-[0-9]{1,4})?(?:번지)?(?:,? ?(?:지하 ?)?[0-9A-Za-z가-힣]{1,8}동)?(?:,? ?[0-9B]{1,4}층)?(?:,? ?[0-9]{1,5}호)?))");
  static const RE2 kLot(
      R"(((?:(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충청?[남북]|전라?[남북]|경상?[남북]|제주)(?:특별자치시|특별자치도|특별시|광역시|시|도)? )?(?:[가-힣]{1,6}[시군구] ){1,2}(?:[가-힣]{1,6}[읍면] )?[가-힣]{1,6}[0-9]{0,2}[동리가] (?:산 ?)?[0-9]{1,4}(?:-[0-9]{1,4})?(?:번지)?(?: ?[0-9가-힣]{1,12}동)?(?: ?[0-9]{1,5}호)?))");
  static const RE2 kAmerican(
      R"(\b([0-9]{1,6} (?:[NSEW]\.? )?(?:[A-Z][a-z]+ |[0-9]{1,3}(?:st|nd|rd|th) ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way|Court|Ct|Place|Pl|Square|Terrace|Parkway|Pkwy|Highway|Hwy)\b\.?(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|#)\.? ?[0-9A-Z]{1,5})?(?:, [A-Z][a-z]+(?: [A-Z][a-z]+)?)?(?:, [A-Z]{2})?(?: [0-9]{5}(?:-[0-9]{4})?)?))");
  collect(kRoad, text, Kind::address, matches);
  collect(kLot, text, Kind::address, matches);
  collect(kAmerican, text, Kind::address, matches);
}

}  // namespace hone::corpus::personal
