# Small text files that a program carries in itself.

# hone_embed(<folder> <name> FILES <file>…): src/<folder> gets a function
#   const std::vector<std::pair<std::string_view, std::string_view>>& hone::<folder>::<name>();
# with the files' names without ending, and their contents. It is made again when one of them changes.
function(hone_embed folder name)
  cmake_parse_arguments(arg "" "" "FILES" ${ARGN})
  set(entries "")
  foreach(file IN LISTS arg_FILES)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(stem ${file} NAME_WE)
    file(READ ${file} content)
    string(APPEND entries "      {\"${stem}\", R\"embedded(${content})embedded\"},\n")
  endforeach()
  set(made ${CMAKE_BINARY_DIR}/embedded/${folder}_${name}.cpp)
  file(WRITE ${made}.new "// Made by cmake/Embed.cmake.
#include <string_view>
#include <utility>
#include <vector>

namespace hone::${folder} {

const std::vector<std::pair<std::string_view, std::string_view>>& ${name}() {
  static const std::vector<std::pair<std::string_view, std::string_view>> kFiles = {
${entries}  };
  return kFiles;
}

}  // namespace hone::${folder}
")
  configure_file(${made}.new ${made} COPYONLY)
  target_sources(hone_${folder} PRIVATE ${made})
endfunction()
