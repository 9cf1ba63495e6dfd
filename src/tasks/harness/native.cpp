#include "tasks/harness/native.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <filesystem>

#include "base/error.h"
#include "base/hash.h"
#include "tasks/harness/python_regex.h"

namespace hone::tasks {
namespace {

namespace fs = std::filesystem;

std::string text(const Row& row, const char* key) {
  const auto found = row.find(key);
  if (found == row.end() || !found->is_string()) throw Error(ExitCode::data, std::string("a row has no text called ") + key);
  return found->get<std::string>();
}

std::string replaced(std::string value, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = value.find(from, at)) != std::string::npos; at += to.size()) value.replace(at, from.size(), to);
  return value;
}

std::string trimmed(const std::string& value) {
  const size_t begin = value.find_first_not_of(" \t\n\r\f\v");
  return begin == std::string::npos ? "" : value.substr(begin, value.find_last_not_of(" \t\n\r\f\v") - begin + 1);
}

/// Python's str.capitalize().
std::string capitalised(const std::string& value) {
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(value);
  const int32_t first = wide.moveIndex32(0, 1);
  icu::UnicodeString out = wide.tempSubStringBetween(0, first);
  out.toTitle(nullptr, icu::Locale::getRoot());
  out.append(icu::UnicodeString(wide, first).toLower(icu::Locale::getRoot()));
  std::string text;
  out.toUTF8String(text);
  return text;
}

/// WikiHow's " [title]" and other brackets out of HellaSwag's sentences.
std::string hellaswag_text(std::string value) {
  value = replaced(trimmed(value), " [title]", ". ");
  for (size_t open = 0; (open = value.find('[', open)) != std::string::npos;) {
    const size_t close = value.find(']', open), line = value.find('\n', open);
    if (close == std::string::npos) break;
    if (line < close) ++open;  // the dot of the expression stops at line ends
    else value.erase(open, close - open + 1);
  }
  return replaced(value, "  ", " ");
}

Row hellaswag(const Row& row) {
  Row out = row;
  out["query"] = hellaswag_text(text(row, "activity_label") + ": " + text(row, "ctx_a") + " " + capitalised(text(row, "ctx_b")));
  out["choices"] = Row::array();
  for (const Row& ending : row.at("endings")) out["choices"].push_back(hellaswag_text(ending.get<std::string>()));
  const Row& label = row.at("label");
  out["gold"] = label.is_string() ? std::stoll(label.get<std::string>()) : label.get<int64_t>();
  return out;
}

Row kobest_hellaswag(const Row& row) {
  Row out = row;
  out["query"] = "문장: " + text(row, "context");
  out["choices"] = {row.at("ending_1"), row.at("ending_2"), row.at("ending_3"), row.at("ending_4")};
  out["gold"] = row.at("label").get<int64_t>();
  return out;
}

size_t blank_of(const Row& row) {
  const size_t at = text(row, "sentence").find('_');
  if (at == std::string::npos) throw Error(ExitCode::data, "a row of winogrande has no blank (_) in its sentence");
  return at;
}

Row winogrande_choices(const Row& row) {
  const std::string before = text(row, "sentence").substr(0, blank_of(row));
  return {before + text(row, "option1"), before + text(row, "option2")};
}

std::string copa_choice(const Row& row, const char* key) {
  std::string choice = text(row, key);
  if (!choice.empty()) choice[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(choice[0])));
  return " " + choice;
}

Row copa_text(const Row& row) {
  std::string premise = trimmed(text(row, "premise"));
  if (!premise.empty()) premise.pop_back();  // its full stop
  const std::string question = text(row, "question");
  if (question != "cause" && question != "effect") throw Error(ExitCode::data, "a row of copa asks for " + question + ", not for cause or effect");
  return premise + (question == "cause" ? " because" : " therefore");
}

Row kobest_copa_text(const Row& row) {
  const std::string question = trimmed(text(row, "question"));
  if (question != "원인" && question != "결과") throw Error(ExitCode::data, "a row of kobest_copa asks for " + question + ", not for 원인 or 결과");
  return text(row, "premise") + " " + (question == "원인" ? " 왜냐하면" : " 그래서");
}

/// What stands in brackets or quotes, without the blanks beside them.
std::string tight(const std::string& value, const std::string& pattern, const std::string& open, const std::string& close) {
  const PythonRegex regex(pattern, "wikitext");
  std::string out;
  size_t behind = 0;
  for (const PythonRegex::Match& match : regex.all(value)) {
    out += value.substr(behind, match.begin - behind) + open + match.groups.front() + close;
    behind = match.end;
  }
  return out + value.substr(behind);
}

