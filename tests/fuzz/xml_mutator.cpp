/// How libFuzzer changes a document of XML parts: elements and attributes are taken out, doubled, moved, nested and renamed, so that
/// most of what comes of it is still XML and reaches the reader behind the parser. Every fourth time bytes are changed, as usual.
#include <pugixml.hpp>

#include <cstring>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "parts.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using namespace hone::fuzz;
using Random = std::minstd_rand;

constexpr size_t kMaxNodes = 20000;
constexpr int kMaxNesting = 600;
constexpr const char* kValues[] = {"",      "0",     "-1",         "1",     "2",  "1048577", "4294967296", "99999999999999999999",
                                   "1e308", "false", "XFD1048576", "A1:B9", "../..", "&",       "\xED\xA0\x80", "rId1"};

template <typename Any>
auto& any_of(Any& things, Random& random) {
  return things[random() % std::size(things)];
}

std::vector<pugi::xml_node> nodes_of(const pugi::xml_document& document) {
  std::vector<pugi::xml_node> nodes;
  for (pugi::xml_node node = document.first_child(); node && nodes.size() < kMaxNodes;) {
    nodes.push_back(node);
    if (node.first_child()) {
      node = node.first_child();
      continue;
    }
    while (node && !node.next_sibling()) node = node.parent();
    if (node) node = node.next_sibling();
  }
  return nodes;
}

pugi::xml_attribute any_attribute(pugi::xml_node node, Random& random) {
  std::vector<pugi::xml_attribute> all(node.attributes_begin(), node.attributes_end());
  return all.empty() ? pugi::xml_attribute() : any_of(all, random);
}

void nest(pugi::xml_node node, Random& random) {
  const std::string name = node.name();
  for (int depth = 1 << random() % 10; depth > 0 && depth < kMaxNesting; --depth) node = node.append_child(name.c_str());
}

/// One change; the nodes may be gone after it.
void change(pugi::xml_node node, pugi::xml_node other, Random& random) {
  pugi::xml_attribute attribute = any_attribute(node, random);
  const pugi::xml_attribute model = any_attribute(other, random);
  switch (random() % 9) {
    case 0: node.parent().remove_child(node); break;
    case 1: node.parent().insert_copy_after(node, node); break;
    case 2: node.append_copy(other); break;
    case 3: node.parent().insert_copy_before(other, node); break;
    case 4: node.set_name(other.name()); break;
    case 5: attribute.set_value(random() % 2 == 0 && model ? model.value() : any_of(kValues, random)); break;
    case 6: node.remove_attribute(attribute); break;
    case 7: node.append_child(pugi::node_pcdata).set_value(any_of(kValues, random)); break;
    default: nest(node, random); break;
  }
}

/// False when the part is no XML.
bool mutate_xml(std::string& content, size_t room, Random& random) {
  pugi::xml_document document;
  if (!document.load_buffer(content.data(), content.size(), pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_declaration)) return false;
  for (int left = 1 + static_cast<int>(random() % 3); left > 0; --left) {
    std::vector<pugi::xml_node> nodes = nodes_of(document);
    if (nodes.empty()) return false;
    change(any_of(nodes, random), any_of(nodes, random), random);
  }
  std::ostringstream out;
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration);
  if (out.str().size() > room) return false;
  content = out.str();
  return true;
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  Random random(seed + 1);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (!is_parts(input) || random() % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::vector<Part> parts = split_parts(input);
  Part& part = any_of(parts, random);
  if (size >= max_size || !mutate_xml(part.content, part.content.size() + max_size - size, random)) return LLVMFuzzerMutate(data, size, max_size);
  const std::string changed = join_parts(parts);
  if (changed.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, changed.data(), changed.size());
  return changed.size();
}
