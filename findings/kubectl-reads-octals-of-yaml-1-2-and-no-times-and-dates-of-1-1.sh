#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The YAML of Kubernetes is neither version 1.1 nor 1.2. sigs.k8s.io/yaml, by which kubectl, Helm and every controller in Go read
# their files, takes `yes` for a boolean and `013` for eleven, as version 1.1 does, and `0o13` for eleven, as 1.2 does. But of
# 1.1's other numbers and dates it makes texts: 12:30:45 is not 45045 and 2026-11-30 not a point in time, as a reader that
# follows version 1.1 says (the npm package yaml with its version set to 1.1; PyYAML). Prefixes may be in capital letters, too.
#
# So a tool in another language that sets its reader to 1.1 "because Kubernetes does" refuses files that kubectl applies (an
# annotation with a date is no text to it), or writes other values back (a mode of 0o17 becomes a text).
#
# Seen (sigs.k8s.io/yaml 1.6.0, yaml 2.9.1 of npm):
#   go:  {"at":"12:30:45","day":"2026-11-30","flags":31,"mode":11,"old":11,"yes":true}
#   1.1: {"at":45045,"day":"2026-11-30T00:00:00.000Z","flags":"0X1F","mode":"0o13","old":11,"yes":true}
#   1.2: {"at":"12:30:45","day":"2026-11-30","flags":"0X1F","mode":11,"old":13,"yes":"yes"}
#
# Needs Go, npm and node; no privilege. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
cat > input.yaml << 'END'
at: 12:30:45
day: 2026-11-30
flags: 0X1F
mode: 0o13
old: 013
"yes": yes
END
mkdir go
cat > go/main.go << 'END'
package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	text, err := os.ReadFile("../input.yaml")
	if err != nil {
		panic(err)
	}
	json, err := yaml.YAMLToJSON(text)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(json))
}
END
cd go
export GOFLAGS=-mod=mod GOPATH="$folder/gopath" GOCACHE="$folder/gocache"
go mod init example > /dev/null 2>&1
go get sigs.k8s.io/yaml@v1.6.0 > /dev/null 2>&1
by_go=$(go run .)
cd ..
npm install --silent --no-audit --no-fund --prefix . yaml@2.9.1 > /dev/null
by_npm() {
	node -e 'const { parse } = require("yaml"), text = require("fs").readFileSync("input.yaml", "utf8");
	console.log(JSON.stringify(parse(text, { version: process.argv[1] })))' "$1"
}
one=$(by_npm 1.1)
two=$(by_npm 1.2)
echo "go:  $by_go"
echo "1.1: $one"
echo "1.2: $two"
[ "$by_go" = '{"at":"12:30:45","day":"2026-11-30","flags":31,"mode":11,"old":11,"yes":true}' ]
[ "$one" = '{"at":45045,"day":"2026-11-30T00:00:00.000Z","flags":"0X1F","mode":"0o13","old":11,"yes":true}' ]
[ "$two" = '{"at":"12:30:45","day":"2026-11-30","flags":"0X1F","mode":11,"old":13,"yes":"yes"}' ]
