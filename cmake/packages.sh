# Sourced by the scripts: which Debian packages are needed, and how they come onto the machine. POSIX sh.
#
#   need_packages LIST...   installs what is missing; does nothing, and needs no rights, when nothing is
#
# TASKCORE_APT_YES=1 agrees beforehand to the removal of packages that stand in the way.

taskcore_release=$(. /etc/os-release 2>/dev/null && echo "${ID:-}:${VERSION_ID:-}") || taskcore_release=
case $taskcore_release in
  debian:12) taskcore_boost="libboost1.81-dev libboost-json1.81-dev" ;; # libboost-dev is 1.74 there
  *) taskcore_boost="libboost-dev libboost-json-dev" ;;
esac

taskcore_build_packages="build-essential cmake ninja-build pkg-config git ca-certificates curl ccache tzdata catch2 \
libssl-dev libsqlite3-dev libcctz-dev libspdlog-dev libcli11-dev $taskcore_boost"
taskcore_ci_packages="clang-19 llvm-19 libclang-rt-19-dev clang-tidy-19 clang-tools-19 clang-format python3-minimal nodejs"

# Prints those of its arguments that are not installed.
missing_packages() {
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p')
  for package; do
    echo "$installed" | grep -qxF -e "$package" || echo "$package"
  done
}

# Runs apt-get as root, without questions.
apt_get() {
  set -- env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

agree_to_removal() {
  echo "Installing what taskcore needs would REMOVE these packages: $*" >&2
  [ "${TASKCORE_APT_YES:-}" = 1 ] && return 0
  if [ -t 0 ]; then
    printf 'Go on? [y/N] ' >&2
    read -r answer
    [ "$answer" = y ] && return 0
  fi
  echo "Nothing was changed. Set TASKCORE_APT_YES=1 to agree to it." >&2
  return 1
}

need_packages() {
  if ! command -v apt-get >/dev/null; then
    echo "There is no apt-get here; these packages of Debian, or their like, are taken to be installed: $*" >&2
    return 0
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086 # a list of words
  set -- $missing
  echo "Installing: $*"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "This needs root or sudo. As root: apt-get install --no-install-recommends $*" >&2
    return 1
  fi
  apt_get update -q </dev/null || return 1
  removed=$(apt_get install -s --no-install-recommends "$@" </dev/null | sed -n 's/^Remv \([^ ]*\).*/\1/p')
  if [ -n "$removed" ]; then
    # shellcheck disable=SC2086
    agree_to_removal $removed || return 1
  fi
  apt_get install -q -y --no-install-recommends "$@" </dev/null
}
