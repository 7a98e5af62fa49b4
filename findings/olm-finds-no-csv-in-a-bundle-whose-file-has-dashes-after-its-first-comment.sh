#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A file of YAML may begin with a comment and a line of dashes; kubectl applies it, kustomize and yq read it. The loader of bundles of
# operator-framework/api reads the comment as the first document, and looks at no second one: it says that the bundle has no CSV.
# Without the dashes the same bundle is loaded. And operator-verify ends with 0 also where its validators complain: look at what it
# prints.
#
# Seen (github.com/operator-framework/api v0.9.1, Go 1.26):
#   with a comment: loaded
#   with a comment and dashes: unable to find a csv in bundle directory
#   status of a bundle that lacks a kind: 0
#
# Needs Go 1.26 or later and its module proxy. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
printf 'module example.org/bundle\n\ngo 1.26\n' > go.mod
export GOFLAGS=-mod=mod GOPATH="$folder/go"
go get github.com/operator-framework/api/cmd/operator-verify@v0.9.1 > get.log 2>&1 || { cat get.log; exit 1; }
go build -o operator-verify github.com/operator-framework/api/cmd/operator-verify

# bundle FOLDER HEAD [KIND]
bundle() {
	mkdir "$1"
	printf '%s\n' "$2" > "$1/example.clusterserviceversion.yaml"
	cat >> "$1/example.clusterserviceversion.yaml" << CSV
apiVersion: operators.coreos.com/v1alpha1
kind: ClusterServiceVersion
metadata:
  name: example.v1.0.0
spec:
  displayName: Example
  version: 1.0.0
  installModes:
    - {type: AllNamespaces, supported: true}
  install:
    strategy: deployment
    spec:
      deployments: []
  customresourcedefinitions:
    owned: [${3-}]
CSV
}
bundle comment '# An example.'
bundle dashes '# An example.
---'
bundle lacking '# An example.' '{name: things.example.org, kind: Thing, version: v1}'

verify() {
	./operator-verify manifests "$1" 2>&1 | grep -o 'unable to find a csv in bundle directory' || echo loaded
}
fault=0
# say WHERE EXPECTED SEEN
say() {
	echo "$1: $3"
	[ "$2" = "$3" ] || fault=1
}
say 'with a comment' 'loaded' "$(verify comment)"
say 'with a comment and dashes' 'unable to find a csv in bundle directory' "$(verify dashes)"
status=0
./operator-verify manifests lacking > lacking.log 2>&1 || status=$?
grep -q Thing lacking.log || fault=1
say 'status of a bundle that lacks a kind' '0' "$status"
exit "$fault"
