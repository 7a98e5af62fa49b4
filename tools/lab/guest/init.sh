#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# First program of a guest, in its initrd, run by busybox: loads the drivers, and puts the guest's root directory
# together of the machine's own and of Debian's packages. Nothing of the machine can be written: changes go to a disk,
# or to memory. When a step fails the kernel panics, and qemu ends.
set -e
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do insmod "/modules/$module.ko"; done </modules/order

share() { mount -t 9p -o "trans=virtio,version=9p2000.L,msize=512000,$3" "$1" "$2"; }
share machine /lower/machine ro,cache=loose
share system /lower/system ro,cache=loose
# Both sides write here, so that nothing of it may be kept.
share exchange /exchange rw,cache=none
if [ -b /dev/vda ]; then mount -t ext4 /dev/vda /disk; else mount -t tmpfs -o mode=755 tmpfs /disk; fi
mkdir -p /disk/up /disk/work
mount -t overlay -o lowerdir=/lower/system:/lower/machine,upperdir=/disk/up,workdir=/disk/work,xino=off overlay /root

mount -t tmpfs -o mode=755 tmpfs /root/run
mkdir -p /root/run/exchange /root/run/machine /root/run/disk
mount --move /exchange /root/run/exchange
mount --move /lower/machine /root/run/machine
mount --move /disk /root/run/disk
mount --move /dev /root/dev
umount /sys /proc
exec switch_root /root /bin/sh /run/exchange/start.sh
