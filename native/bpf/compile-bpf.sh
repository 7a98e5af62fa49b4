#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# compile-bpf.sh SOURCE ARCHITECTURE FOLDER: a file NAME.bpf.c to an object, and from it FOLDER/NAME.skel.h (loaded by libbpf) and
# FOLDER/NAME.lskel.h (loaded by the kernel). SOURCE is found from this folder. Needs neither root nor the BTF of the builder's kernel.
set -eu
cd "$(dirname "$0")"
name=$(basename "$1" .bpf.c)
folder=$3
case $2 in
  x64) architecture=x86 ;;
  arm64) architecture=arm64 ;;
  *) echo "compile-bpf.sh: no such architecture: $2" >&2; exit 1 ;;
esac
mkdir -p "$folder"
object=$folder/$name.bpf.o
# Headers of the kernel's interface are the same for both architectures, except for asm/, which Debian keeps apart.
# BTF names the source file: the prefix map keeps the builder's folder out, so that two builds are the same.
clang -target bpf -mcpu=v3 -O2 -g "-ffile-prefix-map=$PWD=." -std=gnu11 -Wall -Wextra -Werror -Wno-unused-parameter \
  "-D__TARGET_ARCH_$architecture" -idirafter "/usr/include/$(uname -m)-linux-gnu" -Isrc -c "$1" -o "$object.tmp"
llvm-strip -g "$object.tmp"
mv "$object.tmp" "$object"
bpftool gen skeleton "$object" name "${name}_bpf" >"$folder/$name.skel.h.tmp"
bpftool gen skeleton -L "$object" name "${name}_bpf" >"$folder/$name.lskel.h.tmp"
mv "$folder/$name.skel.h.tmp" "$folder/$name.skel.h"
mv "$folder/$name.lskel.h.tmp" "$folder/$name.lskel.h"
