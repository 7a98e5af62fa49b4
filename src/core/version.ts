// SPDX-License-Identifier: Apache-2.0
// The version of everything that is built from this tree. Core cannot read package.json, so it stands here once more; a
// test compares the two.

/** Version of the operator, of spoc and of the image: package.json's, without a leading `v`. */
export const VERSION = '0.1.0';

/**
 * The parts that are built in, as the first line of each log shows them. The manual has users look there for `no_bpf`,
 * which the original says where it is built without its eBPF recorder; ours always has one.
 */
export const BUILD_TAGS = 'seccomp,selinux,apparmor,bpf';
