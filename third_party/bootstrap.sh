#!/usr/bin/env bash
# Brings what Hone is built from: Debian packages by name, and LibTorch into third_party/libtorch.
# Run it again at any time: it does only what is missing, and takes a moment when nothing is.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
libtorch=$here/libtorch
cuda=no
offline=

usage() {
  cat <<'TEXT'
usage: third_party/bootstrap.sh [--cuda] [--offline DIR]

  --cuda         also fetch the NVIDIA libraries that LibTorch needs on a GPU (2.7 GB unpacked)
  --offline DIR  use the files in DIR and no network: the wheels named in third_party/libtorch-requirements.txt
                 (bring them with `pip download --no-deps --require-hashes -r … -d DIR` on a 64-bit x86 Linux with
                 Python 3.11) and any Debian packages (*.deb) that are missing
  --help         this text

A LibTorch of your own is used instead of fetching one when CMAKE_PREFIX_PATH or HONE_LIBTORCH names its folder.
TEXT
}

say() { printf 'bootstrap: %s\n' "$*"; }
die() { printf 'bootstrap: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --cuda) cuda=yes ;;
    --offline)
      [ $# -ge 2 ] || die "--offline needs the folder that holds the files"
      offline=$(cd "$2" 2>/dev/null && pwd) || die "there is no folder $2"
      shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

# --- Debian packages ---------------------------------------------------------------------------------------------

missing_packages() {
  local wanted installed
  wanted=$(sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$here/packages.txt" | sort -u)
  # shellcheck disable=SC2086  # one argument a package
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^ii  *//p' | sort -u || true)
  comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed")
}

install_packages() {
  command -v dpkg-query >/dev/null || die "this script knows Debian 12's packages; elsewhere install what third_party/packages.txt lists"
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    say "these Debian packages are missing, and installing them needs root. Please run, then start this again:" >&2
    printf '\n    sudo apt-get update && sudo apt-get install --no-install-recommends -y %s\n\n' "${missing[*]}" >&2
    exit 1
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  if [ -n "$offline" ]; then
    local packages=("$offline"/*.deb)
    [ -e "${packages[0]}" ] || die "$offline holds no *.deb files, and these packages are missing: ${missing[*]}"
    apt-get install --no-install-recommends --no-download -y -qq "${packages[@]}" >/dev/null
  else
    apt-get update -qq
    apt-get install --no-install-recommends -y -qq "${missing[@]}" >/dev/null
  fi
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] || die "still missing after the installation: ${missing[*]}"
}

# --- LibTorch ----------------------------------------------------------------------------------------------------

# A LibTorch the user already has, where cmake/LibTorch.cmake will look too.
own_libtorch() {
  local folder root folders
  IFS=':;' read -r -a folders <<<"${HONE_LIBTORCH:-}:${CMAKE_PREFIX_PATH:-}"
  for folder in "${folders[@]}"; do
    [ -n "$folder" ] || continue
    for root in "$folder/torch" "$folder"; do
      if [ -e "$root/lib/libtorch_cpu.so" ] && [ -e "$root/include/ATen/ATen.h" ]; then
        printf '%s\n' "$root"
        return 0
      fi
    done
  done
  return 1
}

cpu_requirements=$here/libtorch-requirements.txt
cuda_requirements=$here/libtorch-cuda-requirements.txt
requirements=("$cpu_requirements")
[ "$cuda" = no ] || requirements+=("$cuda_requirements")

# What is unpacked is known by the lines it was asked for with; equal text means nothing to do.
stamp_of() { grep -hv '^#' "$@"; }

download() {  # download FOLDER REQUIREMENTS…
  local arguments=(--no-deps --require-hashes --only-binary=:all: --implementation cp --python-version 3.11 --abi cp311 --abi abi3 --abi none)
  local tag
  for tag in manylinux_2_28 manylinux_2_27 manylinux_2_25 manylinux_2_18 manylinux_2_17 manylinux2014 manylinux_2_12 manylinux2010; do
    arguments+=(--platform "${tag}_x86_64")
  done
  [ -z "$offline" ] || arguments+=(--no-index --find-links "$offline")
  local file
  for file in "${@:2}"; do arguments+=(-r "$file"); done
  # Cached by pip it would lie on the disk twice.
  /usr/bin/python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --dest "$1" "${arguments[@]}"
}

# Headers, libraries and licences; the Python side (0.1 GB) stays behind. torch/ and nvidia/ must be siblings: their
# libraries find each other by relative paths.
unpack() {  # unpack WHEEL_FOLDER TARGET
  /usr/bin/python3 - "$1" "$2" <<'PYTHON'
import pathlib, sys, zipfile
wheels, target = map(pathlib.Path, sys.argv[1:])
for wheel in sorted(wheels.glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        wanted = [name for name in archive.namelist()
                  if name.startswith(("torch/lib/", "torch/include/", "nvidia/")) or ".dist-info/" in name]
        archive.extractall(target, [name for name in wanted if not name.endswith("libtorch_python.so")])
PYTHON
}

install_libtorch() {
  local root
  if root=$(own_libtorch); then
    say "using your LibTorch in $root"
    return 0
  fi
  local unpacked
  unpacked=$(cat "$libtorch/.unpacked" 2>/dev/null || true)
  [ "$unpacked" != "$(stamp_of "${requirements[@]}")" ] || return 0
  # A folder with the NVIDIA libraries also serves whoever did not ask for them this time.
  [ "$unpacked" != "$(stamp_of "$cpu_requirements" "$cuda_requirements")" ] || return 0
  [ "$(uname -m)" = x86_64 ] || die "the pinned LibTorch is for 64-bit x86; on $(uname -m) name one of your own in CMAKE_PREFIX_PATH"

  local missing=("${requirements[@]}")
  # Adding to what is there leaves its time stamps alone, and with them what was built from it.
  [ "$unpacked" != "$(stamp_of "$cpu_requirements")" ] || missing=("$cuda_requirements")
  local from="PyPI"
  [ -z "$offline" ] || from=$offline
  case ${missing[*]} in
    "$cpu_requirements") say "fetching LibTorch (0.5 GB) from $from" ;;
    "$cuda_requirements") say "fetching NVIDIA's libraries (2 GB) from $from" ;;
    *) say "fetching LibTorch and NVIDIA's libraries (2.5 GB) from $from" ;;
  esac
  local work=$libtorch.partial
  rm -rf "$work"
  mkdir -p "$work/wheels" "$work/tree"
  trap 'rm -rf "$libtorch.partial"' EXIT
  download "$work/wheels" "${missing[@]}" || die "they could not be fetched: pip says why above"
  say "unpacking into third_party/libtorch"
  if [ "${missing[0]}" = "$cpu_requirements" ]; then
    unpack "$work/wheels" "$work/tree"
    rm -rf "$libtorch"
    mv "$work/tree" "$libtorch"
  else
    unpack "$work/wheels" "$libtorch"
  fi
  stamp_of "${requirements[@]}" >"$libtorch/.unpacked"
}

install_packages
install_libtorch
say "everything is in place"
