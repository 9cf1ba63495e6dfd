#include <cmath>
#include <nlohmann/json.hpp>

#include "report/chart.h"
#include "report/cleaning_page.h"
#include "report/look.h"
#include "report/names.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kHeading{"Lengths and languages", "길이와 언어"};
constexpr Text kLengths{"Lengths", "길이"};
constexpr Text kLengthChart{"How long documents are, in characters", "문서의 길이(글자 수)"};
constexpr Text kLengthText{"Documents by number of characters, as read and after cleaning.", "글자 수별 문서, 읽은 것과 정제한 것."};
constexpr Text kAsRead{"as read", "읽은 것"};
constexpr Text kAfter{"after cleaning", "정제 뒤"};
constexpr Text kLengthCaption{"Documents by number of characters", "글자 수별 문서"};
constexpr Text kCharacters{"Characters", "글자"};
constexpr Text kBelow{"below {0}", "{0} 미만"};
constexpr Text kFrom{"{0} and more", "{0} 이상"};
constexpr Text kBetween{"{0} to {1}", "{0} ~ {1}"};
constexpr Text kLanguages{"Languages", "언어"};
constexpr Text kLanguageChart{"Documents of each language", "언어별 문서"};
constexpr Text kLanguageText{"Documents by language, those that stay and those taken out.", "언어별로 남은 문서와 제외한 문서."};
constexpr Text kLanguageCaption{"Languages as detected, of all documents read", "읽은 문서에서 알아낸 언어"};
constexpr Text kLanguage{"Language", "언어"};
constexpr Text kRead{"Read", "읽음"};
constexpr Text kStay{"Stay", "남음"};
constexpr Text kOut{"Taken out", "제외함"};
constexpr Text kShare{"Share that stays", "남은 비율"};
constexpr Text kTokens{"Tokens", "토큰"};
constexpr Text kTokensCaption{"How well the vocabulary fits, on the training side", "어휘가 얼마나 맞는지(학습 쪽)"};
constexpr Text kTokenCount{"Tokens", "토큰"};
constexpr Text kBytesPerToken{"Bytes a token", "토큰당 바이트"};
constexpr Text kPerSyllable{"Tokens a Korean syllable", "한글 음절당 토큰"};
constexpr Text kByByte{"Written byte by byte", "바이트로 쓴 비율"};
constexpr Text kNoTokens{"How many tokens the text makes is known once `hone tokenize` has run; this page is then written anew.",
                         "토큰 수는 `hone tokenize`를 실행한 뒤에 알 수 있으며, 그때 이 문서를 다시 씁니다."};

constexpr size_t kMostLanguages = 12;

std::string bin_name(const json& bounds, size_t bin, const Voice& voice) {
  const auto bound = [&](size_t i) { return voice.count(bounds[i].get<double>()); };
  if (bin == 0) return voice(kBelow, {bound(0)});
  if (bin >= bounds.size()) return voice(kFrom, {bound(bounds.size() - 1)});
  return voice(kBetween, {bound(bin - 1), bound(bin)});
}

double count_at(const json& counts, size_t bin) {
  return counts.is_array() && bin < counts.size() && counts[bin].is_number() ? counts[bin].get<double>() : 0;
}

void lengths(const Page& page, const json& lengths) {
  const Voice& voice = page.voice;
  const json &bounds = look(lengths, "/below"), &read = look(lengths, "/read"), &after = look(lengths, "/after");
  if (!bounds.is_array() || bounds.empty()) return;
  for (const json& bound : bounds)
    if (!bound.is_number()) return;
  size_t first = bounds.size(), last = 0;  // bins with anything in them
  for (size_t bin = 0; bin <= bounds.size(); ++bin)
    if (count_at(read, bin) + count_at(after, bin) > 0) first = std::min(first, bin), last = bin;
  std::vector<BarGroup> groups;
  for (size_t bin = first; bin <= last; ++bin)
    groups.push_back({bin_name(bounds, bin, voice),
                      {{"read", count_at(read, bin), voice.count(count_at(read, bin)), std::nullopt},
                       {"kept", count_at(after, bin), voice.count(count_at(after, bin)), std::nullopt}}});
  page.out.element("h3", voice(kLengths)).open("figure", {{"class", "beside"}});
  bar_chart(page.out, {"lengths-chart", voice(kLengthChart), voice(kLengthText), "", ""}, groups, {{voice(kAsRead), "read"}, {voice(kAfter), "kept"}});
  page.out.open("div");
  open_table(page.out, voice(kLengthCaption), {{voice(kCharacters), Cell::words}, {voice(kAsRead)}, {voice(kAfter)}});
  for (size_t bin = first; bin <= last; ++bin) {
    page.out.open("tr").element("th", bin_name(bounds, bin, voice), {{"scope", "row"}});
    figure_cell(page.out, voice.count(count_at(read, bin)));
    figure_cell(page.out, voice.count(count_at(after, bin)));
    page.out.close();
  }
  close_table(page.out);
  page.out.close().close();
}

