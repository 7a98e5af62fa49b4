// SPDX-License-Identifier: Apache-2.0
// From AppArmor's audit records to what a profile would have to allow. Profiles that are recorded are in complain mode,
// so a record says ALLOWED and means: no rule allows it. All that the abstract form cannot express is counted by sort.
import type { AppArmorAbstract } from '../../gen/crd/app-armor-profile.ts';
import { NO_LETTER, untrustedString } from '../audit/fields.ts';
import type { AppArmorRecord } from '../audit/record.ts';
import { fold } from './fold.ts';
import { printAbstract } from './form.ts';
import { generalPattern } from './recorded-path.ts';
import { compareTexts, FileRules } from './spec.ts';
import type { Access, Allowed } from './spec.ts';
import { appArmorCapability } from './tables.ts';

/** All that records ask for. */
export interface LearntAccess {
  readonly allowed: Allowed;
  readonly abstract: AppArmorAbstract;
  /** Folders whose single names there is no room for. */
  readonly folded: readonly string[];
  /** In how many records was that which cannot be allowed, in words. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** The one thing that a record asks for. */
type Wish =
  | { readonly type: 'file'; readonly path: string; readonly access: Access; readonly owned: boolean }
  | { readonly type: 'capability'; readonly name: string }
  | { readonly type: 'socket'; readonly word: 'tcp' | 'udp' | 'raw' }
  | { readonly type: 'beyond'; readonly what: string }
  /** Allowed already, or no access at all. */
  | { readonly type: 'nothing' };

type Fields = ReadonlyMap<string, string>;

/** The sum of records of one profile, with those of the programs that ran within it. */
export function learnAccess(records: Iterable<AppArmorRecord>): LearntAccess {
  const files = new FileRules();
  const capabilities = new Set<string>();
  const sockets = new Set<string>();
  const leftOut = new Map<string, number>();
  for (const record of records) {
    const wish = wishOf(record);
    if (wish.type === 'file') files.add({ pattern: generalPattern(wish.path), access: wish.access, owned: wish.owned });
    else if (wish.type === 'capability') capabilities.add(wish.name);
    else if (wish.type === 'socket') sockets.add(wish.word);
    else if (wish.type === 'beyond') leftOut.set(wish.what, (leftOut.get(wish.what) ?? 0) + 1);
  }
  const folded = fold(files.sorted());
  const allowed: Allowed = {
    files: folded.files,
    capabilities: [...capabilities].sort(compareTexts),
    tcp: sockets.has('tcp'),
    udp: sockets.has('udp'),
    raw: sockets.has('raw'),
  };
  return { allowed, abstract: printAbstract(allowed), folded: folded.folded, leftOut };
}

/**
 * The profile that a record belongs to: where nothing says under which profile a program is to run that a profile in
 * complain mode starts, the kernel makes one up, `NAME//null-/bin/sh`.
 */
export function profileOfRecord({ profile }: AppArmorRecord): string {
  const made = profile.indexOf('//null-');
  return made < 0 ? profile : profile.slice(0, made);
}

/** Answers of AppArmor that mean that no rule allows an access. */
const ASKED: readonly string[] = ['ALLOWED', 'DENIED', 'KILLED'];

/** That a program stays in the profile for recordings is allowed and audited (trace.ts). */
function isTracedExec({ apparmor, operation }: AppArmorRecord): boolean {
  return apparmor === 'AUDIT' && operation === 'exec';
}

function wishOf(record: AppArmorRecord): Wish {
  if (!ASKED.includes(record.apparmor) && !isTracedExec(record)) return { type: 'nothing' };
  const fields = fieldsOf(record.extraInfo);
  if (record.operation === 'capable') return capabilityWish(fields);
  if (fields.has('family')) return socketWish(fields);
  const mask = maskOf(record, fields);
  if (BEYOND.test(record.operation) || mask === '') return beyond(record.operation, record.name);
  return fileWish(record, mask, fields);
}

/** Operations whose rules the abstract form does not have (security/apparmor/audit.c and its callers). */
const BEYOND =
  /^(?:ptrace|signal|mount|umount|remount|pivotroot|dbus.*|change_.*|stack.*|setprocattr|set?rlimit|userns_.*|mqueue.*|posix_mqueue.*|io_?uring.*|uring.*|profile_.*)$/;

function beyond(operation: string, example: string): Wish {
  return { type: 'beyond', what: example === '' ? operation : `${operation} of ${example}` };
}

function capabilityWish(fields: Fields): Wish {
  const name = appArmorCapability(fields.get('capname') ?? '');
  return name === undefined ? beyond('capability', fields.get('capname') ?? '') : { type: 'capability', name };
}

/** The protocol is not kept by rules: type and family decide. */
function socketWish(fields: Fields): Wish {
  const [family = '', type = ''] = [fields.get('family'), fields.get('sock_type')];
  const isInternet = family === 'inet' || family === 'inet6';
  if (type === 'raw') return { type: 'socket', word: 'raw' };
  if (isInternet && type === 'stream') return { type: 'socket', word: 'tcp' };
  if (isInternet && type === 'dgram') return { type: 'socket', word: 'udp' };
  return beyond('a socket', `${family} ${type}`);
}

/** Newer sorts of records say `denied`, older ones `denied_mask`. */
function maskOf({ operation }: AppArmorRecord, fields: Fields): string {
  const mask = ['denied_mask', 'denied', 'requested_mask', 'requested'].map((key) => fields.get(key));
  return mask.find((value) => value !== undefined && value !== '') ?? (operation === 'exec' ? 'x' : '');
}

function fileWish({ operation, name }: AppArmorRecord, mask: string, fields: Fields): Wish {
  if (!name.startsWith('/')) {
    return beyond('a path that leads out of the file system (the flag attach_disconnected helps)', name);
  }
  if (name.includes(NO_LETTER)) return beyond('a path that is no UTF-8', name);
  if (name.endsWith(' (deleted)') && !name.startsWith('/anon_hugepage'))
    return beyond('a path that seems deleted', name);
  if (!/^[rwaxmklcd]+$/.test(mask)) return beyond(operation, name);
  const has = (letters: string): boolean => Array.from(letters).some((letter) => mask.includes(letter));
  const path = name.startsWith('/anon_hugepage') ? '/' : name;
  const access = { read: has('rxm'), write: has('wacdkl'), map: has('mx'), execute: has('x') };
  const owned = fields.has('fsuid') && fields.get('fsuid') === fields.get('ouid');
  return { type: 'file', path, access, owned };
}

/** `name='value'` was quoted, and `name=value` not: a string there is written in hexadecimal. No string has blanks. */
function fieldsOf(extraInfo: string): Fields {
  const fields = new Map<string, string>();
  for (const [, name, quoted, bare] of extraInfo.matchAll(/(\w+)=(?:'(.*?)'(?= |$)|(\S*))/g)) {
    if (name === undefined || fields.has(name)) continue;
    fields.set(name, quoted ?? (STRINGS.has(name) ? untrustedString(bare ?? '', false) : (bare ?? '')));
  }
  return fields;
}

/** Fields whose values a program may have chosen. */
const STRINGS: ReadonlySet<string> = new Set(['target', 'peer', 'peer_label', 'srcname']);