/// WikiText's spaced-out tokens as people write them.
Row wikitext_page(const Row& row) {
  std::string page = replaced(text(row, "page"), "s '", "s'");
  page = PythonRegex("/' [0-9]/", "wikitext").replaced(page, "/'[0-9]/");
  for (const auto& [from, to] : {std::pair(" @-@ ", "-"), {" @,@ ", ","}, {" @.@ ", "."}, {" : ", ": "}, {" ; ", "; "}, {" . ", ". "}, {" ! ", "! "},
                                 {" ? ", "? "}, {" , ", ", "}})
    page = replaced(std::move(page), from, to);
  page = tight(page, R"(\(\s*([^\)]*?)\s*\))", "(", ")");
  page = tight(page, R"(\[\s*([^\]]*?)\s*\])", "[", "]");
  page = tight(page, R"({\s*([^}]*?)\s*})", "{", "}");
  page = tight(page, R"("\s*([^"]*?)\s*")", "\"", "\"");
  page = tight(page, R"('\s*([^']*?)\s*')", "'", "'");
  for (const auto& [from, to] : {std::pair("= = = =", "===="), {"= = =", "==="}, {"= =", "=="}, {" \u00B0 ", "\u00B0"}, {" \n", "\n"}, {"\n ", "\n"},
                                 {" N ", " 1 "}, {" 's", "'s"}})
    page = replaced(std::move(page), from, to);
  return page;
}

struct Known {
  const char* task;
  const char* function;
  Row (*call)(const Row&);
};

const Known kKnown[] = {
    {"hellaswag", "utils.process_docs", hellaswag},
    {"kobest_hellaswag", "utils.hellaswag_process_doc", kobest_hellaswag},
    {"kobest_copa", "utils.copa_doc_to_text", kobest_copa_text},
    {"kobest_copa", "utils.copa_doc_to_target", [](const Row& row) { return row.at(row.at("label") == 0 ? "alternative_1" : "alternative_2"); }},
    {"kobest_copa", "utils.copa_doc_to_choice", [](const Row& row) -> Row { return {row.at("alternative_1"), row.at("alternative_2")}; }},
    {"kobest_sentineg", "utils.sentineg_doc_to_text", [](const Row& row) -> Row { return "문장: " + text(row, "sentence") + " 긍부정:"; }},
    {"kobest_wic", "utils.wic_doc_to_text",
     [](const Row& row) -> Row {
       return "문장1: " + text(row, "context_1") + " 문장2: " + text(row, "context_2") + " 두 문장에서 " + text(row, "word") + "가 같은 뜻으로 쓰였나?";
     }},
    {"wikitext", "preprocess_wikitext.wikitext_detokenizer", wikitext_page},
    {"wikitext", "preprocess_wikitext.process_results", [](const Row& row) -> Row { return text(row, "page"); }},
    {"winogrande", "preprocess_winogrande.doc_to_text", [](const Row& row) -> Row { return text(row, "answer") == "1" ? 0 : 1; }},
    {"winogrande", "preprocess_winogrande.doc_to_target", [](const Row& row) -> Row { return trimmed(text(row, "sentence").substr(blank_of(row) + 1)); }},
    {"winogrande", "preprocess_winogrande.doc_to_choice", winogrande_choices},
    {"copa", "utils.doc_to_text", copa_text},
    {"copa", "utils.doc_to_target", [](const Row& row) -> Row { return copa_choice(row, row.at("label") == 0 ? "choice1" : "choice2"); }},
    {"copa", "utils.doc_to_choice", [](const Row& row) -> Row { return {copa_choice(row, "choice1"), copa_choice(row, "choice2")}; }},
};

/// SHA-256 of the files that were followed.
const std::pair<const char*, const char*> kFiles[] = {
    {"hellaswag", "07d23b60b28f2a4f658dcf8440623a63fe6644854ce9b846a114dde980dc1214"},
    {"kobest", "d4d9c2afaef727c9d7ac97db311879be3aa04feb7d10fd3ab140844b793ad4a7"}, {"wikitext", "a44020374b172159bf5be80a64d2c4194c9d5c77284f696ac666361338c8da7d"},
    {"winogrande", "e55327629264a98f1d383fda24645b6779afb53fa0bce2150042b9416b1ae006"},
    {"copa", "0be98a907db647a518c42c916a61385b64f394cf9d0171b5cb86b7a036282de7"},
};

void check_file(const TaskConfig& task, const FunctionName& name) {
  const std::string module = name.name.substr(0, name.name.rfind('.'));
  const fs::path file = task.file.parent_path() / (replaced(module, ".", "/") + ".py");
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return;
  const std::string hash = base::sha256_file(file);
  for (const auto& [family, known] : kFiles)
    if (task.name.starts_with(family) && hash == known) return;
  throw Error(ExitCode::usage, task.file.string() + ": " + file.filename().string() + " beside it is not the file that !function " + name.name +
                                   " is written after (lm_eval 0.4.13); its scores would be others");
}

}  // namespace

RowFunction native_function(const TaskConfig& task, const FunctionName& name) {
  for (const Known& known : kKnown)
    if (task.name == known.task && name.name == known.function) {
      check_file(task, name);
      return known.call;
    }
  throw Error(ExitCode::usage, task.file.string() + ": task " + task.name + " asks for the Python function " + name.name +
                                   ", which Hone does not run; write what it does as templates, or as rows prepared beforehand");
}

}  // namespace hone::tasks
