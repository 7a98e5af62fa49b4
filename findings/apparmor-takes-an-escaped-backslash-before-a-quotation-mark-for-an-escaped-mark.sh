#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A path in quotation marks that ends with a backslash, written "/x\\" as everywhere, does not end there for
# apparmor_parser: it takes the last backslash and the mark for a mark within the word, up to the last mark that could end it.
# The rules between become a part of the path. By its number, "/x\134", the backslash is one.
#
# Seen (Debian's apparmor 3.0.8):
#   "/x\\" r, "/y" w,    refused, with a message about what follows
#   "/x\\" r, # ... " r,  accepted: what looks like a rule and a comment is one path
#   "/x\134" r, "/y" w,  accepted
#
# Needs Debian's archive (apt-get download); no privilege and no kernel with AppArmor. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq apparmor=3.0.8-3 2>/dev/null
dpkg -x apparmor_*.deb root
compiles() {
  printf 'profile a {\n%s\n}\n' "$1" > policy
  root/sbin/apparmor_parser --skip-kernel-load --skip-cache --kernel-features root/usr/share/apparmor-features/features \
    --base root/etc/apparmor.d --config-file /dev/null --stdout policy > binary 2> messages
}
result=0
if compiles '"/x\\" r, "/y" w,'; then echo 'accepted, and was not'; result=1; else cat messages; fi
compiles '"/x\\" r, # not a comment: " r,' && echo 'what looks like a rule and a comment is one path' || result=1
grep -a -q 'not a comment' policy
compiles '"/x\134" r, "/y" w,' && echo 'accepted by its number' || result=1
exit $result
