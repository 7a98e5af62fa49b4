#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles everything for arm64 with a cross compiler, up to linking, into build/arm64. Debian's libbpf, libelf, libseccomp, libsemanage for arm64
# are not wanted for it: their headers are the same.
set -eu
cd "$(dirname "$0")"
folder=build/arm64
mkdir -p "$folder/headers"
# Only the headers of the libraries: those of the C library are the cross compiler's own.
for header in bpf seccomp.h seccomp-syscalls.h semanage selinux sepol; do
  ln -sfn "/usr/include/$header" "$folder/headers/$header"
done
for source in src/*/*.bpf.c ../../bench/programs/hook_floor.bpf.c; do
  sh compile-bpf.sh "$source" arm64 "$folder"
done
for source in src/*/*.c ../../test/native/try_syscalls.c ../../bench/programs/hook_floor.c; do
  case $source in *.bpf.c) continue ;; esac
  aarch64-linux-gnu-gcc -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -Isrc -Igen "-I$folder" -isystem "$folder/headers" \
    -c "$source" -o "$folder/$(basename "$source" .c).o"
done
