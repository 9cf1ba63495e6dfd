#include "corpus/letter_model.h"

#include <unicode/ucnv.h>

#include <array>
#include <bitset>
#include <memory>
#include <string_view>

#include "base/error.h"
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
    "능렌브장래명임선환마쿠또메확미추려른결본거원코언단"
    "치신없처체주관당안워됩볼디존분조저계며접항애법페롤"
    "각표태두통재식커될륨발직젝및토청매연번력새바간참증"
    "형배현달최키열택름알런진활먼따특셋었점속준블목줄종"
    "후외약영카료응히템엔턴했퍼초근므패별순벤잡릿역령릭"
    "복많검앱읽류무완피백집삭져건렉등께풀립권답받르까감"
    "델객규떤베불산렇루책핸팅올딩칙째텐텍양허쿼효량윈럼"
    "폴급향론격차옵린릴몇축콘빌즉싶맨질련채헤첫교떻츠찾"
    "큰머겠못닝충폼닌널좋컬셀웹절았글온강색편잘튼텀막느"
    "듈룹뷰냅몬픽움맵독밍섹깅슈범회술캐누갖킹병족례밸싱"
    "쉽팁렬금콜살심송램덕됨험익략림얻말측줍높눅뒤쓰웨밋"
    "벨봅슷물돌빠샷웃승팀엘맞펙밀펴난낸석얼찬란숫엇솔슬"
    "념걸취길넣던앞액즈락남람셸핑년써암평둘억튜닙끝큐황"
    "뮤박혹랜긴뿐싸숨퓨담랙훅퀘즘견썬쳐겨갱빈낮칭날율첩"
    "곳틱품획랫월층릅킨켜였낼픈탐킬넘핵탭침천붙탈톨학넷";

/// What each common syllable gains as the first and as the last of a run of Hangul: '!' is -2 nats, each further character a tenth.
constexpr std::string_view kFirstGains =
    ".4!-*!!)0*!#,332!0!2@A8!52\"46(@$!)647!;1+58=!!63!3@270);\"<\?\?6!@7<2\?A!A;:1:A:64><59,0!=A!\?!@)!0\?A\?@!!"
    ",!;\?;>A=<=!'5>!>!\?A=7(8!A!@20!;/\?5=AA@@1A!!9-+5\?-<!,A\?,>@$926=\?/4<79!<8A!8/,\?0&@:,=!!<<!!4!A\?<!>;8A0"
    "4A8.A4.!!@53\?4AA&!885/<0\?5>'=2!=!3<!*<\?!!>1<!9!4!!=AA\?A!=A7:6A!3!<!(!@\"@!&\?!A\?!:A!!;+A!=!!!!:4A@7!A!"
    "8!8!3=@6>+:AA9A!2!A\?(9!!A!;!;!A7!&A!A78!40A*@;!!2=!!&!!!*+;!A!\">6!A@A!A!!\?!A!!,<\?5!!0!!A!!A>;3A!=@!!"
    "!9!:6A!!A>AA!0!\"!!3!!@!<5!@A2@+AA!!\?!=!+/A\?25A!A9!!*A%2=!A!@!9!!.!!!A\"A\"5!!\?341!'!!!4)!!A$AA\?!!@6A<%";

constexpr std::string_view kLastGains =
    "\?0\?!:>@<3;!4>:<:5()/!!9@29@6.\?!31!062!08!!$+7A8!=/\".;.;/=)!!<;!!!;+!!!2&,'!!)4(!!!!!7\"!0!8!@!,!!!!8A"
    "3,+!!\"!%+!65($=%!!!*!9,A!2!'4,(.%+$!!!!.!!A*7%,!!)4;!\"7'!=6!!!!1&'5,A73!3!3#!23,430>9/1!!!1!\")4!!1!2"
    "7!$%!!515!6:!!!!8!,425%-/1%=)+4!A3!&!!#8!%5!!%96(8(!!!!6-!!0)!,1!!A$!!5!!!!7!)A!!0!!6!:375A!!)!!!5!A"
    "!3%59+!54))!!!!!>7!!!*!4!5!!!9!,A6!>!!!!16!5!!-@7686)!*2+5,:!:4-2:!!!>!+3!8!!38.!5,6!\?/!35!-*!!!!!!3"
    "8!!*-!7;!#!!)*!;.35!2!!.!4!!>!@!!7*!,!.%\?!\"\"*!!!!'!&!,0!#!!!:2!0\"=<+!*!5<-3!:8.!-7!'4!A:!@!!!47!6!-:";

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
    for (size_t i = 0; i < table.size(); ++i) table[i] = static_cast<uint8_t>(kCosts[i / 27][i % 27] - '!');
    return table;
  }();
  return kTable;
}

const SyllableModel& syllable_model() {
  static const SyllableModel kModel = [] {
    const Syllables common = common_syllables(), ks = ks_syllables();
    SyllableModel model;
    for (size_t i = 0; i < model.classes.size(); ++i) model.classes[i] = static_cast<uint8_t>((common[i] ? kCommonSyllable : 0) | (ks[i] ? kKsSyllable : 0));
    for (size_t i = 0, at = 0; at < kCommonSyllables.size(); ++i) {
      const char32_t syllable = next_code_point(kCommonSyllables, at) - kFirst;
      HONE_ASSERT(syllable < model.classes.size());
      model.first_gain[syllable] = static_cast<int8_t>(kFirstGains[i] - '!' - 20);
      model.last_gain[syllable] = static_cast<int8_t>(kLastGains[i] - '!' - 20);
    }
    return model;
  }();
  return kModel;
}

bool is_common_syllable(char32_t syllable) {
  return is_hangul_syllable(syllable) && (syllable_model().classes[syllable - kFirst] & kCommonSyllable) != 0;
}

bool is_ks_syllable(char32_t syllable) {
  return is_hangul_syllable(syllable) && (syllable_model().classes[syllable - kFirst] & kKsSyllable) != 0;
}

}  // namespace hone::corpus
