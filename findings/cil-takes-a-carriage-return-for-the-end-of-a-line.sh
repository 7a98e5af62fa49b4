#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The compiler of SELinux's CIL takes each carriage return for the end of a line. So a comment ends there, and what follows
# it, in the same line of every editor, is policy. And in a text with carriage returns and line feeds messages name lines
# that the text does not have: each line counts as two.
#
# Seen (secilc and libsepol 3.4-1 of Debian 12; cil_lexer.l is the same in 3.11):
#   "; comment<CR>(type hidden_t)" declares the type
#   a mistake in line 5 of a text of Windows is said to be in line 9
#
# Needs apt-get with Debian 12's archive; no privilege. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq secilc=3.4-1 'libsepol2=3.4-2.1' >&2
for package in *.deb; do dpkg-deb -x "$package" .; done
library=$(dirname "$(find . -name 'libsepol.so.2' | head -n 1)")
secilc() { LD_LIBRARY_PATH="$library" ./usr/bin/secilc -o policy -f contexts "$@" 2>&1; }

cat > base.cil << 'BASE'
(sid kernel) (sidorder (kernel)) (class file (read)) (classorder (file)) (role object_r) (role system_r)
(user system_u) (userrole system_u system_r) (type kernel_t) (roletype system_r kernel_t)
(sensitivity s0) (sensitivityorder (s0)) (level low (s0)) (levelrange range (low low))
(userlevel system_u low) (userrange system_u range) (sidcontext kernel (system_u system_r kernel_t range))
BASE
printf '; comment\r(type hidden_t)\n(allow kernel_t hidden_t (file (read)))\n' > hidden.cil
printf '; 1\r\n; 2\r\n; 3\r\n; 4\r\n(allow kernel_t nonesuch (file (read)))\r\n' > windows.cil

secilc base.cil hidden.cil && hidden=declared || hidden='not declared'
message=$(secilc base.cil windows.cil || true)
line=$(printf '%s\n' "$message" | sed -n 's/.*windows\.cil:\([0-9]*\).*/\1/p' | head -n 1)
echo "the type behind a carriage return in a comment: $hidden"
echo "the mistake in line 5 is said to be in line $line"
[ "$hidden" = declared ] && [ "$line" = 9 ]
