// Property tests: random valid values in random spellings and sentences are found with their exact bounds; look-alikes stay.
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "corpus/personal/scan.h"
#include "corpus/shadow.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

using personal::Kind;

class Maker {
 public:
  explicit Maker(uint64_t seed) : engine_(seed) {}
  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine_); }
  std::string digits(size_t count) {
    std::string result;
    for (size_t i = 0; i < count; ++i) result += static_cast<char>('0' + number(0, 9));
    return result;
  }
  template <typename T>
  const T& one_of(const std::vector<T>& list) {
    return list[static_cast<size_t>(number(0, static_cast<int>(list.size()) - 1))];
  }
  std::string padded(int value, int width) {
    std::string text = std::to_string(value);
    while (text.size() < static_cast<size_t>(width)) text.insert(0, "0");
    return text;
  }

  /// Six digits and seven, the check digit right or off by one.
  std::pair<std::string, std::string> resident(bool foreign, bool checked) {
    const int year = number(0, 99);
    const int century = year <= 24 && number(0, 1) == 1 ? 1 : 0;
    std::string all = padded(year, 2) + padded(number(1, 12), 2) + padded(number(1, 28), 2);
    all += static_cast<char>('0' + (foreign ? 5 : 1) + 2 * century + number(0, 1));
    all += digits(5);
    const int weights[] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    int sum = 0;
    for (int i = 0; i < 12; ++i) sum += weights[i] * (all[static_cast<size_t>(i)] - '0');
    int check = ((foreign ? 13 : 11) - sum % 11) % 10;
    if (!checked) check = (check + 1) % 10;
    all += static_cast<char>('0' + check);
    return {all.substr(0, 6), all.substr(6)};
  }

  std::string business() {
    std::string all = padded(number(101, 999), 3) + padded(number(1, 99), 2) + digits(4);
    const int weights[] = {1, 3, 7, 1, 3, 7, 1, 3, 5};
    int sum = (all[8] - '0') * 5 / 10;
    for (int i = 0; i < 9; ++i) sum += weights[i] * (all[static_cast<size_t>(i)] - '0');
    return all + static_cast<char>('0' + (10 - sum % 10) % 10);
  }

  std::string card() {
    std::string all = one_of<std::string>({"4", "51", "55", "2221", "6011", "3528", "62"});
    all += digits(15 - all.size());
    for (char check = '0'; check <= '9'; ++check) {
      int sum = 0;
      const std::string whole = all + check;
      for (size_t i = 0; i < whole.size(); ++i) {
        const int d = (whole[whole.size() - 1 - i] - '0') << (i % 2);
        sum += d > 9 ? d - 9 : d;
      }
      if (sum % 10 == 0) return whole;
    }
    return all;
  }

  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

/// ASCII in full width, dashes as Koreans type them.
std::string wide(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c > ' ' && c < 0x7F) append_code_point(result, 0xFF00 + static_cast<char32_t>(c) - 0x20);
    else result += c;
  }
  return result;
}

std::string with_hidden(const std::string& text, Maker& make) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && make.number(0, 3) == 0 && (static_cast<uint8_t>(text[i]) & 0xC0) != 0x80) result += "\u200B";
    result += text[i];
  }
  return result;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

/// One of the ways to write the same signs.
std::string spelt(const std::string& value, Maker& make) {
  switch (make.number(0, 6)) {
    case 0: return wide(value);
    case 1: return with_hidden(value, make);
    case 2: return replaced(value, "-", "–");
    case 3: return replaced(value, "-", " - ");
    case 4: return replaced(value, "-", "‑");
    default: return value;
  }
}

struct Found {
  std::string value;
  Kind kind;
};

std::vector<Found> found_in(const std::string& text, const personal::Kinds& kinds = personal::numbered_kinds()) {
  const Shadow shadow(text);
  std::vector<Found> result;
  for (const personal::Match& match : personal::find_all(shadow.text(), kinds)) {
    const auto [begin, end] = shadow.source_range(match.begin, match.end);
    result.push_back({text.substr(begin, end - begin), match.kind});
  }
  return result;
}

