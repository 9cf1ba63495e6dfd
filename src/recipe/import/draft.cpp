#include "recipe/import/draft.h"

#include "recipe/binder.h"
#include "recipe/yaml.h"

namespace hone::recipe {
namespace {

std::string text_of(const Value& value) {
  if (value.kind == Value::Kind::null) return "null";
  if (value.kind == Value::Kind::scalar) return value.quoted ? yaml_scalar(value.scalar) : value.scalar;
  std::string list = "[";
  for (const Value& item : value.items) list += (list.size() > 1 ? ", " : "") + text_of(item);
  return list + "]";
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('.', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

std::string comment_text(const std::string& text) {
  constexpr size_t kMost = 160;
  std::string line;
  for (const char c : text) {
    if (line.size() >= kMost && (static_cast<unsigned char>(c) & 0xC0) != 0x80) return line + "…";
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return line;
}

RecipeDraft::RecipeDraft() {
  Binder bind(root_);
  describe(bind, recipe_);
}

/// `holder` keeps a list's element alive while the field is used.
Field* RecipeDraft::find(const std::string& path, Section& holder) {
  Section* section = &root_;
  Field* field = nullptr;
  const std::vector<std::string> parts = parts_of(path);
  for (size_t i = 0; i < parts.size(); ++i) {
    field = section->find(parts[i]);
    HONE_ASSERT(field != nullptr);
    if (field->kind == Field::Kind::section) section = field->section.get();
    if (field->kind != Field::Kind::sections) continue;
    HONE_ASSERT(i + 1 < parts.size());
    Section element = field->element(std::stoul(parts[++i]));
    holder = std::move(element);
    section = &holder;
  }
  return field;
}

bool RecipeDraft::put(const std::string& path, const Value& value, const std::string& origin) {
  Section holder;
  Field* field = find(path, holder);
  Value plain = value;
  if (field->kind != Field::Kind::text && field->kind != Field::Kind::texts) plain.quoted = false;
  if (const auto wrong = field->write(plain)) {
    lose(value.mark, origin, path + " " + *wrong);
    return false;
  }
  origins_[path] = comment_text(origin);
  return true;
}

bool RecipeDraft::put(const std::string& path, const std::string& text, const std::string& origin, const Mark& mark) {
  Value value;
  value.kind = Value::Kind::scalar;
  value.scalar = text;
  value.mark = mark;
  return put(path, value, origin);
}

void RecipeDraft::note(const std::string& text) { notes_.push_back(comment_text(text)); }

void RecipeDraft::lose(const Mark& mark, const std::string& key, const std::string& why) {
  losses_.push_back({mark, comment_text(key), comment_text(why)});
}

bool RecipeDraft::any_below(const std::string& prefix) const {
  const auto first = origins_.lower_bound(prefix + ".");
  return first != origins_.end() && first->first.rfind(prefix + ".", 0) == 0;
}

void RecipeDraft::render_list(const Field& field, const std::string& path, size_t indent, std::string& out) const {
  for (size_t i = 0; i < field.count(); ++i) {
    std::string element;
    const Section section = field.element(i);
    render(section, path + "." + std::to_string(i), indent + 2, element);
    if (element.empty()) continue;
    element[indent] = '-';
    out += element;
  }
}

void RecipeDraft::render(const Section& section, const std::string& prefix, size_t indent, std::string& out) const {
  for (const Field& field : section.fields) {
    const std::string path = prefix.empty() ? field.name : prefix + "." + field.name;
    const std::string lead = std::string(indent, ' ') + field.name + ":";
    if (field.kind == Field::Kind::section || field.kind == Field::Kind::sections) {
      if (!any_below(path)) continue;
      if (indent == 0) out += "\n";
      out += lead + "\n";
      if (field.kind == Field::Kind::section)
        render(*field.section, path, indent + 2, out);
      else
        render_list(field, path, indent + 2, out);
    } else if (const auto origin = origins_.find(path); origin != origins_.end()) {
      out += lead + " " + text_of(field.read()) + (origin->second.empty() ? "" : "  # " + origin->second) + "\n";
    }
  }
}

std::string RecipeDraft::yaml(const std::string& title) const {
  std::string out = "# " + comment_text(title) + "\n";
  for (const std::string& note : notes_) out += "# " + note + "\n";
  if (!losses_.empty()) out += "#\n# Without a counterpart:\n";
  for (const Loss& loss : losses_)
    out +=
        "#   " + (loss.mark.line > 0 ? "line " + std::to_string(loss.mark.line) + ", " : std::string()) + loss.key + ": " + loss.why + "\n";
  render(root_, "", 0, out);
  return out;
}

}  // namespace hone::recipe
