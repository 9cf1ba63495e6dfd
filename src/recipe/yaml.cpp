#include "recipe/yaml.h"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

namespace hone::recipe {

namespace {

constexpr size_t kMaxDepth = 64;
constexpr size_t kMaxNodes = 200'000;  // after alias expansion: a recipe is a page, not a data set

/// Builds the tree from events. A mapping under construction alternates between a key and its value.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string file, std::vector<Problem>& problems) : file_(std::move(file)), problems_(problems) {}

  std::optional<Value> take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(leaf(Value::Kind::null, mark), anchor); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      problems_.push_back({place(mark), "this alias refers to an anchor that encloses it"});
      add(leaf(Value::Kind::null, mark), 0);
      return;
    }
    nodes_ += count(known->second);
    check_size(mark);
    Value copy = known->second;
    add(std::move(copy), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& text) override {
    Value value = leaf(Value::Kind::scalar, mark);
    value.scalar = text;
    value.quoted = tag == "!";
    if (tag.size() > 1 && tag[0] == '!') value.scalar = tag + ' ' + text;
    const bool plain_null = !value.quoted && (text == "~" || text == "null" || text == "Null" || text == "NULL" || text.empty());
    if (plain_null) value.kind = Value::Kind::null;
    add(std::move(value), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(leaf(Value::Kind::sequence, mark), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(leaf(Value::Kind::mapping, mark), anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Value value;
    YAML::anchor_t anchor = 0;
    bool key_is_next = true;
    bool drop_value = false;  // of a duplicate or impossible key
    std::string key;
    Mark key_mark;
    std::vector<Value> merges;
  };

  Mark place(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  Value leaf(Value::Kind kind, const YAML::Mark& mark) const {
    Value value;
    value.kind = kind;
    value.mark = place(mark);
    return value;
  }

  static size_t count(const Value& value) {
    size_t nodes = 1;
    for (const Value& item : value.items) nodes += count(item);
    for (const Value::Entry& entry : value.entries) nodes += count(entry.value);
    return nodes;
  }

  void check_size(const YAML::Mark& mark) const {
    if (nodes_ > kMaxNodes) throw YAML::ParserException(mark, "more than 200,000 values (aliases counted) are refused");
  }

  void open(Value value, YAML::anchor_t anchor) {
    if (stack_.size() >= kMaxDepth)
      throw YAML::ParserException(YAML::Mark::null_mark(), "nested deeper than 64 levels");
    Open entry;
    entry.value = std::move(value);
    entry.anchor = anchor;
    stack_.push_back(std::move(entry));
  }

  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    for (const Value& merged : done.merges)
      for (const Value::Entry& entry : merged.entries)
        if (!done.value.find(entry.key)) done.value.entries.push_back(entry);
    add(std::move(done.value), done.anchor);
  }

  void add(Value value, YAML::anchor_t anchor) {
    if (++nodes_ > kMaxNodes) throw YAML::ParserException(YAML::Mark::null_mark(), "more than 200,000 values");
    if (anchor != 0) anchors_[anchor] = value;
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& parent = stack_.back();
    if (parent.value.kind == Value::Kind::sequence) {
      parent.value.items.push_back(std::move(value));
    } else if (parent.key_is_next) {
      take_key(parent, value);
    } else {
      take_value(parent, std::move(value));
    }
  }

  void take_key(Open& parent, const Value& key) {
    parent.key_is_next = false;
    parent.drop_value = false;
    parent.key = key.scalar;
    parent.key_mark = key.mark;
    if (key.kind == Value::Kind::sequence || key.kind == Value::Kind::mapping) {
      problems_.push_back({key.mark, "a key must be a plain name"});
      parent.drop_value = true;
      return;
    }
    for (const Value::Entry& entry : parent.value.entries) {
      if (entry.key != key.scalar) continue;
      problems_.push_back({key.mark, "the key " + key.scalar + " is written twice; the first stands at line " +
                                         std::to_string(entry.mark.line)});
      parent.drop_value = true;
    }
  }

  void take_value(Open& parent, Value value) {
    parent.key_is_next = true;
    if (parent.drop_value) return;
    if (value.kind == Value::Kind::null) value.mark = parent.key_mark;  // the parser's mark is behind the empty value
    if (parent.key != "<<") {
      parent.value.entries.push_back({parent.key, parent.key_mark, std::move(value)});
    } else if (value.kind == Value::Kind::mapping) {
      parent.merges.push_back(std::move(value));
    } else if (value.kind == Value::Kind::sequence) {
      for (Value& item : value.items) {
        if (item.kind == Value::Kind::mapping) parent.merges.push_back(std::move(item));
        else problems_.push_back({item.mark, "`<<` merges mappings only"});
      }
    } else {
      problems_.push_back({value.mark, "`<<` merges a mapping or a list of mappings"});
    }
  }

  std::string file_;
  std::vector<Problem>& problems_;
  std::optional<Value> root_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Value> anchors_;
  size_t nodes_ = 0;
};

}  // namespace

std::optional<Value> parse_yaml(const std::string& text, const std::string& file, std::vector<Problem>& problems) {
  TreeBuilder builder(file, problems);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& wrong) {
    const int line = wrong.mark.is_null() ? 1 : wrong.mark.line + 1;
    const int column = wrong.mark.is_null() ? 1 : wrong.mark.column + 1;
    problems.push_back({{file, line, column}, "not valid YAML: " + wrong.msg});
    return std::nullopt;
  }
  std::optional<Value> root = builder.take();
  if (!root) {
    root.emplace();
    root->mark = {file, 1, 1};
  }
  return root;
}

std::string yaml_scalar(const std::string& text) {
  const bool plain = !text.empty() && text.find_first_of(":#{}[],&*!|>'\"%@`\n\t\\") == std::string::npos && text.front() != '-' &&
                     text.front() != '?' && text.front() != ' ' && text.back() != ' ' &&
                     text.find_first_not_of("0123456789.eE+-_") != std::string::npos;
  static const char* const kWords[] = {"true", "false", "null", "~", "yes", "no", "on", "off"};
  bool word = false;
  for (const char* reserved : kWords) word = word || text == reserved;
  if (plain && !word) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') quoted += "\\n";
    else if (c == '\t') quoted += "\\t";
    else quoted += c;
  }
  return quoted + "\"";
}

}  // namespace hone::recipe
