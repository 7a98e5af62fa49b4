# SPDX-License-Identifier: Apache-2.0
# Answers one request for a command: reads it in base64 from a line, runs it, and writes its status, the length of what
# it printed to standard output, and all that it printed. Commands of busybox, because they start soonest.
read -r request
folder=$(busybox mktemp -d /run/request.XXXXXX)
echo "$request" | busybox base64 -d >"$folder/command"
status=0
sh "$folder/command" </dev/null >"$folder/stdout" 2>"$folder/stderr" || status=$?
echo "$status $(busybox stat -c %s "$folder/stdout")"
busybox cat "$folder/stdout" "$folder/stderr"
busybox rm -r "$folder"
