#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh NAME SECONDS [WORDS OF LIBFUZZER]: builds a fuzzer (wire: messages of the programs; auditor: audit logs and /proc) when it is
# older than what it is made of, and runs it. New inputs stay in build/fuzz; those that are worth keeping are put into the corpus by
# `run.sh NAME 0 -merge=1 fuzz/corpus/NAME build/fuzz/NAME`.
set -eu
cd "$(dirname "$0")/.."
name=$1
seconds=$2
shift 2
folder=build/fuzz
program=$folder/${name}_fuzz
case $name in
  wire) sources='src/program/wire.c src/program/wire_parse.c' ;;
  auditor) sources='src/auditor/line.c src/auditor/process.c' ;;
  *) echo "run.sh: wire or auditor, not $name" >&2; exit 1 ;;
esac
mkdir -p "$folder/$name"
for source in "fuzz/${name}_fuzz.c" $sources src/program/wire.h src/auditor/*.h gen/*.h; do
  [ "$program" -nt "$source" ] || stale=yes
done
if [ "${stale:-no}" = yes ]; then
  # shellcheck disable=SC2086 -- a list of files
  clang -std=gnu11 -D_GNU_SOURCE -g -O1 -Wall -Wextra -Werror -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
    -Isrc -Igen "fuzz/${name}_fuzz.c" $sources -o "$program"
fi
if [ $# -gt 0 ]; then
  exec "$program" "$@"
fi
exec "$program" "-max_total_time=$seconds" -max_len=8192 "-dict=fuzz/$name.dict" "-artifact_prefix=$folder/" "$folder/$name" "fuzz/corpus/$name"
