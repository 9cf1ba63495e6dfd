# shellcheck shell=bash
# Sourced by the tests beside it: sets $python to an interpreter that has requirements.txt.
#
# Made once (3 GB from PyPI, a few minutes) in ${XDG_CACHE_HOME:-~/.cache}/hone/interop-<hash of requirements.txt>, so that all
# checkouts share it and a changed requirement makes a new one. Two tests that start together make it once.
# HONE_INTEROP_PYTHON names an interpreter to use instead.
requirements=$(dirname "${BASH_SOURCE[0]}")/requirements.txt

if [ -n "${HONE_INTEROP_PYTHON:-}" ]; then
  python=$HONE_INTEROP_PYTHON
else
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/hone
  environment=$cache/interop-$(sha256sum "$requirements" | cut -c1-12)
  mkdir -p "$cache"
  (
    flock 9
    if [ ! -e "$environment/complete" ]; then
      echo "making $environment (3 GB, once)"
      rm -rf "$environment"
      /usr/bin/python3 -m venv "$environment"
      "$environment/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir -r "$requirements"
      touch "$environment/complete"
    fi
  ) 9>"$cache/interop.lock"
  python=$environment/bin/python
fi
export HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 PYTHONDONTWRITEBYTECODE=1
