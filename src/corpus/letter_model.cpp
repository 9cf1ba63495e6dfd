#include "corpus/letter_model.h"

#include <unicode/ucnv.h>

#include <array>
#include <bitset>
#include <memory>
#include <string_view>

#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

/// Row: the letter before; column: the letter behind; '!' is 0, each further ASCII character a tenth of a nat.
constexpr std::array<std::string_view, 27> kCosts = {
    "{8C:@DAMG=ZFHDC@\?_A;4GKBkJg",
    "9lC\?@_TD{ByQ9@5{>y<<3EK__Oe",
    ":>W^Z*wkNEB{7^f>c{\?\?d>v{{>{",
    "A6lJV5dd;D{C<d_0St@@8Ei{{M{",
    "*A]cH0cbi<jpQHR:M{MA\\F]k{N{",
    "-BU@>NHYgUqrDI;eHO48>hLQHW{",
    "19yeu:Ap{/{{G{^2wj@UMCwu{J{",
    "*FqWl2lK@:twFMGJ`{>EZ<{j{Pi",
    "65hpy(x{{:{{VeY;duPb>Ky{{\\^",
    "EJO;DBB@{{{W>D/7IiG88qK{^{P",
    "P>\\il(lipVplgii2Y]p2b>iVlll",
    "/Md^a2`Tq>{lJ]NMZsb=^+nf{g{",
    "5;_cC0_jk7yh7dc9R{_@B;_a{A{",
    "43LjN.zZ{9r{JBe99q`KoCwq{T{",
    "0\?QA98D8iDg]S[N>`{b=5RTkdR{",
    "9SKB;ZBPxScP\?\?0IF{5HB9IEXU]",
    "88lgM6gYK<{c7ac4\?{7@\?ET{jI{",
    "F_rrQrrrrfkrAnrJRikJr\"rrrrn",
    "0;]GJ/YOk={KVHB:c{O@CECazH{",
    "*HwGk5fiI={QZbZCAbWA5Gg_kR{",
    "2;ePG5g{18{vL^f:L{\?CIKaTuH{",
    "<L6JI=dH{F{{9@;W@{548xcq\\{{",
    ";6{Sv)q\\y.{{o[b<k{vQ{_o{lv{",
    "59ljq6vm6.{n_oC4muCAZ{lP{{{",
    "31iBr=cy_:yuZ^u^8un_.\\Tun<n",
    "'K`OOPizzLteHGJ1\?{[@Khtc{xn",
    ";1^dd.aia2fJimm4bmmSf\?mim^i",
};

constexpr std::string_view kCommonSyllables =
    "다이는하에를을로스한니트의가서지드수용리사있기은시"
    "해할인정고파성러으일어자습제도되포그경터면요합된버"
    "대라여적우전과동모것만와클플보나위않더컴상데입작컨"
    "레들부구함비네세테션문실행생음예게넌소프설변노링야"
    "크티반오때아필중업개너화출유록호케내같값공운타든방"
    "능렌브장래명임선환마쿠또메확미추려른본결거원코언단"
    "치신없처체주관당안워됩볼디존분조저계며접항애법페롤"
    "각표태두통재식커될륨발직젝및토청매연번력새바간참증"
    "형배현달최키열택름알런진활먼따특셋었점속준블목줄종"
    "후외약영카료응히템엔턴했퍼초근므패별순벤잡릿역령릭"
    "복많검앱읽류무완피백집삭져건렉등께풀립권답받르까감"
    "델객규떤베불산렇루책핸팅올딩칙째텐텍양허쿼량효윈럼"
    "폴급향론격차옵린릴축몇콘빌즉싶맨질련헤채떻교첫츠큰"
    "찾머겠못닝충닌좋널폼컬셀웹절았글온색강편잘튼텀막느"
    "듈룹뷰냅몬픽움맵독밍섹깅슈회범술캐누갖킹병족례밸싱"
    "쉽렬팁금콜살심송램덕됨험략익림얻말측줍높눅뒤쓰웨밋"
    "벨봅슷물돌빠샷웃승팀엘맞펙펴밀낸난석얼찬란숫엇솔슬"
    "걸념취길넣던앞액즈락남람셸핑년써둘평억암튜닙끝큐황"
    "뮤박혹랜긴뿐싸숨퓨담랙훅퀘즘썬견쳐겨갱빈낮칭날율첩"
    "곳틱품획랫월층릅킨였낼켜탐픈킬넘핵탭천침붙톨탈넷학";

constexpr char32_t kFirst = 0xAC00;
using Syllables = std::bitset<11172>;

Syllables common_syllables() {
  Syllables set;
  for (size_t i = 0; i < kCommonSyllables.size();) set.set(next_code_point(kCommonSyllables, i) - kFirst);
  return set;
}

/// EUC-KR as ICU knows it has no other syllables than those of KS X 1001.
Syllables ks_syllables() {
  Syllables set;
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open("EUC-KR", &error), ucnv_close);
  if (U_FAILURE(error) != 0) return set.set();
  for (uint8_t row = 0xB0; row <= 0xC8; ++row) {
    for (uint8_t cell = 0xA1; cell <= 0xFE; ++cell) {
      const std::array<char, 2> bytes = {static_cast<char>(row), static_cast<char>(cell)};
      const char* source = bytes.data();
      error = U_ZERO_ERROR;
      const auto c = static_cast<char32_t>(ucnv_getNextUChar(converter.get(), &source, source + 2, &error));
      if (U_SUCCESS(error) != 0 && is_hangul_syllable(c)) set.set(c - kFirst);
    }
  }
  return set;
}

}  // namespace

const LetterCosts& letter_costs() {
  static const LetterCosts kTable = [] {
    LetterCosts table{};
    for (size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(kCosts[i / 27][i % 27] - '!') / 10;
    return table;
  }();
  return kTable;
}

bool is_common_syllable(char32_t syllable) {
  static const Syllables kSet = common_syllables();
  return is_hangul_syllable(syllable) && kSet[syllable - kFirst];
}

bool is_ks_syllable(char32_t syllable) {
  static const Syllables kSet = ks_syllables();
  return is_hangul_syllable(syllable) && kSet[syllable - kFirst];
}

}  // namespace hone::corpus
