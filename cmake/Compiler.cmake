# How every file of ours is compiled and linked.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_OPTIMIZE_DEPENDENCIES ON)  # a folder compiles without waiting for the libraries of those below
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# No -g in a release: with LibTorch's headers it grows an object file from 0.35 to 10 MB.
# The cost model lets plain loops vectorise as -O3 would, without the rest of -O3's compile time.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -fvect-cost-model=dynamic -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g1")
if(HONE_FUZZ)
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")  # a fuzzer lives from inputs a second
endif()

option(HONE_WARNINGS_AS_ERRORS "A warning in our own code stops the build" ON)
set(HONE_SANITIZE "" CACHE STRING "Sanitizers to build with, as in address,undefined")

# Interface of all targets of ours; third-party headers are SYSTEM and not held to it.
add_library(hone_compile_options INTERFACE)
target_compile_options(hone_compile_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi -Wcast-qual -Wvla
  # A designated initialiser names what differs from the defaults; that is the point of it.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees these in std::string and std::variant inlined at -O2 where nothing is wrong (GCC bugs 105651, 105562, 105329).
  target_compile_options(hone_compile_options INTERFACE
    -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-dangling-pointer)
endif()
if(HONE_WARNINGS_AS_ERRORS)
  target_compile_options(hone_compile_options INTERFACE -Werror)
endif()
if(HONE_SANITIZE)
  add_compile_options(-fsanitize=${HONE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HONE_SANITIZE})
endif()

# Programs pay at start-up for each library they load: leave out those that turned out not to be needed.
add_link_options(LINKER:--as-needed)
find_program(HONE_MOLD mold)
if(HONE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

find_program(HONE_CCACHE ccache)
if(HONE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache needs to be told before it caches files that use a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    env "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime" ${HONE_CCACHE})
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