/// `value` is found in `before` + value + `after`, alone and whole.
void expect_found(const std::string& before, const std::string& value, const std::string& after, Kind kind) {
  const std::vector<Found> found = found_in(before + value + after);
  ASSERT_EQ(found.size(), 1U) << before << "|" << value << "|" << after;
  EXPECT_EQ(found[0].value, value) << before << "|" << value << "|" << after;
  EXPECT_EQ(name_of(found[0].kind), name_of(kind)) << before << value << after;
}

void expect_nothing(const std::string& text) {
  for (const Found& found : found_in(text)) ADD_FAILURE() << text << " → " << name_of(found.kind) << " " << found.value;
}

const std::vector<std::string> kAfterKorean = {"로 확인했다.", "입니다.", "을 적는다", ", 이후", ")를 보냈다", "\n다음 줄", "", "의 사본", "이며", "와 함께", "。"};
const std::vector<std::string> kAfterEnglish = {" was recorded.", ".", ", then", ")", "\nNext", "", "; see", " and", "!", "?"};

TEST(PersonalNumbers, ResidentNumbersAreFoundInEverySpelling) {
  Maker make(1);
  const std::vector<std::string> before = {"주민등록번호: ", "신청인의 주민번호는 ", "인사카드에 적힌 ", "(", "성명 홍길동 ", "Resident registration number: ", "\"", "주민등록번호"};
  for (int i = 0; i < 600; ++i) {
    const auto [birth, rest] = make.resident(false, make.number(0, 2) > 0);
    expect_found(make.one_of(before), spelt(birth + "-" + rest, make), make.one_of(kAfterKorean), Kind::kr_rrn);
  }
}

TEST(PersonalNumbers, ForeignersNumbersAreToldByTheSeventhDigit) {
  Maker make(2);
  for (int i = 0; i < 400; ++i) {
    const auto [birth, rest] = make.resident(true, make.number(0, 2) > 0);
    expect_found(make.one_of<std::string>({"외국인등록번호 ", "등록번호(외국인): ", "체류자 ", "Alien registration no. "}), spelt(birth + "-" + rest, make),
                 make.one_of(kAfterKorean), Kind::kr_frn);
  }
}

TEST(PersonalNumbers, InOnePieceAResidentNumberNeedsACheckDigitOrALabel) {
  Maker make(3);
  for (int i = 0; i < 200; ++i) {
    const auto [birth, rest] = make.resident(false, false);
    expect_found("주민등록번호 ", birth + rest, make.one_of(kAfterKorean), Kind::kr_rrn);
    expect_nothing("값은 " + birth + rest + "이다.");
    const auto [good_birth, good_rest] = make.resident(false, true);
    if (good_birth[0] != '1' || good_birth[1] < '4') expect_found("값은 ", good_birth + good_rest, "이다.", Kind::kr_rrn);
  }
}

TEST(PersonalNumbers, WithoutADateOrWithAnotherNameItIsNoResidentNumber) {
  Maker make(4);
  for (int i = 0; i < 300; ++i) {
    const std::string month = make.padded(make.number(13, 99), 2);
    expect_nothing("번호 " + make.digits(2) + month + "15-" + std::to_string(make.number(1, 4)) + make.digits(6) + "을 본다.");
    const auto [birth, rest] = make.resident(false, make.number(0, 1) == 0);
    expect_nothing(make.one_of<std::string>({"주문번호 ", "접수번호: ", "운송장번호 ", "문서번호는 ", "Order no. ", "Part number ", "법인등록번호 ", "serial number: "}) + birth +
                   "-" + rest + make.one_of(kAfterKorean));
    expect_nothing("A-" + birth + "-" + rest);
    expect_nothing(birth + "-" + rest + "-" + make.digits(2));
    expect_nothing("x" + birth + rest + "f0");
    expect_nothing("주민등록번호 " + birth + "-" + rest.substr(0, 1) + "******");
  }
}

