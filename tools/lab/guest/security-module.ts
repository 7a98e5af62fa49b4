// SPDX-License-Identifier: Apache-2.0
// The security modules that there are guests for.

/** The security module that a guest's kernel is started with. */
export type SecurityModule = 'apparmor' | 'selinux';

/** All of them, in the order of the guests' addresses. */
export const SECURITY_MODULES: readonly SecurityModule[] = ['apparmor', 'selinux'];
