#include "parts.h"

#include <zlib.h>

#include <algorithm>

namespace hone::fuzz {
namespace {

void put(std::string& out, uint64_t value, int bytes) {
  for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value & 0xFF);
}

/// What the local header and the directory say alike of an entry (APPNOTE.TXT 4.4): version, flags (names are UTF-8), stored, no
/// date, checksum, both sizes, length of the name, no extra field.
std::string facts_of(const Part& part) {
  std::string facts;
  put(facts, 20, 2);
  put(facts, 1 << 11, 2);
  put(facts, 0, 2 + 4);
  put(facts, crc32(0, reinterpret_cast<const Bytef*>(part.content.data()), static_cast<uInt>(part.content.size())), 4);
  put(facts, part.content.size(), 4);
  put(facts, part.content.size(), 4);
  put(facts, part.name.size(), 2);
  put(facts, 0, 2);
  return facts;
}

}  // namespace

std::vector<Part> split_parts(std::string_view input) {
  std::vector<Part> parts;
  while (input.starts_with(kPartMark)) {
    input.remove_prefix(1);
    const std::string_view part = input.substr(0, input.find(kPartMark));
    const size_t name = std::min(part.find('\n'), part.size());
    parts.push_back({std::string(part.substr(0, std::min<size_t>(name, 200))), std::string(part.substr(std::min(name + 1, part.size())))});
    input.remove_prefix(part.size());
  }
  return parts;
}

std::string join_parts(const std::vector<Part>& parts) {
  std::string all;
  for (const Part& part : parts) (all += kPartMark).append(part.name).append("\n").append(part.content);
  return all;
}

std::string zip_of(const std::vector<Part>& parts) {
  std::string file, directory;
  for (const Part& part : parts) {
    const std::string facts = facts_of(part);
    directory += "PK\x01\x02";
    put(directory, 20, 2);
    directory += facts;
    put(directory, 0, 2 + 2 + 2 + 4);  // comment, disk, attributes
    put(directory, file.size(), 4);
    directory += part.name;
    (file += "PK\x03\x04").append(facts).append(part.name).append(part.content);
  }
  const size_t at = file.size();
  file += directory + "PK\x05\x06";
  put(file, 0, 4);
  put(file, parts.size(), 2);
  put(file, parts.size(), 2);
  put(file, directory.size(), 4);
  put(file, at, 4);
  put(file, 0, 2);
  return file;
}

}  // namespace hone::fuzz