TEST(PersonalNumbers, BusinessNumbersNeedTheirCheckDigit) {
  Maker make(5);
  for (int i = 0; i < 400; ++i) {
    const std::string all = make.business();
    const std::string value = all.substr(0, 3) + "-" + all.substr(3, 2) + "-" + all.substr(5);
    expect_found(make.one_of<std::string>({"사업자등록번호: ", "공급자 사업자번호 ", "상호 가나다, 등록번호 ", "Business registration no. ", "(주)가나다 "}), spelt(value, make),
                 make.one_of(kAfterKorean), Kind::kr_brn);
    expect_found("사업자등록번호 ", all, make.one_of(kAfterKorean), Kind::kr_brn);
    std::string wrong = value;
    wrong.back() = static_cast<char>('0' + (wrong.back() - '0' + make.number(1, 9)) % 10);
    expect_nothing("사업자등록번호 " + wrong + make.one_of(kAfterKorean));
    expect_nothing("부품번호 " + value + "를 교체한다.");
  }
}

TEST(PersonalNumbers, CardsNeedLuhnAndAnIssuer) {
  Maker make(6);
  for (int i = 0; i < 400; ++i) {
    const std::string all = make.card();
    const std::string grouped = all.substr(0, 4) + "-" + all.substr(4, 4) + "-" + all.substr(8, 4) + "-" + all.substr(12);
    const std::string before = make.one_of<std::string>({"카드번호: ", "결제 카드는 ", "Card number ", "The charge on ", "", "paid with "});
    expect_found(before, spelt(grouped, make), make.one_of(i % 2 == 0 ? kAfterKorean : kAfterEnglish), Kind::card);
    expect_found(before, make.number(0, 1) == 0 ? all : replaced(grouped, "-", " "), make.one_of(kAfterEnglish), Kind::card);
    std::string wrong = grouped;
    wrong.back() = static_cast<char>('0' + (wrong.back() - '0' + make.number(1, 9)) % 10);
    expect_nothing("카드번호 " + wrong + "입니다.");
    expect_nothing("Order number " + grouped + " shipped.");
    expect_nothing("id=" + all + "ab12");
  }
  expect_found("Amex ", "378282246310005", " was used", Kind::card);
  expect_found("Amex ", "3782 822463 10005", " was used", Kind::card);
  expect_nothing("형식은 1234-5678-1234-5678이다.");
  expect_nothing("카드번호 4242-****-****-4242는 가려졌다.");
}

TEST(PersonalNumbers, SocialSecurityNumbers) {
  Maker make(7);
  for (int i = 0; i < 300; ++i) {
    int area = make.number(1, 899);
    if (area == 666) area = 667;
    const std::string value = make.padded(area, 3) + "-" + make.padded(make.number(1, 99), 2) + "-" + make.padded(make.number(1, 9999), 4);
    expect_found(make.one_of<std::string>({"SSN: ", "social security number is ", "Employee SSN ", "Her number, "}), spelt(value, make), make.one_of(kAfterEnglish), Kind::us_ssn);
    expect_found("SSN ", replaced(value, "-", ""), make.one_of(kAfterEnglish), Kind::us_ssn);
    expect_nothing("Part number " + value + " replaces it.");
    expect_nothing("Value " + replaced(value, "-", "") + " of nine digits.");
    expect_nothing("SSN 000" + value.substr(3));
    expect_nothing("SSN 666" + value.substr(3));
  }
}

