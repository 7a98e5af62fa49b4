// SPDX-License-Identifier: Apache-2.0
// Names of system calls that exist only on architectures whose tables we do not carry. Profiles made for many machines
// list them, such as the default ones of container runtimes; they must not be taken for typing errors.

/**
 * Names that libseccomp 2.5.4 knows for s390, ppc, mips, riscv and old arm beyond our tables, and riscv_hwprobe of
 * Linux 6.4.
 */
const FOREIGN: ReadonlySet<string> = new Set([
  'cachectl',
  'multiplexer',
  'riscv_flush_icache',
  'riscv_hwprobe',
  'rtas',
  's390_guarded_storage',
  's390_pci_mmio_read',
  's390_pci_mmio_write',
  's390_runtime_instr',
  's390_sthyi',
  'spu_create',
  'spu_run',
  'subpage_prot',
  'swapcontext',
  'switch_endian',
  'sync_file_range2',
  'sys_debug_setcontext',
  'syscall',
  'sysmips',
  'timerfd',
]);

/** Whether the name is one of a system call that only other architectures have. */
export function isForeignSyscall(name: string): boolean {
  return FOREIGN.has(name);
}
