#include <cmath>
#include <nlohmann/json.hpp>

#include "report/look.h"
#include "report/page.h"
#include "report/verdict.h"
#include "tasks/gates.h"

namespace hone::report {

namespace {

constexpr Text kBitsPerByte{"Bits per byte", "바이트당 비트"};
constexpr Text kBeforeAfter{"{0} → {1}", "{0} → {1}"};
constexpr Text kLowerIsBetter{"before → after training; lower is better",
                              "학습 전 → 학습 후, 낮을수록 좋습니다"};
constexpr Text kChange{"Change", "변화"};
constexpr Text kBetween{"{2} interval: {0} to {1}", "{2} 신뢰구간: {0} ~ {1}"};
constexpr Text kNoInterval{"too few documents for an interval", "문서가 적어 신뢰구간을 구할 수 없습니다"};
constexpr Text kNgram{"A 5-gram of the same text", "같은 글로 만든 5-그램"};
constexpr Text kNgramBeaten{"the new model is {0} better than counting words",
                            "새 모델이 단순 통계 모델보다 {0} 낫습니다"};
constexpr Text kNgramNotBeaten{"counting words is still {0} better than the new model",
                               "단순 통계 모델이 새 모델보다 아직 {0} 낫습니다"};
constexpr Text kHeldOut{"Held out", "검증에 쓴 글"};
constexpr Text kTokens{"{0} of text, {1} tokens", "본문 {0}, 토큰 {1}개"};

void fact(const Page& page, const Text& name, const std::string& value, const std::string& below) {
  page.out.open("div")
      .element("dt", page.voice(name))
      .open("dd")
      .text(value)
      .element("small", below)
      .close()
      .close();
}

void key_facts(const Page& page) {
  const Voice& voice = page.voice;
  const nlohmann::json& all = look(page.report, "/facts/evaluation/domain/all");
  const double base = number(all, "/base/bits_per_byte"), tuned = number(all, "/tuned/bits_per_byte");
  const double ngram = number(all, "/ngram/bits_per_byte");
  page.out.open("dl", {{"class", "facts"}});
  fact(page, kBitsPerByte, voice(kBeforeAfter, {voice.decimal(base, 3), voice.decimal(tuned, 3)}),
       voice(kLowerIsBetter));
  const double low = number(all, "/change/base/low"), high = number(all, "/change/base/high");
  const bool enough = number(all, "/documents") >= static_cast<double>(tasks::kFewestClusters);
  fact(page, kChange, voice.signed_percent(number(all, "/change/base/estimate")),
       enough && std::isfinite(low) && std::isfinite(high)
           ? voice(kBetween, {voice.signed_percent(low), voice.signed_percent(high),
                              voice.percent(number(all, "/change/base/confidence"), 0)})
           : voice(kNoInterval));
  const double over = tuned / ngram - 1;
  fact(page, kNgram, voice.decimal(ngram, 3),
       over < 0 ? voice(kNgramBeaten, {voice.percent(-over)})
                : voice(kNgramNotBeaten, {voice.percent(1 - ngram / tuned)}));
  const double documents = number(all, "/documents");
  fact(page, kHeldOut, voice.documents(documents),
       voice(kTokens, {voice.bytes(number(all, "/bytes")), voice.count(number(all, "/tokens"))}));
  page.out.close();
}

}  // namespace

void verdict_section(const Page& page) {
  const VerdictWords verdict = verdict_words(page.report, page.voice);
  page.out.open("section", {{"class", "verdict " + verdict.style}, {"id", "verdict"}});
  page.out.element("p", verdict.word, {{"class", "word"}});
  page.out.element("h2", verdict.headline);
  for (const std::string& sentence : verdict.sentences) page.out.element("p", sentence);
  page.out.close();
  if (!nothing_held_out(page.report)) key_facts(page);
}

}  // namespace hone::report
