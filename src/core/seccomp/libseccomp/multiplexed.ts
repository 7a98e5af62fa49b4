// SPDX-License-Identifier: Apache-2.0
// On i386 a family of calls is also made through one call each, socketcall and ipc, whose first argument says which is
// meant. libseccomp turns a rule for one of the family into a rule for the direct number, where there is one, and a
// rule for that first argument, so runtimes do, so we must. The rule's other comparisons then apply to arguments that
// mean something else: the family's own arguments lie in memory, where no filter can look.
import type { ArgCondition } from '../model.ts';
import { syscallNumber } from '../syscalls.ts';
import type { KnownArchitecture } from '../syscalls.ts';

/** First argument of socketcall, from 1 on: include/uapi/linux/net.h. */
const SOCKET_CALLS =
  'socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom shutdown setsockopt getsockopt ' +
  'sendmsg recvmsg accept4 recvmmsg sendmmsg';

/** First argument of ipc: include/uapi/linux/ipc.h. */
const IPC_CALLS = {
  semop: 1,
  semget: 2,
  semctl: 3,
  semtimedop: 4,
  msgsnd: 11,
  msgrcv: 12,
  msgget: 13,
  msgctl: 14,
  shmat: 21,
  shmdt: 22,
  shmget: 23,
  shmctl: 24,
};

interface Carrier {
  readonly call: 'socketcall' | 'ipc';
  readonly code: number;
}

const CARRIERS: ReadonlyMap<string, Carrier> = new Map([
  ...SOCKET_CALLS.split(' ').map((name, index): [string, Carrier] => [name, { call: 'socketcall', code: index + 1 }]),
  ...Object.entries(IPC_CALLS).map(([name, code]): [string, Carrier] => [name, { call: 'ipc', code }]),
]);

/** A call by the number that the kernel sees, and the first argument that it must have, if any. */
export interface Way {
  readonly number: number;
  /** Replaces what a rule says of the first argument. */
  readonly first?: ArgCondition;
}

/** Through which call i386 also makes this one; undefined for a call that it makes in one way only. */
export function carrierOf(name: string): 'socketcall' | 'ipc' | undefined {
  return CARRIERS.get(name)?.call;
}

/** All ways in which an architecture makes a call; none when it does not have it. */
export function waysOf(architecture: KnownArchitecture, name: string): readonly Way[] {
  const number = syscallNumber(architecture, name);
  const direct = number === undefined ? [] : [{ number }];
  const other = architecture === 'SCMP_ARCH_X86' ? CARRIERS.get(name) : undefined;
  const carrier = other === undefined ? undefined : syscallNumber(architecture, other.call);
  if (other === undefined || carrier === undefined) return direct;
  const first = { index: 0, op: 'SCMP_CMP_EQ', value: BigInt(other.code), valueTwo: 0n } as const;
  return [...direct, { number: carrier, first }];
}
