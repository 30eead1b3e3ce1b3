# Sourced by the scripts beside it: finds Java, builds the job when needed and runs Spark's classes.
# shellcheck shell=bash

# Sets `repository`, and has embedded or installed Spark found by `spark_class`.
repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"

# Exit codes of sysexits.h, as the job itself uses them.
readonly EX_USAGE=64 EX_UNAVAILABLE=69 EX_SOFTWARE=70

fail() { # exit code, message
  printf '%s\n' "$2" >&2
  exit "$1"
}

# Under any other locale the JVM loses names of files that are not ASCII; it refuses them if there is none.
use_utf8() {
  local name
  [[ "$(locale charmap 2>/dev/null)" != UTF-8 ]] || return 0
  for name in C.UTF-8 en_US.UTF-8; do
    if [[ "$(LC_ALL="$name" locale charmap 2>/dev/null)" == UTF-8 ]]; then
      export LC_ALL="$name"
      return 0
    fi
  done
}

# Java splits its class path at colons, and Spark takes paths of jars for URIs and patterns. A clone whose path has such
# characters is reached by a link.
avoid_odd_path() {
  local odd='[]:#%?*,;!{}\["'"'"']' links="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/featuremap" link
  [[ $repository =~ $odd ]] || return 0
  if [[ $links =~ $odd ]]; then
    fail "$EX_UNAVAILABLE" "Cannot start Featuremap in $repository: Java and Spark cannot use a path with any of : # % ? * , ; ! { } [ ] \\ and quotes. Move it, or set XDG_CACHE_HOME to a directory without them, for a link."
  fi
  link="$links/$(printf '%s' "$repository" | cksum | tr -d ' ')"
  mkdir -p "$links" && ln -sfn "$repository" "$link" \
    || fail "$EX_UNAVAILABLE" "Cannot start Featuremap in $repository: its path needs a link, and $link cannot be created. Set XDG_CACHE_HOME to a directory that can be written to."
  repository="$link"
}

use_utf8
avoid_odd_path
target="$repository/spark-job/target"
embedded_spark="$target/spark"

java_command() {
  printf '%s\n' "${JAVA_HOME:+$JAVA_HOME/bin/}java"
}

require_java() {
  local java version
  java="$(java_command)"
  command -v "$java" >/dev/null \
    || fail "$EX_UNAVAILABLE" "Cannot start Featuremap: it needs JDK 17 or later, got no '$java'. Install one or set JAVA_HOME to it."
  version="$("$java" -version 2>&1 | sed -nE 's/.* version "([0-9]+).*/\1/p' | head -n 1)"
  ((${version:-0} >= 17)) \
    || fail "$EX_UNAVAILABLE" "Cannot start Featuremap: it needs JDK 17 or later, got version ${version:-unknown} from '$java'. Set JAVA_HOME to a newer one."
}

require_maven() {
  command -v mvn >/dev/null \
    || fail "$EX_UNAVAILABLE" "Cannot build Featuremap: it needs Maven 3.8 or later, got no 'mvn'. Install it (for example: apt-get install maven)."
  if [[ -z ${JAVA_HOME:-} ]]; then
    command -v javac >/dev/null \
      || fail "$EX_UNAVAILABLE" "Cannot build Featuremap: it needs a JDK, got a Java without 'javac'. Install one (for example: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME."
    # Maven forks the compiler and warns when it has to look for it.
    JAVA_HOME="$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")"
    export JAVA_HOME
  fi
}

# Sets `python`: that of FEATUREMAP_PYTHON, or one in an environment of this script's own with the packages, made once.
ensure_python() { # package...
  local environment="${XDG_CACHE_HOME:-$HOME/.cache}/featuremap/${0##*/}"
  python="${FEATUREMAP_PYTHON:-$environment/bin/python}"
  if [[ -z ${FEATUREMAP_PYTHON:-} && ! -f $environment/complete ]]; then
    python3 -m venv "$environment"
    "$python" -m pip install --quiet "$@"
    touch "$environment/complete"
  fi
}

