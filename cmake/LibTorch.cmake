# LibTorch as two imported targets, torch::c10 and torch::cpu, and one precompiled header for all who use it.
#
# find_package(Torch) is not used: it insists on a CUDA toolkit when the library was built with CUDA. Hone links the CPU
# library only and loads libtorch_cuda.so at run time where there is one. Looked for, in this order:
#   HONE_LIBTORCH (a folder with torch/lib, as bootstrap.sh makes, or with lib/, as an official LibTorch archive has)
#   each folder of CMAKE_PREFIX_PATH, the variable and then the environment's
#   third_party/libtorch
set(HONE_LIBTORCH "" CACHE PATH "Folder of LibTorch; empty: look in CMAKE_PREFIX_PATH, then third_party/libtorch")

set(HONE_TORCH_ROOT "")
string(REPLACE ":" ";" from_environment "$ENV{HONE_LIBTORCH}:$ENV{CMAKE_PREFIX_PATH}")
foreach(folder IN LISTS HONE_LIBTORCH CMAKE_PREFIX_PATH from_environment ITEMS ${PROJECT_SOURCE_DIR}/third_party/libtorch)
  foreach(root IN ITEMS ${folder}/torch ${folder})
    if(NOT HONE_TORCH_ROOT AND EXISTS ${root}/lib/libtorch_cpu.so AND EXISTS ${root}/include/ATen/ATen.h)
      set(HONE_TORCH_ROOT ${root})
    endif()
  endforeach()
endforeach()
if(NOT HONE_TORCH_ROOT)
  message(FATAL_ERROR "LibTorch was not found. Run third_party/bootstrap.sh, which fetches it, or name yours: "
                      "-DHONE_LIBTORCH=/path/to/libtorch")
endif()
set(HONE_TORCH_VERSION "unknown")
if(EXISTS ${HONE_TORCH_ROOT}/include/torch/headeronly/version.h)
  file(STRINGS ${HONE_TORCH_ROOT}/include/torch/headeronly/version.h parts REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
  list(TRANSFORM parts REPLACE "[^0-9]*([0-9]+).*" "\\1")
  list(JOIN parts "." HONE_TORCH_VERSION)
endif()
message(STATUS "LibTorch ${HONE_TORCH_VERSION}: ${HONE_TORCH_ROOT}")
if(NOT HONE_TORCH_VERSION STREQUAL "2.11.0")
  message(WARNING "Hone is written against and tested with LibTorch 2.11.0; this one is ${HONE_TORCH_VERSION}")
endif()

add_library(torch::c10 SHARED IMPORTED)  # include folders of imported targets are SYSTEM
set_target_properties(torch::c10 PROPERTIES
  IMPORTED_LOCATION ${HONE_TORCH_ROOT}/lib/libc10.so
  INTERFACE_INCLUDE_DIRECTORIES "${HONE_TORCH_ROOT}/include;${HONE_TORCH_ROOT}/include/torch/csrc/api/include")
add_library(torch::cpu SHARED IMPORTED)
set_target_properties(torch::cpu PROPERTIES
  IMPORTED_LOCATION ${HONE_TORCH_ROOT}/lib/libtorch_cpu.so
  INTERFACE_LINK_LIBRARIES torch::c10
  # at::parallel_for is silently serial without OpenMP.
  INTERFACE_COMPILE_OPTIONS -fopenmp
  INTERFACE_LINK_OPTIONS "-fopenmp;LINKER:--allow-shlib-undefined")

# 10 s of parsing paid once. Whoever reuses it must compile with the same flags, so all of them come from these targets.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/torch_pch.cpp CONTENT "")  # untouched when it is there: a new time stamp would rebuild all
add_library(hone_torch_pch OBJECT ${CMAKE_BINARY_DIR}/torch_pch.cpp)
target_link_libraries(hone_torch_pch PRIVATE hone_compile_options torch::cpu)
target_precompile_headers(hone_torch_pch PRIVATE
  <ATen/ATen.h> <ATen/Parallel.h> <torch/csrc/autograd/autograd.h> <torch/csrc/autograd/custom_function.h>
  <fmt/format.h>
  <algorithm> <array> <chrono> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span> <string>
  <string_view> <unordered_map> <utility> <variant> <vector>)

# hone_use_torch(<target>) lets a target see LibTorch through the shared precompiled header.
function(hone_use_torch target)
  target_link_libraries(${target} PUBLIC torch::cpu)
  target_precompile_headers(${target} REUSE_FROM hone_torch_pch)
endfunction()
