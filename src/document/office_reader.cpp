#include "document/reader.h"

namespace hone::document {

void read_office(std::string, const Input&, Output&) {
  throw Refused(reason::kUnreadableFormat, "is an office document, which Hone does not read");
}

}  // namespace hone::document