# Builds the job and its tests. Sets `test_classes`, the class path of the programs among the tests.
build_tests() {
  mvn -B -q -Dstyle.color=never -f "$repository/pom.xml" -pl model,spark-job -am -DskipTests -Dspotless.check.skip=true \
    pre-integration-test >&2
  test_classes="$target/test-classes:$target/classes:$(<"$target/test.classpath")"
}

# Sets `samples`: the directory that is given, or a temporary one that is deleted at the end.
use_samples() { # [directory]
  if (($# > 0)); then
    samples="$1"
    mkdir -p "$samples"
  else
    samples="$(mktemp -d)"
    trap 'rm -rf "$samples"' EXIT
  fi
  samples="$(cd "$samples" && pwd)"
}

# Prints the application's jar, or nothing before the first build.
application_jar() {
  local jar
  for jar in "$target"/featuremap-[0-9]*.jar; do
    [[ ! -f $jar ]] || printf '%s\n' "$jar"
  done | tail -n 1
}

is_newer_than() { # jar, path...
  local jar="$1"
  shift
  [[ -n "$(find "$@" -newer "$jar" -print 2>/dev/null | head -n 1)" ]]
}

is_built() {
  local jar
  jar="$(application_jar)"
  [[ -n $jar && -d $embedded_spark/jars ]] \
    && ! is_newer_than "$jar" "$repository"/pom.xml "$repository"/*/pom.xml "$repository"/*/src/main \
      "$repository"/conf/train.conf "$repository"/conf/networks
}

# Builds what the job needs to run; tests and style checks are for developers.
build() {
  local log="$target/build.log" started="$target/build.started" reason='first use' jar
  jar="$(application_jar)"
  [[ -z $jar ]] || reason='sources changed'
  require_maven
  # Jars of an older pom would stay beside the new ones.
  if [[ -z $jar ]] || is_newer_than "$jar" "$repository"/pom.xml "$repository"/*/pom.xml; then
    rm -rf "$embedded_spark"
  fi
  printf 'building Featuremap (%s) ...\n' "$reason" >&2
  # An edit made during the build counts as newer than the jar.
  touch "$started"
  if ! mvn -B -q -Dstyle.color=never -f "$repository/pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip=true package >"$log" 2>&1 </dev/null; then
    tail -n 30 "$log" >&2
    fail "$EX_SOFTWARE" "Cannot build Featuremap: Maven failed, see above. The whole log is $log."
  fi
  jar="$(application_jar)"
  [[ -n $jar ]] || fail "$EX_SOFTWARE" "Cannot build Featuremap: Maven left no jar in $target, see $log."
  touch -r "$started" "$jar"
}

# Builds once even when several commands start at the same time.
ensure_built() {
  if is_built; then
    return
  fi
  mkdir -p "$target"
  (
    if command -v flock >/dev/null; then
      flock 9
    fi
    is_built || build
  ) 9>"$target/build.lock"
}

# Becomes a class of Spark's: of the installation in SPARK_HOME, else of the jars Maven resolved.
spark_class() { # class, argument...
  if [[ -n ${SPARK_HOME:-} ]]; then
    exec "$SPARK_HOME/bin/spark-class" "$@"
  fi
  export SPARK_HOME="$embedded_spark"
  # A home without bin/ cannot tell the launcher its Scala version.
  export SPARK_SCALA_VERSION=2.13
  export SPARK_CONF_DIR="${SPARK_CONF_DIR:-$repository/conf}"
  local command=() part last
  # The launcher prints an empty line, then the real command line, each part closed by NUL; the exit code follows here.
  while IFS= read -r -d '' part; do
    command+=("${part#$'\n'}")
  done < <(launcher_command "$@")
  last=$((${#command[@]} - 1))
  ((command[last] == 0)) || exit "${command[last]}"
  exec "${command[@]:1:last-1}"
}

launcher_command() { # class, argument...
  local code=0
  "$(java_command)" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$SPARK_HOME/jars/*" \
    org.apache.spark.launcher.Main "$@" || code=$?
  printf '%d\0' "$code"
}
