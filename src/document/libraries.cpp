#include "document/libraries.h"

#include "document/archive_file.h"
#include "document/encoding.h"
#include "document/mail_message.h"
#include "document/ole_file.h"

namespace hone::document {

void open_libraries() {
  open_converters();
  open_ole_files();
  open_mails();
  open_archives();
}

}  // namespace hone::document
