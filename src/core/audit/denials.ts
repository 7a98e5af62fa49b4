// SPDX-License-Identifier: Apache-2.0
// Denied calls by profile, for those who look after it: each call of a profile is told when it comes first, and while
// it goes on once a minute, however often it is made. So a thousand denials a second are one line.
import { plainText } from '../plain-text.ts';
import { SELINUX_RECORDING_TYPE } from '../names.ts';
import { parseContext } from '../selinux/contexts.ts';
import { CALL_MAX, DENIALS_MAX, displacedBy, MAKER_MAX, RETOLD_MS } from '../status/denials.ts';
import type { ProfileDenial } from '../status/denials.ts';
import { rfc3339 } from '../status/time.ts';
import type { Place } from './line.ts';
import type { AuditRecord } from './record.ts';

/** The profile that a denial is of, as pods name it. */
export interface DenyingProfile {
  readonly module: AuditRecord['type'];
  /** For seccomp the localhostProfile, for SELinux the type, for AppArmor the profile in the kernel. */
  readonly use: string;
}

/** A denial as one container of the daemon's pod tells it another one. */
export interface ObservedDenial extends DenyingProfile, ProfileDenial {}

/** Profiles that are remembered; a node has room for so many in its report. */
const MOST_PROFILES = 4096;

/** The last second that has a form in RFC 3339; records are texts, and anybody may have written one. */
const LAST_SECOND = 253_402_300_799;

/** Gathers denials. */
export class Denials {
  private readonly tell: (denial: ObservedDenial) => void;
  private readonly profiles = new Map<string, Map<string, ObservedDenial>>();

  /** `tell` gets each denial that is to be told. */
  constructor(tell: (denial: ObservedDenial) => void) {
    this.tell = tell;
  }

  /**
   * A record of a container.
   *
   * @param localhost - the localhostProfile of the container, if it is one of ours
   * @returns the profile that has denied or logged it; undefined for a record that is of none of ours
   */
  take(record: AuditRecord, place: Place, localhost: string | undefined): ObservedDenial | undefined {
    const denial = denialOf(record, place, localhost);
    if (denial === undefined) return undefined;
    const key = `${denial.module} ${denial.use}`;
    const calls = this.profiles.get(key) ?? new Map<string, ObservedDenial>();
    const before = calls.get(denial.call);
    if (before === undefined ? !this.makeRoom(key, calls, denial) : !isNews(before, denial)) return denial;
    this.profiles.set(key, calls.set(denial.call, denial));
    this.tell(denial);
    return denial;
  }

  /** All that was told last: for a listener that comes later. */
  all(): readonly ObservedDenial[] {
    return [...this.profiles.values()].flatMap((calls) => [...calls.values()]);
  }

  /**
   * Whether there is room for another call of a profile. It must not be taken for ever by calls that were only logged,
   * or that the profile permits since it was changed: the profile would look clean then.
   */
  private makeRoom(key: string, calls: Map<string, ObservedDenial>, news: ObservedDenial): boolean {
    if (calls.size < DENIALS_MAX) return this.profiles.has(key) || this.profiles.size < MOST_PROFILES;
    const displaced = displacedBy(news, [...calls.values()]);
    return displaced !== undefined && calls.delete(displaced.call);
  }
}

function isNews(before: ObservedDenial, after: ObservedDenial): boolean {
  return (after.enforced && !before.enforced) || Date.parse(after.last) - Date.parse(before.last) >= RETOLD_MS;
}

function denialOf(record: AuditRecord, place: Place, localhost: string | undefined): ObservedDenial | undefined {
  const profile = profileOf(record, localhost);
  const said = callOf(record);
  if (profile === undefined || said === undefined) return undefined;
  const by = `${record.executable === '' ? 'a process' : record.executable} in ${place.namespace}/${place.pod}`;
  const seconds = Number(record.timestamp.split('.')[0]);
  if (seconds > LAST_SECOND) return undefined;
  const last = rfc3339(seconds * 1000);
  return { ...profile, ...said, call: short(said.call, CALL_MAX), by: short(by, MAKER_MAX), last };
}

function profileOf(record: AuditRecord, localhost: string | undefined): DenyingProfile | undefined {
  switch (record.type) {
    case 'seccomp':
      return localhost === undefined || record.isOfRuntime ? undefined : { module: 'seccomp', use: localhost };
    case 'selinux': {
      const type = parseContext(record.scontext)?.type;
      return type === undefined || type === SELINUX_RECORDING_TYPE ? undefined : { module: 'selinux', use: type };
    }
    case 'apparmor':
      // Behind `//` stands a profile within the profile, or one that complain mode has made up.
      return { module: 'apparmor', use: record.profile.split('//')[0] ?? '' };
    default:
      return record satisfies never;
  }
}

function callOf(record: AuditRecord): Pick<ProfileDenial, 'call' | 'enforced'> | undefined {
  switch (record.type) {
    case 'seccomp':
      return { call: record.syscallName, enforced: record.isDenied };
    case 'selinux': {
      const target = parseContext(record.tcontext)?.type ?? record.tcontext;
      return { call: `${record.perm} ${record.tclass} ${target}`, enforced: record.isDenied };
    }
    case 'apparmor':
      if (record.apparmor !== 'DENIED' && record.apparmor !== 'ALLOWED') return undefined;
      return { call: `${record.operation} ${record.name}`.trim(), enforced: record.apparmor === 'DENIED' };
    default:
      return record satisfies never;
  }
}

function short(text: string, most: number): string {
  const plain = plainText(text);
  return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`;
}
