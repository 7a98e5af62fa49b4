#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# In a class of characters of an AppArmor path, * and ? stay wildcards, ^ behind a backslash makes the class mean all others,
# and - behind a backslash makes a range of its neighbours. apparmor_parser accepts all of it without a word.
#   - [*] becomes a class that ends in the middle of what stands for a wildcard: the file `*` is not matched
#   - [\^] alone is refused, [\^a] is not the set of `^` and `a`
#   - [a\-c] is a to c
#
# Seen (Debian's apparmor 3.0.8, the automaton's expression by -D expr-tree):
#   /x[*]     /x([\x0/\[^])*\]
#   /x[\*]    /x[\*]
#   /x[a\-c]  /x[abc]
#   /x[-ac]   /x[-ac]
#
# Needs Debian's archive (apt-get download); no privilege and no kernel with AppArmor. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq apparmor=3.0.8-3 2>/dev/null
dpkg -x apparmor_*.deb root
tree() {
  printf 'profile a {\n  "%s" r,\n}\n' "$1" > policy
  root/sbin/apparmor_parser --skip-kernel-load --skip-cache --kernel-features root/usr/share/apparmor-features/features \
    --base root/etc/apparmor.d --config-file /dev/null -D expr-tree --stdout policy 2>&1 | grep -a -o '/x.*<' | head -n 1 | tr -d '<'
}
result=0
expect() {
  seen=$(tree "$1")
  printf '%s\t%s\n' "$1" "$seen"
  [ "$seen" = "$2" ] || result=1
}
expect '/x[*]' '/x([\x0/\[^])*\]'
expect '/x[\*]' '/x[\*]'
expect '/x[a\-c]' '/x[abc]'
expect '/x[-ac]' '/x[-ac]'
exit $result
