#include "report/rule_words.h"

#include <algorithm>

namespace hone::report {

namespace {

struct Named {
  std::string_view word;
  Text text;
};

constexpr Named kRules[] = {
    {"encoding",
     {"Repairs text that was decoded with the wrong character set, where the repair reads better by a stated score.",
      "문자 집합을 잘못 해석해 깨진 글자를, 복구한 쪽이 정해진 점수로 더 나을 때만 복구합니다."}},
    {"normalise",
     {"Brings characters into one form (Unicode NFC), removes invisible ones and tidies white space and line ends.",
      "글자를 한 형태(유니코드 NFC)로 맞추고, 보이지 않는 글자를 지우며, 공백과 줄 끝을 정리합니다."}},
    {"page_furniture",
     {"Removes running heads, footers and page numbers of paged documents.",
      "쪽으로 나뉜 문서의 머리말, 꼬리말, 쪽 번호를 지웁니다."}},
    {"exact_duplicates",
     {"Keeps the first of documents whose text is the same, apart from white space and characters nobody sees.",
      "공백과 보이지 않는 글자를 빼고 글이 같은 문서 가운데 첫 번째만 남깁니다."}},
    {"near_duplicates",
     {"Keeps one of documents that are nearly equal; forms filled in for different parties are kept apart.",
      "거의 같은 문서 가운데 하나만 남깁니다. 당사자만 다른 서식은 따로 둡니다."}},
    {"boilerplate",
     {"Removes what many documents of one source share: menus, banners, notices, signatures.",
      "한 출처의 여러 문서에 똑같이 있는 메뉴, 배너, 고지, 서명을 지웁니다."}},
    {"language",
     {"Drops documents in languages that the recipe does not list.", "레시피에 적지 않은 언어의 문서를 제외합니다."}},
    {"quality",
     {"Drops what is certainly no text to learn from: too short, repeating itself, damaged, hardly language.",
      "학습할 글이 아닌 것이 분명한 문서를 제외합니다. 너무 짧거나, 같은 말을 되풀이하거나, 손상되었거나, 글이라 하기 어려운 것입니다."}},
    {"secrets",
     {"Looks for keys, tokens and passwords and replaces them with a placeholder.",
      "키, 토큰, 비밀번호를 찾아 표시로 바꿉니다."}},
    {"personal_data",
     {"Looks for personal data of the kinds listed below and marks or replaces it.",
      "아래에 적은 종류의 개인정보를 찾아 표시하거나 바꿉니다."}},
    {"injection",
     {"Looks for text that speaks to a language model instead of a reader.",
      "독자가 아니라 언어 모델에게 하는 지시문을 찾습니다."}},
    {"decontamination",
     {"Looks for questions of the evaluation inside the documents, so that the model is not tested on what it has learnt.",
      "모델이 배운 것으로 시험을 치르지 않도록, 평가 문항이 문서에 들어 있는지 찾습니다."}},
    {"foreign_paragraphs",
     {"Points out paragraphs in another language than their document, or takes them out.",
      "문서와 다른 언어로 된 단락을 표시하거나 지웁니다."}},
    {"gopher_quality",
     {"Measures words, lines and symbols by the limits published with Gopher, made for the open web.",
      "Gopher 논문의 기준으로 낱말, 줄, 기호를 잽니다. 공개 웹을 위한 기준입니다."}},
    {"gopher_repetition",
     {"Measures repeated lines, paragraphs and phrases by the limits published with Gopher.",
      "Gopher 논문의 기준으로 되풀이되는 줄, 단락, 구절을 잽니다."}},
    {"c4",
     {"Takes out lines that are no sentences and documents without prose, as C4 did for the open web.",
      "C4가 공개 웹에 썼던 것처럼 문장이 아닌 줄과 산문이 없는 문서를 걸러 냅니다."}},
    {"fineweb",
     {"Measures line ends and short lines by the limits published with FineWeb.", "FineWeb의 기준으로 줄 끝과 짧은 줄을 잽니다."}},
    {"repetition", {"Drops documents that mostly repeat the same lines or phrases.", "같은 줄이나 구절을 주로 되풀이하는 문서를 제외합니다."}},
};
constexpr Text kOwnRule{"A rule of this recipe's own.", "이 레시피가 직접 정한 규칙입니다."};

constexpr Named kKinds[] = {
    {"white_space", {"white space", "공백"}},
    {"blank_lines", {"blank lines", "빈 줄"}},
    {"line_end", {"line ends", "줄바꿈 문자"}},
    {"line_end_space", {"spaces at line ends", "줄 끝 공백"}},
    {"control", {"control characters", "제어 문자"}},
    {"zero_width", {"zero-width characters", "폭 없는 글자"}},
    {"bidi_control", {"writing-direction marks", "글 방향 표시"}},
    {"soft_hyphen", {"soft hyphens", "숨은 하이픈"}},
    {"tag", {"tag characters", "태그 문자"}},
    {"nfc", {"composed characters", "합친 글자"}},
    {"utf8_as_latin", {"UTF-8 read as Latin", "라틴 문자로 읽은 UTF-8"}},
    {"cp949_as_latin", {"Korean (CP949) read as Latin", "라틴 문자로 읽은 한글(CP949)"}},
    {"mojibake", {"wrongly decoded text", "깨진 글자"}},
    {"footer", {"footer", "꼬리말"}},
    {"header", {"header", "머리말"}},
    {"running_head", {"running head", "머리말"}},
    {"page_number", {"page number", "쪽 번호"}},
    {"signature", {"signature", "서명"}},
    {"email", {"e-mail address", "이메일 주소"}},
    {"phone", {"telephone number", "전화번호"}},
    {"card", {"payment card number", "카드 번호"}},
    {"bank_account", {"account number", "계좌번호"}},
    {"kr_rrn", {"resident registration number (Korea)", "주민등록번호"}},
    {"kr_frn", {"foreigner registration number (Korea)", "외국인등록번호"}},
    {"kr_brn", {"business registration number (Korea)", "사업자등록번호"}},
    {"kr_driver", {"driver's licence number (Korea)", "운전면허번호"}},
    {"passport", {"passport number", "여권번호"}},
    {"us_ssn", {"social security number (US)", "미국 사회보장번호"}},
    {"ip", {"IP address", "IP 주소"}},
    {"address", {"postal address", "주소"}},
    {"person_name", {"name of a person", "사람 이름"}},
    {"iban", {"IBAN", "국제 계좌번호(IBAN)"}},
    {"private_key", {"private key", "개인 키"}},
    {"access_key", {"access key", "접근 키"}},
    {"api_key", {"API key", "API 키"}},
    {"web_token", {"web token", "웹 토큰"}},
    {"password", {"password", "비밀번호"}},
    {"instruction_to_model", {"instruction to a model", "모델에게 하는 지시"}},
    {"foreign_paragraph", {"paragraph in another language", "다른 언어의 단락"}},
    {"repeated_lines", {"lines that many documents share", "여러 문서에 되풀이되는 줄"}},
    {"page_furniture", {"running heads, footers, page numbers", "머리말, 꼬리말, 쪽 번호"}},
    {"page_break", {"page breaks", "쪽 나눔"}},
    {"beyond_repair", {"damaged beyond repair", "복구할 수 없음"}},
    {"evaluation_item", {"evaluation item", "평가 문항"}},
    {"encoded_data", {"encoded data", "부호화된 데이터"}},
    {"terminal_code", {"terminal codes", "터미널 코드"}},
    {"variation_selector", {"variation selectors", "변형 선택자"}},
    {"filler", {"fillers", "채움 문자"}},
    {"health", {"health", "건강"}},
    {"genetic_data", {"genetic data", "유전정보"}},
    {"biometric_data", {"biometric data", "생체정보"}},
    {"ethnic_origin", {"racial or ethnic origin", "인종과 민족"}},
    {"religious_or_philosophical_belief", {"religious or philosophical belief", "사상과 종교"}},
    {"political_opinion", {"political opinions", "정치적 견해"}},
    {"trade_union_membership", {"membership of a trade union", "노동조합 가입"}},
    {"sexual_life", {"sexual life and orientation", "성생활과 성적 지향"}},
    {"criminal_record", {"criminal records", "범죄경력"}},
    {"income_and_debts", {"income and debts", "소득과 채무"}},
    {"date_of_birth", {"dates of birth", "생년월일"}},
    {"vehicle_registration", {"vehicle registration numbers", "차량 번호"}},
    {"position_data", {"position data", "위치정보"}},
    {"user_names", {"user names", "사용자 이름(계정)"}},
    {"handwriting_and_images", {"handwriting and images", "손글씨와 그림"}},
};

constexpr Named kReasons[] = {
    {"too_short", {"too short", "너무 짧음"}},
    {"too_long", {"too long", "너무 김"}},
    {"repetitive", {"repeats itself", "같은 말을 되풀이함"}},
    {"not_text", {"hardly any letters", "글자가 거의 없음"}},
    {"no_words", {"no words", "낱말이 없음"}},
    {"broken_words", {"broken words", "망가진 낱말"}},
    {"minified", {"minified code", "압축된 코드"}},
    {"base64", {"encoded data", "부호화된 데이터"}},
    {"exact_duplicate", {"same text as another document", "다른 문서와 같은 글"}},
    {"near_duplicate", {"near copy of another document", "다른 문서와 거의 같은 글"}},
    {"other_language", {"another language", "다른 언어"}},
    {"wrong_language", {"another language", "다른 언어"}},
    {"evaluation_item", {"holds an evaluation item", "평가 문항이 들어 있음"}},
    {"beyond_repair", {"damaged beyond repair", "복구할 수 없을 만큼 깨짐"}},
    {"instruction_to_model", {"speaks to a model", "모델에게 하는 지시"}},
    {"flagged", {"pointed out", "표시만 함"}},
    {"foreign_paragraphs", {"paragraphs in another language", "다른 언어의 단락"}},
    {"und", {"language unknown", "알 수 없는 언어"}},
    {"log", {"a log", "기록(로그)"}},
    {"long_words", {"words that are too long", "지나치게 긴 낱말"}},
    {"encoded_data", {"encoded data", "부호화된 데이터"}},
    {"lorem_ipsum", {"placeholder text", "자리 채우기 글"}},
    {"too_few_sentences", {"too few sentences", "문장이 너무 적음"}},
    {"curly_bracket", {"curly brackets", "중괄호"}},
};

struct Rejected {
  std::string_view reason;
  Text name, advice;
};
constexpr Rejected kRejections[] = {
    {"unreadable_format", {"no reader for the format", "읽을 수 없는 형식"},
     {"Convert the file to PDF, DOCX, HTML or text, or leave it out of the source's pattern.",
      "파일을 PDF, DOCX, HTML이나 텍스트로 바꾸거나 출처의 패턴에서 빼십시오."}},
    {"legacy_format", {"format of an old program", "옛 프로그램의 형식"},
     {"Open it in the program it belongs to (or LibreOffice) and save it in today's format.",
      "해당 프로그램(또는 LibreOffice)에서 열어 오늘날의 형식으로 저장하십시오."}},
    {"encrypted", {"protected by a password or rights", "암호나 권한으로 보호됨"},
     {"Ask its owner for a copy without protection; Hone does not try passwords.",
      "소유자에게 보호가 없는 사본을 요청하십시오. Hone은 암호를 시도하지 않습니다."}},
    {"scanned", {"pictures of pages, no text", "글이 없는 쪽 그림"},
     {"Install tesseract with the languages you need and allow it in the recipe, or supply the text.",
      "필요한 언어와 함께 tesseract를 설치하고 레시피에서 허용하거나, 글이 든 파일을 쓰십시오."}},
    {"unreadable_file", {"file could not be opened", "열 수 없는 파일"},
     {"Check that the file is still there and that you may read it.", "파일이 그대로 있는지, 읽을 권한이 있는지 확인하십시오."}},
    {"damaged", {"damaged file", "손상된 파일"},
     {"Fetch it again from where it came from; if it opens there, save it anew.",
      "원래 있던 곳에서 다시 받으십시오. 거기서 열린다면 새로 저장하십시오."}},
    {"no_text", {"no text in it", "글이 없음"},
     {"Nothing to do, unless you know that there should be text.", "글이 있어야 하는 파일이 아니라면 할 일이 없습니다."}},
    {"not_text", {"not text", "글이 아님"},
     {"The file's name says text, its content does not: leave it out, or give it its right name.",
      "이름은 텍스트지만 내용은 아닙니다. 빼거나 올바른 이름을 붙이십시오."}},
    {"invalid_utf8", {"text in a broken encoding", "깨진 부호화"},
     {"Save the file as UTF-8.", "파일을 UTF-8로 저장하십시오."}},
    {"too_large", {"too large", "너무 큼"},
     {"Split the file, or raise the limits of the readers if the content is worth it.",
      "파일을 나누거나, 그만한 내용이라면 읽기 한도를 올리십시오."}},
    {"timed_out", {"took too long to read", "읽는 시간 초과"},
     {"Save the file anew with the program it belongs to; very complicated files are worth splitting.",
      "해당 프로그램에서 새로 저장하십시오. 매우 복잡한 파일은 나누는 편이 낫습니다."}},
    {"crashed", {"the reader stopped on it", "읽는 중 오류"},
     {"Save the file anew with the program it belongs to, and tell Hone's maintainers: a file must not do that.",
      "해당 프로그램에서 새로 저장하고, Hone 관리자에게 알려 주십시오. 파일 때문에 멈춰서는 안 됩니다."}},
};
constexpr Text kNoAdvice{"`hone explain` shows what the reader said of each.", "`hone explain`이 파일마다 읽기 결과를 보여 줍니다."};

std::string without_underscores(std::string word) {
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

template <size_t size>
const Text* find(const Named (&list)[size], const std::string& word) {
  for (const Named& named : list)
    if (named.word == word) return &named.text;
  return nullptr;
}

const Rejected* find_rejection(const std::string& reason) {
  for (const Rejected& rejected : kRejections)
    if (rejected.reason == reason) return &rejected;
  return nullptr;
}

}  // namespace

std::string rule_explanation(const std::string& rule, const Voice& voice) {
  const Text* text = find(kRules, rule);
  return voice(text ? *text : kOwnRule);
}

std::string kind_name(const std::string& kind, const Voice& voice) {
  const Text* text = find(kKinds, kind);
  return text ? voice(*text) : without_underscores(kind);
}

std::string reason_name(const std::string& reason, const Voice& voice) {
  const Text* text = find(kReasons, reason);
  return text ? voice(*text) : without_underscores(reason);
}

std::string rejection_name(const std::string& reason, const Voice& voice) {
  const Rejected* rejected = find_rejection(reason);
  return rejected ? voice(rejected->name) : without_underscores(reason);
}

std::string rejection_advice(const std::string& reason, const Voice& voice) {
  const Rejected* rejected = find_rejection(reason);
  return voice(rejected ? rejected->advice : kNoAdvice);
}

}  // namespace hone::report
