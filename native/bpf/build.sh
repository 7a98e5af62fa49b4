#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the programs into build/Release, or with the word sanitized into build/Debug with AddressSanitizer and UBSan. What is up
# to date is left alone. node-gyp is told where the headers of Node.js are, or it would try to download them.
set -eu
cd "$(dirname "$0")"
case ${1:-release} in
  release) flag=--release ;;
  sanitized) flag=--debug ;;
  *) echo "build.sh: release or sanitized, not $1" >&2; exit 1 ;;
esac
node_folder=$(node -p 'require("node:path").dirname(require.resolve(`node-linux-${process.arch}/package.json`))')
if [ ! build/Makefile -nt binding.gyp ] || [ ! build/Makefile -nt package.json ]; then
  node-gyp configure --silent --nodedir "$node_folder"
fi
# What make says on standard output is a line for each file; what is wrong is on standard error.
node-gyp build --silent --jobs max --nodedir "$node_folder" "$flag" >/dev/null
