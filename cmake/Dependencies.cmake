# The libraries Hone uses, one target each. All are Debian 12 packages (third_party/packages.txt); versions, licences and
# reasons are in third_party/dependencies.md. LibTorch has a file of its own.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_package(fmt REQUIRED)  # headers only
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)

# hone_pkg(<target> <pkg-config modules…>) makes hone::<target>.
function(hone_pkg target)
  pkg_check_modules(HONE_${target} REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(hone::${target} ALIAS PkgConfig::HONE_${target})
endfunction()

hone_pkg(zstd libzstd)
hone_pkg(xxhash libxxhash)
hone_pkg(yaml_cpp yaml-cpp)
hone_pkg(icu icu-uc icu-i18n)
hone_pkg(uchardet uchardet)
hone_pkg(gumbo gumbo)
hone_pkg(libzip libzip)
hone_pkg(pugixml pugixml)
hone_pkg(gmime gmime-3.0)
hone_pkg(libgsf libgsf-1)
hone_pkg(libarchive libarchive)
hone_pkg(seccomp libseccomp)
hone_pkg(re2 re2)
hone_pkg(pcre2 libpcre2-8)
hone_pkg(sentencepiece sentencepiece)

find_library(HONE_CLD2_LIBRARY cld2 REQUIRED)
add_library(hone::cld2 INTERFACE IMPORTED)
target_link_libraries(hone::cld2 INTERFACE ${HONE_CLD2_LIBRARY})

# Headers only: protozero writes protocol buffers (TensorBoard events) and needs nothing linked.
find_path(HONE_PROTOZERO_INCLUDE protozero/pbf_writer.hpp REQUIRED)

# fmt is used header-only everywhere: folders above LibTorch see the newer one that it carries, the others Debian's,
# and the two live in different inline namespaces.
add_compile_definitions(FMT_HEADER_ONLY=1)