TEST(PersonalNumbers, TelephoneNumbersInEverySpelling) {
  Maker make(8);
  const auto number = [&]() -> std::string {
    const std::string four = make.digits(4), middle = std::to_string(make.number(2, 9)) + make.digits(3), three = std::to_string(make.number(2, 9)) + make.digits(2);
    switch (make.number(0, 18)) {
      case 0: return "010-" + middle + "-" + four;
      case 1: return "010." + middle + "." + four;
      case 2: return "010 " + middle + " " + four;
      case 3: return "010" + middle + four;
      case 4: return "(010) " + middle + "-" + four;
      case 5: return "+82-10-" + middle + "-" + four;
      case 6: return "+82 10 " + middle + " " + four;
      case 7: return "+82 (0)10-" + middle + "-" + four;
      case 8: return "02-" + three + "-" + four;
      case 9: return "02) " + middle + "-" + four;
      case 10: return "0" + make.one_of<std::string>({"31", "32", "42", "51", "62", "64"}) + "-" + three + "-" + four;
      case 11: return "070-" + middle + "-" + four;
      case 12: return "016-" + three + "-" + four;
      case 13: return "(" + std::to_string(make.number(2, 9)) + "12) 555-" + four;
      case 14: return std::to_string(make.number(2, 9)) + "15-555-" + four;
      case 15: return "+1 " + std::to_string(make.number(2, 9)) + "15-555-" + four;
      case 16: return "+44 20 7946 " + four;
      case 17: return "0507-" + middle + "-" + four;
      default: return "+8210" + middle + four;
    }
  };
  const std::vector<std::string> before = {"전화: ", "연락처는 ", "휴대폰 ", "Tel: ", "Call ", "담당자 홍길동 ", "전화번호", "T. ", "홍길동, ", "\"", "mobile: "};
  for (int i = 0; i < 1500; ++i) {
    const std::string value = number();
    const bool hyphens = value.find(' ') == std::string::npos && value.find(')') == std::string::npos;
    const std::string after = make.one_of<std::string>({"입니다.", "번으로 연락", "로 문자", ", 팩스 없음", "\n", "", ".", " 또는 메일", "에게", "; then", "!"});
    expect_found(make.one_of(before), hyphens ? spelt(value, make) : value, after, Kind::phone);
  }
}

TEST(PersonalNumbers, TelephoneFormsOneByOne) {
  for (const char* value : {"+82-2-123-4567", "82-10-1234-5678", "0082-10-1234-5678", "010·1234·5678", "010—1234—5678", "０１０－１２３４－５６７８",
                            "010-1234-5678 (내선 12)", "02-345-6789 내선 301", "(02)345-6789", "1-800-555-0199", "+49 30 123456", "+33 1 23 45 67 89",
                            "+81-3-1234-5678", "(555) 123-4567", "212.555.0123", "212-555-0123 ext. 45", "212-555-0123 x45", "+1 (415) 555-0137",
                            "0505-123-4567", "080-123-4567", "010) 1234-5678", "[010] 1234-5678", "010ㅡ1234ㅡ5678"}) {
    expect_found("전화 ", value, "", Kind::phone);
    expect_found("Phone: ", value, ", thanks", Kind::phone);
  }
  expect_found("Tel.", "02-1234-5678", "", Kind::phone);
  expect_found("TEL", "010-1234-5678", "", Kind::phone);
  expect_found("고객센터 ", "1588-1234", "로 전화하세요.", Kind::phone);
  expect_found("Call ", "020 7946 0101", " now", Kind::phone);
}

TEST(PersonalNumbers, WhatOnlyLooksLikeATelephoneNumberStays) {
  for (const char* text :
       {"모델명 010-KT-2231, 부품번호 02-11-4A를 교체한다.", "문서번호 2021-0304-112호를 참고한다.", "회의는 2021.03.02 14:00~16:30에 열린다.", "임진왜란은 1592-1598년이다.",
        "기간은 1588-1592년이다.", "Open ports 8080, 8443 and 30000-32767.", "ISBN 978-89-01-23456-2 도서를 참고한다.", "운송장번호 1234-5678-9012를 조회한다.",
        "주문번호 010-1234-5678을 조회한다.", "Mean 3.1415926535, deviation 2.7182818284.", "The office is at 37.5665, 126.9780.", "예산은 1,234,567,890원이다.",
        "UUID 550e8400-e29b-41d4-a716-446655440000을 쓴다.", "01010101010", "1612051234567", "v1.20.304-5678", "2021-07-22T14:00:00+09:00", "GMT+0900",
        "Part number 212-555-0123 is obsolete.", "0x0101234567 8", "commit 3f2a9c1d4b5e6f708192a3b4c5d6e7f8091a2b3c", "-1 -2 -3 212", "10.20.30",
        "부록 1-2-3, 4-5-6", "12 345 678 901", "add 100+200+300", "x +12345678", "tar-1.34.5678", "010-12-345", "02-2021-1234567"}) {
    expect_nothing(text);
  }
}

