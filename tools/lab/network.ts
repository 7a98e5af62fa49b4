// SPDX-License-Identifier: Apache-2.0
// The network that a cluster runs in: a namespace with loopback and one address for the node, and no way out. Nothing
// of it can be seen on the machine, and nothing of the cluster (bridges, packet filters, routes) touches the machine's
// own.
import { readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { run } from '../image/command.ts';
import { SERVICE_RANGE } from './apiserver.ts';
import type { ProcessId } from './processes.ts';
import { allPids, identify } from './processes.ts';

/** Address of the node, and of the API server inside the network. */
export const NODE_ADDRESS = '10.99.0.1';
/** Range of the addresses of pods. */
export const POD_RANGE = '10.244.0.0/16';
/** The part of it that the node gives to its pods. */
export const NODE_POD_RANGE = '10.244.0.0/24';

const script = [
  'ip link set lo up',
  // A pair whose other end is unused: an interface that carries the node's address and is always up.
  'ip link add node type veth peer name unused',
  `ip address add ${NODE_ADDRESS}/24 dev node`,
  'ip link set node up',
  'ip link set unused up',
  // Packets to a Service need a route before the packet filter sends them to a pod.
  `ip route add ${SERVICE_RANGE} dev node`,
  'echo 1 >/proc/sys/net/ipv4/ip_forward',
].join(' && ');

/** Makes the network; the file stands for it, by a mount. */
export async function makeNetwork(file: string): Promise<void> {
  writeFileSync(file, '');
  await run('unshare', [`--net=${file}`, 'sh', '-c', script]);
}

/** Addresses of a guest that is a node. */
export interface GuestAddresses {
  /** Name of the network device on this machine's side. */
  readonly device: string;
  /** This machine's side, by which the guest reaches everything. */
  readonly gateway: string;
  readonly address: string;
  readonly podRange: string;
}

/**
 * Addresses of the guest of a number.
 * @param index - 1 and up
 */
export function guestAddresses(index: number): GuestAddresses {
  const prefix = `10.99.${index}`;
  const podRange = `10.244.${index}.0/24`;
  return { device: `guest${index}`, gateway: `${prefix}.1`, address: `${prefix}.2`, podRange };
}

/** Gives a guest its device in the network; it goes with the network. */
export async function addGuest(file: string, { device, gateway, address, podRange }: GuestAddresses): Promise<void> {
  const add = [
    `ip tuntap add dev ${device} mode tap`,
    `ip address add ${gateway}/24 dev ${device}`,
    `ip link set ${device} up`,
    `ip route add ${podRange} via ${address}`,
  ];
  await run('nsenter', [`--net=${file}`, '--', 'sh', '-c', add.join(' && ')]);
}

/** All processes in the network, by whomever they were started; nothing when there is no such network. */
export function processesIn(file: string): readonly ProcessId[] {
  const network = inodeOf(file);
  if (network === undefined || !isMounted(file)) return [];
  return allPids()
    .filter((pid) => networkOf(pid) === network)
    .flatMap((pid) => identify(`process ${pid} of the lab's network`, pid) ?? []);
}

function inodeOf(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino.toString();
}

function networkOf(pid: number): string | undefined {
  try {
    return /\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0];
  } catch {
    return undefined;
  }
}

function isMounted(file: string): boolean {
  return readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${file} `);
}
