// Credentials that tests make up at random: none of them opens anything.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "corpus/secret/find.h"

namespace hone::corpus {
namespace {

constexpr const char* kAlnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

class Drawer {
 public:
  std::string of(const std::string& letters, size_t count) {
    std::string result;
    for (size_t i = 0; i < count; ++i) result += letters[engine_() % letters.size()];
    return result;
  }
  std::string alnum(size_t count) { return of(kAlnum, count - 2) + "7q"; }
  std::string hex(size_t count) { return of("0123456789abcdef", count - 2) + "7c"; }
  uint64_t operator()() { return engine_(); }

 private:
  std::mt19937_64 engine_{42};
};

void expect_secret(const std::string& before, const std::string& value, const std::string& after) {
  const std::string text = before + value + after;
  const auto found = secret::find_all(text);
  ASSERT_EQ(found.size(), 1U) << text;
  EXPECT_EQ(text.substr(found[0].begin, found[0].end - found[0].begin), value) << text;
}

void expect_none(const std::string& text) {
  for (const auto& match : secret::find_all(text)) ADD_FAILURE() << text << " → " << match.kind << " " << text.substr(match.begin, match.end - match.begin);
}

TEST(Secrets, TokensWithAPublishedPrefix) {
  Drawer draw;
  for (int i = 0; i < 60; ++i) {
    const std::string values[] = {"AKIA" + draw.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16), "ghp_" + draw.alnum(36), "github_pat_" + draw.alnum(22) + "_" + draw.alnum(59),
                                  "glpat-" + draw.alnum(20), "xoxb-" + draw.of("0123456789", 12) + "-" + draw.of("0123456789", 12) + "-" + draw.alnum(24),
                                  "AIza" + draw.alnum(35), "sk_live_" + draw.alnum(24), "npm_" + draw.alnum(36), "hf_" + draw.alnum(34),
                                  "sk-proj-" + draw.alnum(48), "SG." + draw.alnum(22) + "." + draw.alnum(43), "shpat_" + draw.hex(32),
                                  "dop_v1_" + draw.hex(64), "hvs." + draw.alnum(24), "glsa_" + draw.alnum(41), "whsec_" + draw.alnum(32)};
    const std::string before[] = {"token: ", "키는 ", "export X=", "설정 파일에 ", "\"", "curl -H 'X: ", "("};
    const std::string after[] = {" in it.", "로 적혀 있다.", "\n", "\"", "", ")", ", then"};
    for (const std::string& value : values) expect_secret(before[draw() % 7], value, after[draw() % 7]);
  }
}

TEST(Secrets, WebTokensWhoseHeaderIsJson) {
  expect_secret("Authorization: Bearer ", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", " in it");
  expect_none("eyJhbGciOi.eyJzdWIi.short");
  expect_none("eyJub3QtanNvbiBhdCBhbGwgYnV0IGxvbmcgZW5vdWdo.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U");
}

TEST(Secrets, PrivateKeysAreWholeBlocks) {
  Drawer draw;
  for (const std::string name : {"RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"}) {
    std::string body;
    for (int i = 0; i < 12; ++i) body += draw.of(std::string(kAlnum) + "+/", 64) + "\n";
    expect_secret("남아 있다: ", "-----BEGIN " + name + "-----\n" + body + "-----END " + name + "-----", " 값");
  }
  expect_none("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----");
  expect_none("-----BEGIN CERTIFICATE-----\n" + draw.alnum(64) + "\n-----END CERTIFICATE-----");
  expect_none("-----BEGIN PUBLIC KEY-----\n" + draw.alnum(64) + "\n-----END PUBLIC KEY-----");
}

TEST(Secrets, PasswordsInUrls) {
  Drawer draw;
  for (const std::string scheme : {"postgres", "mysql", "mongodb+srv", "amqp", "redis", "https", "ftp", "jdbc:postgresql"})
    expect_secret(scheme + "://app:", draw.alnum(12), "@db.internal:5432/app 값");
  for (const char* text : {"postgres://user:password@localhost/db", "mysql://root:${DB_PASSWORD}@db/x", "https://user:<password>@host/", "redis://:@host", "http://host:8080/a@b",
                           "amqp://guest:guest@localhost", "https://example.com/a:b@c", "ssh://git@host:22/x", "mongodb://app:****@db/x"})
    expect_none(text);
}

TEST(Secrets, ValuesOfSettings) {
  Drawer draw;
  for (int i = 0; i < 60; ++i) {
    const std::string password = draw.of("abcdefghijkmnpqrstuvwxyz", 4) + draw.of("ABCDEFGH", 2) + draw.of("#&%!@+", 1) + draw.of("23456789", 3);
    expect_secret("DB_PASSWORD=", password, "\n");
    expect_secret("passwd = ", password, " in it.");
    expect_secret("password: \"", password, "\"");
    expect_secret("{\"password\": \"", password, "\", \"user\": 1}");
    expect_secret("spring.datasource.password=", password, "\nnext");
    expect_secret("비밀번호: ", password, "로 접속");
    expect_secret("비밀번호는 ", password, "입니다.");
    expect_secret("The password is ", password, ".");
    expect_secret("Server=db;User=sa;Password=", password, ";Encrypt=yes");
    expect_secret("mysql --password=", password, " -h db");
    expect_secret("machine ftp.example.net login backup password ", draw.alnum(12) + "7a", "\n");
    expect_secret("machine ftp.example.net\n\tlogin backup\n\tpassword ", password, "\nmacdef init");
    expect_secret("IDENTIFIED BY password '", password, "'");
    expect_secret("api_key: ", draw.hex(32), " 값이");
    expect_secret("aws_secret_access_key = ", draw.alnum(40), "\n");
    expect_secret("client_secret=", draw.alnum(32), "&grant_type=x");
    expect_secret("X-Api-Key: ", draw.alnum(40), "\n");
    expect_secret("API key: ", draw.alnum(32), ".");
    expect_secret("AccountKey=", draw.alnum(86) + "==", ";EndpointSuffix=core");
    expect_secret("secretKey: '", draw.alnum(32), "'");
    expect_secret("Authorization: Bearer ", draw.alnum(40), "\n");
  }
}

TEST(Secrets, PlacesToBeFilledInAndOrdinaryTextStay) {
  for (const char* text :
       {"password: ${DB_PASSWORD} 형태로 환경 변수를 참조한다.", "Use api_key=<YOUR_API_KEY> in the call.", "password: ********", "password=changeme", "token: your-token-here",
        "Passwords need twelve characters and change every 90 days.", "비밀번호는 12자 이상이어야 하며 90일마다 바꾼다.", "password: string", "password = getpass()", "password=os.environ[\"DB\"]",
        "self.password = password", "PASSWORD: {{ vault_password }}", "aws_access_key_id = AKIAIOSFODNN7EXAMPLE", "secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "max_tokens: 4096", "tokenizer: gpt2", "next_page_token: CAEQAA1234567890abcdefgh", "token: bootstrap-token", "secret: default-token-9x7zk", "secretName: my-tls-secret-2021",
        "commit 3f2a9c1d4b5e6f708192a3b4c5d6e7f8091a2b3c", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "UUID 550e8400-e29b-41d4-a716-446655440000",
        "\"integrity\": \"sha512-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08==\"", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAA",
        "password-hash: sha256", "The password is required.", "Use login names and password rules2023 of the guide.", "암호는 매월 바꿉니다.", "token_type: bearer", "Bearer authentication", "Basic usage of the tool", "pass: true", "key: value",
        "--discovery-token-ca-cert-hash sha256:7c2e69131a36ae2a042a339b33381c6d0d43887e2de83720eff5359e26aec866", "Password: Base64 encoded", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7",
        "public_key: MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA7", "password: /run/secrets/db1", "the token of the user", "primary_key=id", "etag: 33a64df551425fcc55e4d42a148795d9f25f89d4"}) {
    expect_none(text);
  }
}

TEST(Secrets, HostileTextTakesLinearTime) {
  std::string keys, colons, blocks;
  for (int i = 0; i < 50000; ++i) keys += "password_", colons += "password:", blocks += "-----BEGIN ";
  for (const std::string& text : {keys, colons, blocks, std::string(500000, 'e') + "yJ" + std::string(500000, 'a')}) secret::find_all(text);
}

}  // namespace
}  // namespace hone::corpus
