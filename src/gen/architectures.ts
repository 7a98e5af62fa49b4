// Generated from schemas/tables/architectures.csv by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { TableName } from './syscalls.ts';

/**
 * The facts of an architecture: libseccomp's token, Go's name, the table of its system calls, and whose kernel runs it.
 */
export interface ArchitectureFacts {
  readonly token: number;
  readonly goarch: string;
  readonly table: TableName;
  readonly host: string;
}

/** Architectures of seccomp profiles: libseccomp's name, its token (SCMP_ARCH, an AUDIT_ARCH value of include/uapi/linux/audit.h; x32 is libseccomp's own, with bit 30), Go's name, our table of system calls, and the architecture whose kernel runs it */
export const ARCHITECTURES: Readonly<Record<string, ArchitectureFacts>> = {
  SCMP_ARCH_X86_64: { token: 0xc000003e, goarch: 'amd64', table: 'x86_64', host: 'SCMP_ARCH_X86_64' },
  SCMP_ARCH_X86: { token: 0x40000003, goarch: '386', table: 'i386', host: 'SCMP_ARCH_X86_64' },
  SCMP_ARCH_X32: { token: 0x4000003e, goarch: 'amd64p32', table: 'x32', host: 'SCMP_ARCH_X86_64' },
  SCMP_ARCH_AARCH64: { token: 0xc00000b7, goarch: 'arm64', table: 'aarch64', host: 'SCMP_ARCH_AARCH64' },
  SCMP_ARCH_ARM: { token: 0x40000028, goarch: 'arm', table: 'arm', host: 'SCMP_ARCH_AARCH64' },
};
