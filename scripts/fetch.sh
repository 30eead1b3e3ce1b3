# shellcheck shell=bash
# What the scripts that fetch data share; sourced.
set -euo pipefail

# Exit codes of sysexits.h.
readonly EX_DATA=65 EX_UNAVAILABLE=69

fail() { # exit code, message
  printf '%s\n' "$2" >&2
  exit "$1"
}

if command -v sha256sum >/dev/null; then sha256=(sha256sum); else sha256=(shasum -a 256); fi

sha256_of() { # file
  "${sha256[@]}" <"$1" | cut -d ' ' -f 1
}

download() { # address, file, seconds that it may take (120)
  if command -v curl >/dev/null; then
    curl -fsSL --connect-timeout 5 --max-time "${3:-120}" -o "$2" "$1"
  else
    wget -q --connect-timeout=5 --read-timeout=30 --tries=1 -O "$2" "$1"
  fi 2>/dev/null
}

# Makes the directory and $work, a temporary one in it, so that the last step is a rename within one file system.
begin_fetching() { # what, destination
  printf 'fetching %s into %s ...\n' "$1" "$2" >&2
  mkdir -p "$2"
  work="$(mktemp -d "$2/.fetch.XXXXXX")"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}
