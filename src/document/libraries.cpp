#include "document/libraries.h"

#include "document/encoding.h"
#include "document/ole_file.h"

namespace hone::document {

void open_libraries() {
  open_converters();
  open_ole_files();
}

}  // namespace hone::document
