#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# krew installs plugins of kubectl from archives of tar, and links the command of each into its own folder. An archive in which a
# file is a symbolic or a hard link is refused as a whole, though the manifest may name none of them: neither the manifest's format
# nor its validation tells so, and tar unpacks the archive.
#
# Seen (sigs.k8s.io/krew v0.4.3):
#   files and folders: installed
#   a symbolic link beside them: unable to handle file type 50
#   a hard link beside them: unable to handle file type 49
#
# Needs Go 1.26 or later and its module proxy, and git, which krew looks for. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
printf 'module example.org/plugin\n\ngo 1.26\n' > go.mod
export GOFLAGS=-mod=mod GOPATH="$folder/go"
go get sigs.k8s.io/krew/cmd/krew@v0.4.3 > get.log 2>&1 || { cat get.log; exit 1; }
go build -o krew sigs.k8s.io/krew/cmd/krew
mkdir plugin
printf '#!/bin/sh\necho hello\n' > plugin/hello
chmod 755 plugin/hello

# install NAME: packs the folder and has krew install it
install() {
	tar -czf "$1.tar.gz" plugin
	cat > "$1.yaml" << MANIFEST
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata: {name: $1}
spec:
  version: v1.0.0
  shortDescription: An example
  description: An example.
  platforms:
    - selector: {matchLabels: {os: $(go env GOOS), arch: $(go env GOARCH)}}
      uri: https://example.invalid/$1.tar.gz
      sha256: $(sha256sum "$1.tar.gz" | cut -d' ' -f1)
      files: [{from: plugin/hello, to: .}]
      bin: hello
MANIFEST
	if KREW_ROOT="$folder/root" ./krew install --manifest="$1.yaml" --archive="$1.tar.gz" > "$1.log" 2>&1 < /dev/null; then
		echo installed
	else
		grep -o 'unable to handle file type [0-9]*' "$1.log" | head -1
	fi
}
fault=0
# say WHERE EXPECTED SEEN
say() {
	echo "$1: $3"
	[ "$2" = "$3" ] || fault=1
}
say 'files and folders' 'installed' "$(install plain)"
ln -s hello plugin/link
say 'a symbolic link beside them' 'unable to handle file type 50' "$(install symbolic)"
rm plugin/link
ln plugin/hello plugin/other
say 'a hard link beside them' 'unable to handle file type 49' "$(install hard)"
exit "$fault"
