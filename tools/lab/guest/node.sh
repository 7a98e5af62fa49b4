# SPDX-License-Identifier: Apache-2.0
# A guest that is a node: network, drivers, folders, then containerd, kubelet and kube-proxy, and a server for commands.
# /run/exchange/settings.sh gives name, address, gateway, bin (folder of programs) and kubelet (its root directory).
. /run/exchange/settings.sh
hostname "$name"
busybox ip link set eth0 up
busybox ip address add "$address/24" dev eth0
busybox ip route add default via "$gateway"
# The server is there first, so that a guest which gets no further can be looked at.
busybox nc -ll -p 7 -e /bin/sh /run/exchange/serve.sh &

# Programs are mapped from the machine's files page by page, each a round trip; reading them once is much faster.
for file in /sys/class/bdi/9p-*/read_ahead_kb; do echo 4096 >"$file"; done
cat "$bin/containerd" "$bin/kubelet" >/dev/null &

for module in overlay br_netfilter bridge veth nf_conntrack xt_conntrack xt_comment xt_mark xt_MASQUERADE xt_nat \
  xt_addrtype xt_statistic nft_compat nf_tables iptable_nat; do modprobe "$module"; done
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
ulimit -l unlimited

# What a node keeps must not be what this machine's own node keeps, and not lie on an overlay.
for folder in "$kubelet" /var/lib/security-profiles-operator /var/lib/cni /var/log /run/containerd; do
  mkdir -p "$folder" "/run/disk/data$folder"
  mount --bind "/run/disk/data$folder" "$folder"
done
if [ -e /sys/fs/selinux/enforce ]; then chcon system_u:object_r:var_log_t:s0 /var/log; fi

start() { "/run/exchange/$1.sh" </dev/null >"/run/exchange/$1.log" 2>&1 & }
start containerd
until [ -S /run/disk/containerd/containerd.sock ]; do sleep 0.2; done
start kubelet
start kube-proxy
# Process 1 takes in the orphans of all pods.
while :; do wait; sleep 1; done
