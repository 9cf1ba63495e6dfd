#include "document/ole_file.h"

#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-input-memory.h>
#include <gsf/gsf-utils.h>

#include <algorithm>

#include "base/error.h"

namespace hone::document {
namespace {

constexpr size_t kBlock = 1 << 16;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using Stream = std::unique_ptr<GsfInput, Unref>;

/// What GLib says of hostile files goes nowhere: the caller gets an error instead.
void say_nothing(const char*, GLogLevelFlags, const char*, void*) {}

Stream child(GsfInput* parent, const char* name) {
  if (!GSF_IS_INFILE(parent)) return nullptr;
  return Stream(gsf_infile_child_by_name(GSF_INFILE(parent), name));
}

}  // namespace

void open_ole_files() {
  gsf_init();
  // A first file, though none at all, registers every type that the next will need.
  try {
    const std::string none(4096, '\0');
    const OleFile nothing(none);
  } catch (const Error&) {
  }
}

struct OleFile::State {
  Stream bytes, root;
  uint64_t size = 0;

  /// The root, or a storage of it; null when it is not there.
  Stream folder(const char* storage) const {
    if (storage != nullptr) return child(root.get(), storage);
    g_object_ref(root.get());
    return Stream(root.get());
  }
};

OleFile::OleFile(std::string_view content) : state_(std::make_unique<State>()) {
  static const bool kQuiet = (g_log_set_default_handler(&say_nothing, nullptr), true);
  HONE_ASSERT(kQuiet);
  state_->size = content.size();
  state_->bytes.reset(gsf_input_memory_new(reinterpret_cast<const guint8*>(content.data()),
                                           static_cast<gsf_off_t>(content.size()), FALSE));
  GError* problem = nullptr;
  state_->root.reset(GSF_INPUT(gsf_infile_msole_new(state_->bytes.get(), &problem)));
  if (problem != nullptr) g_error_free(problem);
  if (!state_->root) throw Error(ExitCode::data, "its OLE container is damaged; get a whole copy of it");
}

OleFile::~OleFile() = default;

std::vector<std::string> OleFile::names(const char* storage) const {
  std::vector<std::string> found;
  const Stream folder = state_->folder(storage);
  if (!folder || !GSF_IS_INFILE(folder.get())) return found;
  GsfInfile* inside = GSF_INFILE(folder.get());
  for (int i = 0; i < gsf_infile_num_children(inside); ++i)
    if (const char* name = gsf_infile_name_by_index(inside, i); name != nullptr) found.emplace_back(name);
  return found;
}

bool OleFile::has(const char* name) const {
  const std::vector<std::string> all = names();
  return std::find(all.begin(), all.end(), name) != all.end();
}

std::string OleFile::stream(const char* name, const char* storage) const {
  const Stream folder = state_->folder(storage);
  const Stream stream = folder ? child(folder.get(), name) : nullptr;
  if (!stream) return {};
  const gsf_off_t size = gsf_input_size(stream.get());
  if (size < 0 || static_cast<uint64_t>(size) > state_->size)
    throw Error(ExitCode::data, std::string("its stream ") + name +
                                    " claims more bytes than the file has; get a whole copy of it");
  std::string content(static_cast<size_t>(size), '\0');
  for (size_t at = 0; at < content.size();) {
    const size_t part = std::min(kBlock, content.size() - at);
    if (gsf_input_read(stream.get(), part, reinterpret_cast<guint8*>(content.data() + at)) == nullptr)
      throw Error(ExitCode::data, std::string("its stream ") + name + " is cut off; get a whole copy of it");
    at += part;
  }
  return content;
}

}  // namespace hone::document
