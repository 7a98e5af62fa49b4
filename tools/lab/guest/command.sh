# SPDX-License-Identifier: Apache-2.0
# A guest for one command: runs it, leaves what it printed and how it ended, and switches the machine off.
mkdir /run/disk/output
: >/run/disk/output/stdout
: >/run/disk/output/stderr
if [ -e /sys/fs/selinux/enforce ]; then
  chcon system_u:object_r:root_t:s0 /
  # Commands in the domain of a container may write where they are told to.
  chcon -R system_u:object_r:container_file_t:s0 /run/disk/output
fi
status=0
(cd "$(cat /run/exchange/cwd)" && . /run/exchange/command.sh) \
  </dev/null >/run/disk/output/stdout 2>/run/disk/output/stderr || status=$?
cp /run/disk/output/* /run/exchange
echo "$status" >/run/exchange/status
sync
busybox poweroff -f
