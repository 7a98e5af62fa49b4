#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings a fresh clone to where `npm start` or `npm test` can run: Debian packages, npm packages, compiled programs, bundles.
# Plain sh, because it runs before there is anything else. Each step is skipped when what it makes is there and up to date.
set -eu
cd "$(dirname "$0")/.."

purpose=${1:-test}
build_packages='gcc g++ make python3 pkg-config clang llvm bpftool libbpf-dev libelf-dev libseccomp-dev zlib1g-dev
  libsemanage-dev libselinux1-dev libsepol-dev libaudit-dev libcap-ng-dev libpcre2-dev libbz2-dev'
image_packages='buildah libcap2-bin'
release_packages='gcc-aarch64-linux-gnu libc6-dev-arm64-cross binutils-aarch64-linux-gnu git'
test_packages='jq sudo strace procps iproute2 iptables libc6-dev runc crun nginx-light redis-server postgresql busybox-static libclang-rt-14-dev
  gcc-aarch64-linux-gnu libc6-dev-arm64-cross zsh fish file attr git curl skopeo docker-registry qemu-system-x86 secilc
  selinux-utils apparmor groff-base'

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

check_node() {
  command -v npm >/dev/null 2>&1 || fail 'npm is missing: install Node.js 20 or later with npm'
  major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
  [ "$major" -ge 20 ] || fail "Node.js 20 or later is needed to install the pinned one, found $(node --version 2>/dev/null || echo none)"
}

missing_packages() {
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
  done
}

install_packages() {
  if ! command -v apt-get >/dev/null 2>&1; then
    for tool in clang bpftool make gcc; do
      command -v "$tool" >/dev/null 2>&1 || fail "$tool is missing and there is no apt-get here; what Debian calls: $*"
    done
    return 0
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  # A list of names: splitting it into words is what is wanted here.
  # shellcheck disable=SC2086
  set -- $missing
  [ "$(id -u)" = 0 ] || fail "run this first: sudo apt-get update && sudo apt-get install --yes --no-install-recommends $*"
  say "installing $# Debian packages (a minute or two): $*"
  apt-get update -qq || say 'apt-get update failed, trying with the lists that are here'
  # Services of test packages (nginx, redis, postgresql) must not start on the machine: policy-rc.d says so for the time of the installation.
  guard=/usr/sbin/policy-rc.d
  guarded=no
  if [ ! -e "$guard" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$guard" && chmod 755 "$guard"
    guarded=yes
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq "$@" >/dev/null ||
    fail "apt-get could not install: $*"
  if [ "$guarded" = yes ]; then rm -f "$guard"; trap - EXIT; fi
}

stamp_of() { cat "$@" 2>/dev/null | sha256sum | cut -d' ' -f1; }
files_of() { find "$@" -type f -not -path '*/build/*' -not -path '*/node_modules/*' | LC_ALL=C sort; }

up_to_date() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

install_npm_packages() {
  want=$(stamp_of package.json package-lock.json native/bpf/package.json)
  up_to_date node_modules/.setup-stamp "$want" && return 0
  say 'installing npm packages (npm ci)'
  npm ci --no-audit --no-fund --loglevel=error >&2
  printf '%s' "$want" >node_modules/.setup-stamp
}

build_native() {
  # shellcheck disable=SC2046
  want=$(stamp_of $(files_of native/bpf) package-lock.json)
  up_to_date native/bpf/build/.setup-stamp "$want" && return 0
  say 'building the compiled programs (clang, bpftool, node-gyp)'
  # node-gyp writes paths of the folder into its Makefile, so a clone that was moved is configured anew.
  grep -qsF -- "-Dmodule_root_dir=$PWD/native/bpf\"" native/bpf/build/Makefile || rm -rf native/bpf/build
  npm run --silent build:native >&2
  printf '%s' "$want" >native/bpf/build/.setup-stamp
}

build_bundles() {
  # shellcheck disable=SC2046
  want=$(stamp_of $(files_of src) tools/build.ts tools/code-cache.ts tools/answers.ts tools/lean-client.ts tools/lean-commander.ts package-lock.json)
  up_to_date dist/.setup-stamp "$want" && return 0
  say 'bundling'
  node tools/build.ts >&2
  printf '%s' "$want" >dist/.setup-stamp
}

check_node
case "$purpose" in
  start) packages="$build_packages $image_packages" ;;
  release) packages="$build_packages $image_packages $release_packages" ;;
  test) packages="$build_packages $image_packages $test_packages" ;;
  # What the lab needs beyond that it asks for itself, command by command.
  lab) packages= ;;
  *) fail "unknown purpose '$purpose': start, release, test or lab" ;;
esac
# shellcheck disable=SC2086
install_packages $packages
install_npm_packages
[ "$purpose" != lab ] || exit 0
# From here on the pinned Node is first, also where this script was not started by npm.
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
# Neither needs the other, and each leaves a part of two cores idle.
build_native &
native=$!
trap 'kill "$native" 2>/dev/null || :' EXIT
build_bundles
trap - EXIT
wait "$native" || fail 'the compiled programs cannot be built'