TEST(PersonalNumbers, MailAddresses) {
  Maker make(9);
  const std::vector<std::string> locals = {"hong", "kim.minsu", "lee_yh", "ops-team", "j.doe+tag", "park2021", "a", "HONG.GILDONG", "x99"};
  const std::vector<std::string> domains = {"corp.co.kr", "example.com", "mail.example.org", "sub.a-b.net", "EXAMPLE.COM", "naver.com", "x.io", "univ.ac.kr"};
  const std::vector<std::string> before = {"이메일", "메일은 ", "Mail ", "<", "(", "홍길동, ", "mailto:", "email=", "\"", "주소:", "문의→"};
  const std::vector<std::string> after = {"로", "으로 보내", "입니다.", "에게", ">", ")", ", 팩스", ".", "", "\n", "; and", "는", "이며", "\"", "!"};
  for (int i = 0; i < 800; ++i) {
    std::string value = make.one_of(locals) + "@" + make.one_of(domains);
    const int how = make.number(0, 3);
    if (how == 0) value = wide(value);
    if (how == 1) value = with_hidden(value, make);
    expect_found(make.one_of(before), value, make.one_of(after), Kind::email);
  }
  for (const char* value : {"hong (at) example (dot) com", "hong [at] example.com", "hong at corp dot co dot kr", "hong골뱅이example.com", "hong 골뱅이 example.com", "hong(at)corp.co.kr"})
    expect_found("연락: ", value, "", Kind::email);
}

TEST(PersonalNumbers, WhatOnlyLooksLikeAMailAddressStays) {
  for (const char* text : {"Write package@1.2.3, not package@latest.", "@SpringBootApplication 애너테이션", "logo@2x.png", "icon@3x.jpg", "git@github.com:org/repo.git",
                           "postgres://app@db.example.com/x", "https://user@host.example.com/", "npm i @scope/pkg@4.5.6", "t0re1e@sc5.Tlie", "meet me at example.com", "a@b",
                           "user@localhost", "@@example.com", "x@.com", "foo@bar..com", "react@18.0.0-rc.1", "n@rnespacc.You", "scp x host@server.com:/tmp"})
    expect_nothing(text);
}

TEST(PersonalNumbers, AccountsNeedAWord) {
  Maker make(10);
  for (int i = 0; i < 300; ++i) {
    const std::string value = make.one_of<std::string>({"110-" + make.digits(3) + "-" + make.digits(6), make.digits(6) + "-" + make.digits(2) + "-" + make.digits(6),
                                                        "3333-" + make.digits(2) + "-" + make.digits(7), "1002-" + make.digits(3) + "-" + make.digits(6)});
    if (value.substr(0, 6) == "000000") continue;
    const std::string before = make.one_of<std::string>({"입금 계좌: 국민은행 ", "신한은행 계좌번호 ", "환불계좌 우리은행 ", "계좌번호는 ", "bank account number ", "Wire to acct no. "});
    const std::vector<Found> found = found_in(before + value + make.one_of(kAfterKorean));
    ASSERT_EQ(found.size(), 1U) << before << value;
    EXPECT_EQ(found[0].value, value);
    expect_nothing("주문번호 " + value + " 상품");
  }
  expect_found("IBAN ", "DE89 3704 0044 0532 0130 00", " please", Kind::iban);
  expect_found("IBAN: ", "GB82WEST12345698765432", ".", Kind::iban);
  expect_nothing("DE89 3704 0044 0532 0130 01 stands there");
  expect_nothing("송금액 1234567890원을 이체했다.");
  expect_nothing("Order 110-234-567890 shipped on 2021-07-22.");
}

TEST(PersonalNumbers, PassportsAndLicencesByTheirWords) {
  Maker make(11);
  for (int i = 0; i < 200; ++i) {
    std::string body = make.digits(8);
    if (body.substr(0, 4) == "0000") continue;
    const std::string value = make.one_of<std::string>({"M", "S", "R", "G", "D"}) + body;
    expect_found(make.one_of<std::string>({"여권번호 ", "여권번호: ", "Passport no. ", "출장자 여권번호는 "}), value, make.one_of(kAfterKorean), Kind::passport);
    const std::string recent = "M" + std::to_string(make.number(100, 999)) + static_cast<char>('A' + make.number(0, 25)) + make.digits(4);
    expect_found("여권번호 ", recent, make.one_of(kAfterKorean), Kind::passport);
    expect_nothing("모델 " + value + "를 쓴다.");
    expect_nothing("값 " + recent);
    const std::string licence = make.padded(make.number(11, 28), 2) + "-" + make.digits(2) + "-" + make.digits(6) + "-" + make.digits(2);
    expect_found("운전면허번호 ", licence, make.one_of(kAfterKorean), Kind::kr_driver);
    expect_found("면허 ", "서울 " + licence.substr(3), make.one_of(kAfterKorean), Kind::kr_driver);
    expect_nothing("부품번호 " + licence);
  }
}

