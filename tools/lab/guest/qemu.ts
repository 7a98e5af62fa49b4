// SPDX-License-Identifier: Apache-2.0
// The command line of a guest. The processor is emulated: machines that are virtual themselves have nothing better, and
// a guest that is started everywhere in the same way behaves everywhere in the same way.
import type { SecurityModule } from './security-module.ts';
import type { GuestSystem } from './system.ts';

/** Name of the program, from Debian's qemu-system-x86. */
export const QEMU = 'qemu-system-x86_64';

/** A guest to start. */
export interface GuestMachine {
  readonly module: SecurityModule;
  readonly system: GuestSystem;
  /** Folder that the guest and the machine both write: /run/exchange in the guest. */
  readonly exchange: string;
  /** File for what the kernel and process 1 print. */
  readonly console: string;
  readonly memoryMiB: number;
  /** File for what the guest writes to its root directory; memory if not given. */
  readonly disk?: string;
  /** Network device of this machine that the guest's is connected to; none if not given. */
  readonly device?: string;
}

const KERNEL_OPTIONS: Readonly<Record<SecurityModule, string>> = {
  apparmor: 'lsm=landlock,lockdown,yama,apparmor,bpf apparmor=1',
  selinux: 'lsm=landlock,lockdown,yama,selinux,bpf selinux=1 security=selinux enforcing=1',
};

/** Sources of time that emulation has; protections that it does not need; an end instead of a second start. */
const COMMON_OPTIONS =
  'console=ttyS0 quiet panic=-1 mitigations=off nokaslr tsc=reliable clocksource=tsc audit=1 audit_backlog_limit=8192';

/** Arguments of qemu. */
export function qemuArguments(machine: GuestMachine): readonly string[] {
  const { system } = machine;
  return [
    ...['-accel', 'tcg,thread=multi,tb-size=512', '-smp', '1', '-cpu', 'max,la57=off'],
    ...['-m', String(machine.memoryMiB), '-display', 'none', '-monitor', 'none', '-no-reboot', '-nodefaults'],
    ...['-serial', `file:${machine.console}`, '-device', 'virtio-rng-pci'],
    ...['-kernel', system.kernel, '-initrd', system.initrd],
    ...['-append', `${COMMON_OPTIONS} ${KERNEL_OPTIONS[machine.module]}`],
    ...share('machine', '/', 'readonly=on,'),
    ...share('system', system.root, 'readonly=on,'),
    ...share('exchange', machine.exchange, ''),
    ...(machine.disk === undefined ? [] : ['-drive', `file=${machine.disk},format=raw,if=virtio,cache=unsafe`]),
    ...(machine.device === undefined ? [] : network(machine.device)),
  ];
}

/** Files of several file systems under one folder get numbers of their own, for which there is `remap`. */
function share(tag: string, folder: string, access: string): readonly string[] {
  return ['-virtfs', `local,path=${folder},mount_tag=${tag},security_model=none,${access}multidevs=remap`];
}

function network(device: string): readonly string[] {
  const backend = `tap,id=net,ifname=${device},script=no,downscript=no`;
  return ['-netdev', backend, '-device', 'virtio-net-pci,netdev=net'];
}
