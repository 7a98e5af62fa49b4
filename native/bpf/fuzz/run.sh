#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh SECONDS [WORDS OF LIBFUZZER]: builds the fuzzer when it is older than what it is made of, and runs it. New inputs stay in
# build/fuzz; those that are worth keeping are put into corpus/ by `run.sh 0 -merge=1 corpus build/fuzz/found`.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
shift
folder=build/fuzz
program=$folder/wire_fuzz
mkdir -p "$folder/found"
for source in fuzz/wire_fuzz.c src/program/wire.c src/program/wire_parse.c src/program/wire.h gen/recorder_wire.h gen/runner_wire.h; do
  [ "$program" -nt "$source" ] || stale=yes
done
if [ "${stale:-no}" = yes ]; then
  clang -std=gnu11 -D_GNU_SOURCE -g -O1 -Wall -Wextra -Werror -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
    -Isrc -Igen fuzz/wire_fuzz.c src/program/wire.c src/program/wire_parse.c -o "$program"
fi
if [ $# -gt 0 ]; then
  exec "$program" "$@"
fi
exec "$program" "-max_total_time=$seconds" -max_len=8192 -dict=fuzz/wire.dict -artifact_prefix="$folder/" "$folder/found" fuzz/corpus
