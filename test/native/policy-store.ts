// SPDX-License-Identifier: Apache-2.0
// A policy store of its own in a folder, with a policy that is as small as one can be and has a block `container`: its
// transactions take a fraction of a second, and the kernel has no part in them.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Name of the policy. */
export const STORE = 'tiny';

const BASE = `(handleunknown allow)
(mls true)
(class file (read write open execute))
(class dir (search write))
(class process (transition fork))
(class tcp_socket (listen name_bind))
(class capability (chown))
(classorder (file dir process tcp_socket capability))
(sid kernel)
(sidorder (kernel))
(sensitivity s0)
(sensitivityorder (s0))
(category c0)
(category c1)
(categoryorder (c0 c1))
(sensitivitycategory s0 (range c0 c1))
(role system_r)
(role object_r)
(user system_u)
(userrole system_u system_r)
(userrole system_u object_r)
(userlevel system_u (s0))
(userrange system_u ((s0) (s0 (range c0 c1))))
(userprefix system_u user)
(selinuxuserdefault system_u ((s0) (s0 (range c0 c1))))
(type kernel_t)
(roletype system_r kernel_t)
(type etc_t)
(roletype object_r etc_t)
(type http_port_t)
(sidcontext kernel (system_u system_r kernel_t ((s0) (s0))))
(allow kernel_t etc_t (file (read)))
(block container
  (type process)
  (roletype system_r process)
  (allow process etc_t (file (read open))))
`;

/** Words that a newer semanage.conf may have, and a program that is not on this machine. */
const SETTINGS = `module-store = direct
expand-check = 0
multiple-decls = true
[sefcontext_compile]
path = /opt/of/the/node/sefcontext_compile
args = -r $@
[end]
`;

/** Contexts of homes, which a transaction of ours leaves alone. */
export const HOMES = '/data/homes/[^/]+\tsystem_u:object_r:etc_t:s0\n';

/** Makes a node's root with the store in it, below a folder. Returns the root. */
export function policyStore(folder: string): string {
  const root = path.join(folder, 'root');
  const base = path.join(root, 'var/lib/selinux', STORE, 'active/modules/100/base');
  const files = path.join(root, 'etc/selinux', STORE, 'contexts/files');
  for (const made of [base, files, path.join(root, 'etc/selinux', STORE, 'policy')])
    mkdirSync(made, { recursive: true });
  mkdirSync(path.join(base, '../../disabled'));
  writeFileSync(path.join(base, 'cil'), BASE);
  writeFileSync(path.join(base, 'lang_ext'), 'cil');
  writeFileSync(path.join(root, 'etc/selinux/semanage.conf'), SETTINGS);
  writeFileSync(path.join(files, 'file_contexts.homedirs'), HOMES);
  return root;
}
