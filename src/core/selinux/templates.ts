// SPDX-License-Identifier: Apache-2.0
// The policies for containers that udica 0.2.8 and container-selinux bring to a node: the blocks, and the names that
// their rules use. A name in an inherited rule is looked up in the heir first, so an heir that declares it captures it.

function variants(name: string, ...endings: readonly string[]): readonly string[] {
  return ['', ...endings].map((ending) => `${name}${ending}_container`);
}

const BLOCKS: ReadonlySet<string> = new Set([
  ...['base', 'net', 'restricted_net', 'tty', 'virt', 'x'].flatMap((name) => variants(name)),
  ...['config', 'home', 'log'].flatMap((name) => variants(name, '_rw', '_manage')),
  ...variants('tmp', '_rw'),
]);

const NAMES: ReadonlySet<string> = new Set(
  (
    'proc_type proc_t cpu_online_t container_runtime_t domain container_domain svirt_sandbox_domain sandbox_net_domain ' +
    'file_type configfile logfile tmpfile auditd_log_t var_t var_run_t user_home_dir_t home_root_t user_home_t node_t ' +
    'http_port_t virt_var_run_t virtd_t xserver_t xserver_misc_device_t xserver_tmp_t xserver_exec_t device_t ' +
    'dri_device_t urandom_device_t tmpfs_t tmp_t container_file_t container_ro_file_t'
  ).split(' '),
);

/**
 * Whether a block of ours would take the place of a policy of the system, as that of `net` in the namespace
 * `container` does.
 */
export function isTemplate(block: string, allowedSystemProfiles: readonly string[]): boolean {
  return BLOCKS.has(block) || allowedSystemProfiles.includes(block);
}

/** Whether rules of these policies use a name. */
export function isNameOfTemplates(name: string): boolean {
  return NAMES.has(name);
}
