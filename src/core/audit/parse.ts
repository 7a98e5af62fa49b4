// SPDX-License-Identifier: Apache-2.0
// From a line of an audit log to a record. The line may be auditd's (`type=SECCOMP msg=audit(...)`, also in its
// enriched form), syslog's (`kernel: audit: type=1326 audit(...)`) or the kernel's own, the fields in any order; all of
// it is text that somebody else wrote. Kinds of records that we do not know are passed over. Numbers and names of kinds
// are those of include/uapi/linux/audit.h and of auditd's msg_typetab.h.
import { syscallName } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import { architectureOfCall, X32_BIT } from './call.ts';
import { eachField, numberAt, stringAt, untrustedString } from './fields.ts';
import type { Caller } from './process-activity.ts';
import type { AppArmorRecord, AuditRecord, CompanionRecord, SeccompRecord, SelinuxRecord } from './record.ts';

/** Stands between the kernel's record and the names that auditd adds in its enriched form. */
const ENRICHMENT = '\x1d';

const TIMESTAMP = /^\d{1,12}\.\d{1,9}:\d{1,20}$/;

/** The head of a record, and where its fields are in the line. */
interface Head {
  readonly kind: string;
  readonly timestamp: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The record of a line; undefined for a line that is none, or is of another kind.
 *
 * @param native - the architecture of the node, for records that name none
 */
export function parseAuditLine(line: string, native: KnownArchitecture): AuditRecord | CompanionRecord | undefined {
  const head = headOf(line);
  if (head === undefined) return undefined;
  switch (head.kind) {
    case 'SECCOMP':
    case '1326':
      return seccompRecord(line, behindLabel(line, head), native);
    case 'AVC':
    case '1400':
      return line.startsWith('avc:', head.start) ? selinuxRecord(line, head) : appArmorRecord(line, head);
    case 'SYSCALL':
    case '1300':
      return { type: 'companion', timestamp: head.timestamp, executable: executableOf(line, head) };
    default:
      return head.kind.startsWith('APPARMOR') ? appArmorRecord(line, head) : undefined;
  }
}

function headOf(line: string): Head | undefined {
  const from = line.startsWith('type=') ? 0 : line.indexOf(' type=') + 1;
  if (from === 0 && !line.startsWith('type=')) return undefined;
  const blank = line.indexOf(' ', from);
  const stamp = blank + (line.startsWith('msg=', blank + 1) ? 5 : 1);
  if (blank < 0 || !line.startsWith('audit(', stamp)) return undefined;
  const close = line.indexOf('): ', stamp);
  const timestamp = line.slice(stamp + 6, Math.max(close, stamp + 6));
  if (!TIMESTAMP.test(timestamp)) return undefined;
  const enriched = line.indexOf(ENRICHMENT, close);
  const end = enriched < 0 ? line.length : enriched;
  return { kind: line.slice(from + 5, blank), timestamp, start: close + 3, end };
}

/**
 * A record of seccomp without the label of the process (`subj=`), which stands before its number as it is: in complain
 * mode of AppArmor it ends with the path of a program, which may look like fields. All that follows the number is the
 * kernel's, and strings of programs there are quoted or in hexadecimal. A record whose number is not followed by the
 * name of the process has its fields in another order, and is read as it is.
 */
function behindLabel(line: string, head: Head): Head {
  const start = line.lastIndexOf(' pid=') + 1;
  if (start <= head.start) return head;
  if (!line.startsWith('comm=', line.indexOf(' ', start) + 1)) return head;
  const enriched = line.indexOf(ENRICHMENT, start);
  return { ...head, start, end: enriched < 0 ? line.length : enriched };
}

function seccompRecord(line: string, head: Head, native: KnownArchitecture): SeccompRecord | undefined {
  const pid = numberAt(line, valueOf(line, head, 'pid='), head.end);
  const number = numberAt(line, valueOf(line, head, 'syscall='), head.end);
  const executable = executableOf(line, head);
  const token = valueOf(line, head, 'arch=');
  if (pid === undefined || number === undefined) return undefined;
  const architecture = architectureOfCall(
    token === head.end ? undefined : line.slice(token, token + TOKEN),
    number,
    native,
  );
  const syscallID = architecture === 'SCMP_ARCH_X32' ? number % X32_BIT : number;
  const known = architecture === undefined ? undefined : syscallName(architecture, syscallID);
  return {
    type: 'seccomp',
    timestamp: head.timestamp,
    pid,
    executable,
    syscallID,
    syscallName: known ?? String(syscallID),
    architecture,
    isDenied: isRefusal(line, head),
    isOfRuntime: isRuntimes(executable) && RUNTIMES.has(stringAt(line, valueOf(line, head, 'comm='), head.end)),
  };
}

/** The user and the group of the process that a record is about. */
export function callerOf(line: string): Caller {
  const head = headOf(line);
  if (head === undefined) return { uid: undefined, gid: undefined };
  const numberOf = (field: string): number | undefined => numberAt(line, valueOf(line, head, field), head.end);
  return { uid: numberOf('uid='), gid: numberOf('gid=') };
}

/** Whether a line is a record of what SELinux granted, which auditallow rules ask for: nothing is refused or lost. */
export function isGranted(line: string): boolean {
  const head = headOf(line);
  return head !== undefined && (head.kind === 'AVC' || head.kind === '1400') && GRANTED.test(line.slice(head.start));
}

const GRANTED = /^avc: {1,2}granted /;

/**
 * Whether the filter's answer, which the kernel writes as `code=0x7ffc0000`, is a refusal: all but SECCOMP_RET_LOG are,
 * SECCOMP_RET_ALLOW is never logged (include/uapi/linux/seccomp.h).
 */
function isRefusal(line: string, head: Head): boolean {
  const code = valueOf(line, head, 'code=');
  return code < head.end && !line.startsWith(RET_LOG, code);
}

const RET_LOG = '0x7ffc';

/** Names of runtimes' processes that become those of a container: of runc and crun. */
const RUNTIMES: ReadonlySet<string> = new Set(['runc:[2:INIT]', 'crun']);

/**
 * Whether an executable can be a runtime's as its container sees it: outside of the container's root, or the copy of
 * itself in memory that newer versions of runc run. The name of the process alone could be anybody's.
 */
function isRuntimes(executable: string): boolean {
  return executable === '/' || executable.startsWith('/memfd:runc_cloned:');
}

function executableOf(line: string, head: Head): string {
  return stringAt(line, valueOf(line, head, 'exe='), head.end);
}

/** Digits of an AUDIT_ARCH value. */
const TOKEN = 8;

/**
 * Where the value of a field begins, given with its `=`; the end of the record where it has no such field. There are a
 * hundred thousand such records in a second, and for five fields this takes a quarter of the time of going through all.
 */
function valueOf(line: string, { start, end }: Head, field: string): number {
  for (let at = line.indexOf(field, start); at >= 0 && at < end; at = line.indexOf(field, at + 1)) {
    if (at === start || line.charCodeAt(at - 1) === BLANK) return at + field.length;
  }
  return end;
}

const BLANK = 0x20;

/** The beginning of the fields of a record of SELinux, whose first words are no fields. */
const REFUSED = /avc: {1,2}denied {1,2}\{ ?([a-z0-9_ ]{0,4096}?) ?\} {1,2}for {1,2}/y;

function selinuxRecord(line: string, head: Head): SelinuxRecord | undefined {
  REFUSED.lastIndex = head.start;
  const [words, perm] = REFUSED.exec(line) ?? [];
  // Records of what was granted are asked for by auditallow rules, and refuse nothing.
  if (words === undefined || perm === undefined) return undefined;
  const fields = fieldsOf(line, head.start + words.length, head.end);
  const pid = pidOf(fields);
  const { scontext, tcontext, tclass } = Object.fromEntries(fields);
  if (pid === undefined || scontext === undefined || tcontext === undefined || tclass === undefined) return undefined;
  const executable = fields.get('exe') ?? '';
  const isDenied = fields.get('permissive') !== '1';
  return { type: 'selinux', timestamp: head.timestamp, pid, executable, perm, scontext, tcontext, tclass, isDenied };
}

const NAMED_FIELDS: ReadonlySet<string> = new Set(['apparmor', 'operation', 'profile', 'name', 'pid', 'comm', 'exe']);

function appArmorRecord(line: string, head: Head): AppArmorRecord | undefined {
  const fields = fieldsOf(line, head.start, head.end);
  const pid = pidOf(fields);
  const apparmor = fields.get('apparmor');
  if (pid === undefined || apparmor === undefined) return undefined;
  return {
    type: 'apparmor',
    timestamp: head.timestamp,
    pid,
    executable: fields.get('exe') ?? '',
    apparmor,
    operation: fields.get('operation') ?? '',
    profile: fields.get('profile') ?? '',
    name: fields.get('name') ?? '',
    extraInfo: otherFields(line, head),
  };
}

/** Fields that are strings a program may have chosen. */
const UNTRUSTED: ReadonlySet<string> = new Set(['exe', 'comm', 'name', 'profile']);

/** The first value of each name. */
function fieldsOf(line: string, start: number, end: number): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  eachField(line, start, end, (name, from, to, quoted) => {
    if (fields.has(name)) return;
    const text = line.slice(from, to);
    fields.set(name, UNTRUSTED.has(name) ? untrustedString(text, quoted) : text);
  });
  return fields;
}

function pidOf(fields: ReadonlyMap<string, string>): number | undefined {
  const text = fields.get('pid') ?? '';
  return numberAt(text, 0, text.length);
}

function otherFields(line: string, { start, end }: Head): string {
  const others: string[] = [];
  eachField(line, start, end, (name, from, to, quoted) => {
    const value = line.slice(from, to);
    if (!NAMED_FIELDS.has(name)) others.push(quoted ? `${name}='${value}'` : `${name}=${value}`);
  });
  return others.join(' ');
}