void languages(const Page& page, const json& languages) {
  const Voice& voice = page.voice;
  std::vector<std::pair<std::string, const json*>> most;
  for (const auto& [code, flow] : languages.items()) most.emplace_back(code, &flow);
  std::stable_sort(most.begin(), most.end(), [](const auto& a, const auto& b) {
    return number(*a.second, "/read/documents") > number(*b.second, "/read/documents");
  });
  if (most.empty()) return;
  std::vector<BarGroup> groups;
  for (size_t i = 0; i < std::min(most.size(), kMostLanguages); ++i) {
    const double read = number(*most[i].second, "/read/documents"), stay = staying(*most[i].second);
    groups.push_back({language_name(most[i].first, voice),
                      {{"kept", stay, voice.count(stay), std::nullopt}, {"drop", read - stay, voice.count(read - stay), std::nullopt}}});
  }
  page.out.element("h3", voice(kLanguages)).open("figure", {{"class", "beside"}});
  bar_chart(page.out, {"languages-chart", voice(kLanguageChart), voice(kLanguageText), "", ""}, groups, {{voice(kStay), "kept"}, {voice(kOut), "drop"}});
  page.out.open("div");
  open_table(page.out, voice(kLanguageCaption), {{voice(kLanguage), Cell::words}, {voice(kRead)}, {voice(kStay)}, {voice(kShare)}});
  for (const auto& [code, flow] : most) {
    const double read = number(*flow, "/read/documents");
    page.out.open("tr").element("th", language_name(code, voice), {{"scope", "row"}});
    figure_cell(page.out, voice.count(read));
    figure_cell(page.out, voice.count(staying(*flow)));
    figure_cell(page.out, voice.percent(staying(*flow) / read, 0));
    page.out.close();
  }
  close_table(page.out);
  page.out.close().close();
}

void tokens(const Page& page, const json& train) {
  const Voice& voice = page.voice;
  page.out.element("h3", voice(kTokens));
  if (!train.is_object()) {
    prose(page.out, "p", voice(kNoTokens));
    return;
  }
  open_table(page.out, voice(kTokensCaption),
             {{voice(kLanguage), Cell::words}, {voice(kTokenCount)}, {voice(kBytesPerToken)}, {voice(kPerSyllable)}, {voice(kByByte)}});
  for (const auto& [code, part] : look(train, "/by_language").items()) {
    page.out.open("tr").element("th", language_name(code, voice), {{"scope", "row"}});
    figure_cell(page.out, voice.count(number(part, "/tokens")));
    figure_cell(page.out, voice.decimal(number(part, "/bytes_per_token"), 2));
    figure_cell(page.out, voice.decimal(number(part, "/tokens_per_hangul_syllable"), 2));
    figure_cell(page.out, voice.percent(number(part, "/byte_tokens") / number(part, "/tokens"), 2));
    page.out.close();
  }
  close_table(page.out);
}

}  // namespace

void cleaning_shape(const Page& page) {
  page.out.open("section", {{"id", "shape"}}).element("h2", page.voice(kHeading));
  lengths(page, look(page.report, "/statistics/lengths"));
  languages(page, look(page.report, "/statistics/languages"));
  tokens(page, look(page.report, "/tokens/splits/train"));
  page.out.close();
}

}  // namespace hone::report
