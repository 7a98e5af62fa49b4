// Generated from schemas/tables/base-values.csv by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/** Arguments of a base system call, by place from 0. */
export interface BaseValues {
  readonly call: string;
  readonly values: ReadonlyMap<number, bigint>;
}

/** Arguments with which container runtimes make base system calls (base-syscalls.csv), for the calls whose values a profile may be narrowed to. call: the call; arguments: PLACE=VALUE joined by +; name: the values' names; source: seen: by tools/measure-base-syscalls.ts --values on Debian 12, x86-64 (runc 1.1.5; crun 1.8.1), on the filtered thread between the filter and the execve; sources: not seen but made by the runtime of Go 1.26 (mem_linux.go; set_vma_name_linux.go; vgetrandom_linux.go with the flags of Linux' vgetrandom: MAP_DROPPABLE) */
export const BASE_VALUES: readonly BaseValues[] = [
  { call: 'ioctl', values: new Map([[1, 0x5401n]]) }, // TCGETS
  { call: 'mmap', values: new Map([[2, 0n], [3, 0x22n]]) }, // PROT_NONE MAP_PRIVATE|MAP_ANONYMOUS
  { call: 'mmap', values: new Map([[2, 0n], [3, 0x32n]]) }, // PROT_NONE MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED
  { call: 'mmap', values: new Map([[2, 3n], [3, 0x22n]]) }, // PROT_READ|PROT_WRITE MAP_PRIVATE|MAP_ANONYMOUS
  { call: 'mmap', values: new Map([[2, 3n], [3, 0x28n]]) }, // PROT_READ|PROT_WRITE MAP_DROPPABLE|MAP_ANONYMOUS
  { call: 'mmap', values: new Map([[2, 3n], [3, 0x32n]]) }, // PROT_READ|PROT_WRITE MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED
  { call: 'prctl', values: new Map([[0, 8n]]) }, // PR_SET_KEEPCAPS
  { call: 'prctl', values: new Map([[0, 24n]]) }, // PR_CAPBSET_DROP
  { call: 'prctl', values: new Map([[0, 47n]]) }, // PR_CAP_AMBIENT
  { call: 'prctl', values: new Map([[0, 0x53564d41n]]) }, // PR_SET_VMA
];
