#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Process 1 of a guest in its final root directory: mounts what a node has mounted, loads the policy, and goes on with
# the script of what the guest is for. What it prints is the guest's console, a file on the machine.
set -eu
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount --make-rshared /
mkdir -p /dev/pts /dev/shm
mount -t devpts -o ptmxmode=0666 devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t bpf bpf /sys/fs/bpf
mount -t securityfs securityfs /sys/kernel/security
mount -t tracefs tracefs /sys/kernel/tracing
busybox ip link set lo up
if grep -q selinux /sys/kernel/security/lsm; then
  # On an overlay folders can't be renamed, which is how a new policy takes the place of the old one.
  for folder in /etc/selinux /var/lib/selinux; do
    mkdir -p "/run/disk/data$folder"
    cp -a "$folder/." "/run/disk/data$folder"
    mount --bind "/run/disk/data$folder" "$folder"
  done
  load_policy -i
  chcon system_u:object_r:null_device_t:s0 /dev/null
fi
. /run/exchange/role.sh