TEST(PersonalNumbers, AddressesOfMachines) {
  for (const char* value : {"192.0.2.103", "203.0.113.7", "198.51.100.75", "2001:db8:1d6f::a0a0", "2001:db8::1:2", "2a02:2e0:3fe:1001:302::"}) {
    expect_found("접속 IP ", value, "에서 로그인", Kind::ip);
    expect_found("Failed login from ", value, " again.", Kind::ip);
    expect_found("단말 주소는 ", value, "이다.", Kind::ip);
  }
  expect_found("user logged in from ", "10.1.2.3", ".", Kind::ip);
  for (const char* text : {"RFC 2119 and section 4.2.1.3 of the standard apply.", "listen on 127.0.0.1:8080", "bind 0.0.0.0", "mask 255.255.255.0", "10.0.0.0/16 and 192.0.2.0/24",
                           "version 1.2.3.4", "v10.20.30.40", "nameserver 8.8.8.8", "1.2.3.4.5", "the node has 10.0.0.1", "http://203.0.113.7/path", "12:30:45", "std::vector::size",
                           "00:1a:2b:3c:4d:5e", "::1", "fe80::1", "example: [fd00::101]:2073", "256.1.1.1", "192.0.02.1", "Chrome 96.0.4664.110", "224.0.0.251", "a::b::c"})
    expect_nothing(text);
}

TEST(PersonalNumbers, TheHeadingOfAColumnIsALabel) {
  EXPECT_EQ(found_in("이름,여권번호,비고\n홍길동,M12345678,없음\n").size(), 1U);
  EXPECT_EQ(found_in("| 이름 | 계좌번호 |\n|---|---|\n| 홍길동 | 110-234-567890 |\n").size(), 1U);
  expect_nothing("| 상품 | 주문번호 |\n|---|---|\n| 의자 | 110-234-567890 |\n");
  expect_nothing("고객,주문번호\n가,010-1234-5678\n");
}

TEST(PersonalNumbers, SeveralOnOneLineAreToldApart) {
  const std::vector<Found> found = found_in("홍길동, 010-1234-5678, hong@example.com, 900101-1234568, 계좌 110-234-567890 / 김철수 010 2345 6789 02-345-6789");
  ASSERT_EQ(found.size(), 6U);
  EXPECT_EQ(found[0].value, "010-1234-5678");
  EXPECT_EQ(found[3].value, "110-234-567890");
  EXPECT_EQ(found[5].value, "02-345-6789");
}

TEST(PersonalNumbers, NamesAndAddressesOnlyWhenAskedFor) {
  const std::string text = "담당자 홍길동, 서울특별시 강남구 테헤란로 152, 3층. Ship to 221 Example Avenue, Apt 4, Riverton. Dear Jane Roe,";
  expect_nothing(text);
  personal::Kinds all;
  all.set();
  std::vector<std::string> values;
  for (const Found& found : found_in(text, all)) values.push_back(found.value);
  EXPECT_EQ(values, (std::vector<std::string>{"홍길동", "서울특별시 강남구 테헤란로 152, 3층", "221 Example Avenue, Apt 4, Riverton", "Jane Roe"}));
}

TEST(PersonalNumbers, HostileTextTakesLinearTime) {
  std::string digits, dashed, ats, colons;
  for (int i = 0; i < 200000; ++i) digits += "7", dashed += "1-", ats += "a@", colons += "a:";
  for (const std::string& text : {digits, dashed, ats, colons, "주민등록번호 " + dashed}) EXPECT_LT(found_in(text).size(), 10U);
}

}  // namespace
}  // namespace hone::corpus
