// SPDX-License-Identifier: Apache-2.0
// Looks at this machine for `spoc doctor`: its kernel, its security modules, its logs. Nothing is changed.
import { constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { AppArmorFacts, AuditLogFact, NodeFacts, SelinuxFacts } from '../../core/doctor/node-facts.ts';
import { AUDIT_LOGS } from '../../core/names.ts';
import { VERSION } from '../../core/version.ts';
import { readKernel } from '../node-kernel.ts';
import { kubeletFacts } from './kubelet.ts';
import { ifThere, isThere, observe, textOf, wordsOf } from './reading.ts';
import { runtimeFacts } from './runtimes.ts';

/** Where to look. */
export interface Places {
  /** The root of the file system; another one in tests. */
  readonly root: string;
  /** The kubelet's directory, from that root. */
  readonly kubeletDir: string;
  /** Folder of the compiled programs; undefined where it is not known. */
  readonly programs: string | undefined;
}

/** The compiled programs that spoc starts. */
const PROGRAMS = ['recorder', 'runner'];

const PARSERS = ['usr/sbin/apparmor_parser', 'sbin/apparmor_parser'];

/** Looks at everything. */
export async function examineNode(places: Places): Promise<NodeFacts> {
  const at = (file: string): string => path.join(places.root, file);
  const [kernel, hasBtf, cgroupVersion] = await Promise.all([
    readKernel(at('proc')),
    isThere(at('sys/kernel/btf/vmlinux')),
    cgroupsOf(at('sys/fs/cgroup')),
  ]);
  return {
    version: VERSION,
    nodeVersion: process.version,
    kernel,
    loggedActions: await observe(() => wordsOf(at('proc/sys/kernel/seccomp/actions_logged'))),
    bootOptions: await observe(() => wordsOf(at('proc/cmdline'))),
    modules: await observe(() => wordsOf(at('sys/kernel/security/lsm'), /[\s,]+/)),
    hasBtf,
    cgroupVersion,
    auditLogs: await Promise.all(AUDIT_LOGS.map((file) => auditLog(file, at(file)))),
    selinux: await selinuxOf(at),
    appArmor: await appArmorOf(at),
    runtimes: await runtimeFacts(places.root),
    kubelet: await kubeletFacts(places.root, places.kubeletDir),
    missingPrograms: await missingOf(places.programs),
  };
}

async function cgroupsOf(folder: string): Promise<1 | 2 | undefined> {
  if (await isThere(path.join(folder, 'cgroup.controllers'))) return 2;
  return (await isThere(path.join(folder, 'memory'))) ? 1 : undefined;
}

/** A file in a folder that this user may not enter is unreadable, not missing. */
async function auditLog(name: string, file: string): Promise<AuditLogFact> {
  if (await isThere(file, constants.R_OK)) return { path: name, state: 'readable' };
  const there = await observe(() => ifThere('look for', file, stat(file)));
  const missing = there.type === 'seen' && there.value === undefined;
  return { path: name, state: missing ? 'missing' : 'unreadable' };
}

async function selinuxOf(at: (file: string) => string): Promise<SelinuxFacts> {
  const isOn = await isThere(at('sys/fs/selinux/enforce'));
  const config = (await textOf(at('etc/selinux/config'))) ?? '';
  const policy = /^\s*SELINUXTYPE\s*=\s*([A-Za-z0-9._-]+)/m.exec(config)?.[1];
  return {
    isOn,
    isEnforcing: await observe(async () => (await wordsOf(at('sys/fs/selinux/enforce')))[0] === '1'),
    policy,
    hasStore: policy !== undefined && (await isThere(at(`var/lib/selinux/${policy}`))),
  };
}

async function appArmorOf(at: (file: string) => string): Promise<AppArmorFacts> {
  const enabled = (await textOf(at('sys/module/apparmor/parameters/enabled'))) ?? 'N';
  const parsers = await Promise.all(PARSERS.map((file) => isThere(at(file), constants.X_OK)));
  return { isOn: enabled.startsWith('Y'), hasParser: parsers.includes(true) };
}

async function missingOf(folder: string | undefined): Promise<readonly string[]> {
  if (folder === undefined) return PROGRAMS;
  const there = await Promise.all(PROGRAMS.map((name) => isThere(path.join(folder, name), constants.X_OK)));
  return PROGRAMS.filter((_, index) => there[index] !== true);
}
