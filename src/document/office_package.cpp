#include "document/office_package.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "document/encoding.h"
#include "document/office_text.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kMaxFact = 4096;  // bytes of one value: it is a title, not a text

std::string folder_of(std::string_view part) { return std::string(part.substr(0, part.rfind('/') + 1)); }

/// "word/" and "../media/x" → "media/x". A part name, never a path of the system.
std::string resolved(std::string_view folder, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::string whole = std::string(folder) + std::string(target);
  std::vector<std::string_view> segments;
  for (size_t begin = 0; begin <= whole.size();) {
    const size_t end = std::min(whole.find('/', begin), whole.size());
    const std::string_view segment = std::string_view(whole).substr(begin, end - begin);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (segment != "." && !segment.empty()) {
      segments.push_back(segment);
    }
    begin = end + 1;
  }
  std::string part;
  for (const std::string_view segment : segments) (part += part.empty() ? "" : "/") += segment;
  return part;
}

}  // namespace

Relationships::Relationships(ZipPackage& package, std::string_view part) {
  const std::string folder = folder_of(part);
  const std::string name = folder + "_rels/" + std::string(part.substr(folder.size())) + ".rels";
  auto bytes = package.find(name);
  if (!bytes) return;
  const XmlPart xml(std::move(*bytes), name);
  for (const pugi::xml_node one : xml.root().children("Relationship")) {
    if (attribute(one, "TargetMode") == "External") continue;
    const std::string_view type = attribute(one, "Type");
    std::string id(attribute(one, "Id"));
    if (targets_
            .emplace(id, Target{std::string(type.substr(type.rfind('/') + 1)),
                                resolved(folder, attribute(one, "Target"))})
            .second)
      order_.push_back(std::move(id));
  }
}

std::string Relationships::by_id(std::string_view id) const {
  const auto found = targets_.find(id);
  return found == targets_.end() ? "" : found->second.part;
}

std::string Relationships::type_of(std::string_view id) const {
  const auto found = targets_.find(id);
  return found == targets_.end() ? "" : found->second.type;
}

std::string Relationships::by_type(std::string_view type) const {
  for (const std::string& id : order_)
    if (const Target& target = targets_.find(id)->second; target.type == type) return target.part;
  return {};
}

void DocumentFacts::set(std::string_view name, std::string_view value) {
  value = trimmed(value).substr(0, kMaxFact);
  const bool there =
      std::any_of(facts_.begin(), facts_.end(), [&](const auto& fact) { return fact.first == name; });
  if (!value.empty() && !there) facts_.emplace_back(name, mend_utf8(value));
}

void DocumentFacts::give_to(Document& document) const {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const auto& [name, value] : facts_) {
    object[name] = value;
    if (name == "title") document.title = value;
  }
  if (!object.empty())
    document.metadata = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void read_core_properties(ZipPackage& package, DocumentFacts& facts) {
  std::string part = Relationships(package, "").by_type("core-properties");
  if (part.empty()) part = "docProps/core.xml";
  const auto xml = optional_part(package, part);
  if (!xml) return;
  static constexpr std::pair<const char*, const char*> kFields[] = {{"dc:title", "title"},
                                                                    {"dc:creator", "author"},
                                                                    {"dcterms:created", "date"},
                                                                    {"dcterms:modified", "modified"},
                                                                    {"cp:lastModifiedBy", "last_modified_by"},
                                                                    {"dc:subject", "subject"},
                                                                    {"cp:keywords", "keywords"},
                                                                    {"cp:category", "category"},
                                                                    {"dc:language", "language"}};
  for (const auto& [element, name] : kFields) facts.set(name, all_text(xml->root().child(element)));
}

std::unique_ptr<XmlPart> optional_part(ZipPackage& package, const std::string& part) {
  try {
    auto bytes = package.find(part);
    return bytes ? std::make_unique<XmlPart>(std::move(*bytes), part) : nullptr;
  } catch (const Refused&) {
    throw;  // what is too large or locked is so as a whole
  } catch (const Error&) {
    return nullptr;
  }
}

void refuse_encrypted_parts(ZipPackage& package, const char* message) {
  auto bytes = package.find("META-INF/manifest.xml");
  if (!bytes) return;
  const XmlPart xml(std::move(*bytes), "META-INF/manifest.xml");
  for (const pugi::xml_node entry : xml.root().children("manifest:file-entry"))
    if (entry.child("manifest:encryption-data")) throw Refused(reason::kEncrypted, message);
}

}  // namespace hone::document
