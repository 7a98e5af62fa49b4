// SPDX-License-Identifier: Apache-2.0
// Denied calls on their way from the log enricher into the node's status: by the name under which pods use a profile,
// the profile is found that has denied them.
import { parseNews } from '../../core/audit/denial-line.ts';
import type { AuditNews } from '../../core/audit/denial-line.ts';
import { AUDIT_LOG_READ } from '../../core/status/denials.ts';
import { nodeStatusKey } from '../../core/status/node-status-cache.ts';
import type { NodeStatusCache } from '../../core/status/node-status-cache.ts';
import type { Observation } from '../../core/status/state.ts';
import { relativesOf } from '../../handlers/sources/base-profiles.ts';
import type { Profile } from '../../handlers/sources/profiles.ts';
import type { SpoOperator } from '../../runtime/spo-operator.ts';
import type { DenialFeed, WiredKind } from './profile-kinds.ts';

/** The parts of the daemon that denials come to. */
export interface DenialSide {
  readonly operator: Pick<SpoOperator, 'reader'>;
  readonly kinds: readonly WiredKind[];
  readonly cache: NodeStatusCache;
  /** To be called when the observation has changed. */
  changed(): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The denials of a node, once they are followed. */
export interface FollowedDenials {
  /** Begins; before, profiles are not known, and what is told is lost. */
  begin(): void;
  /** Whether an audit log is read; undefined until it is known: then that of before stands. */
  observation(): Observation | undefined;
}

/**
 * A listener that comes anew is told what was told before, and of a profile that was changed meanwhile such a denial
 * may be older than the change. One that is older than this, in milliseconds, does not count.
 */
const OLD_MS = 600_000;

/** The module of the kernel whose denials are of profiles of a kind. */
const MODULES: Readonly<Record<string, string>> = {
  SeccompProfile: 'seccomp',
  SelinuxProfile: 'selinux',
  RawSelinuxProfile: 'selinux',
  AppArmorProfile: 'apparmor',
};

/** Follows the feed, which is undefined where the pod has no log enricher. */
export function followDenials(feed: DenialFeed | undefined, side: DenialSide): FollowedDenials {
  let log: string | undefined;
  let isSilent = false;
  const finders = side.kinds.map(({ kind }) => {
    const relatives = relativesOf(kind, side.operator.reader<Profile>(kind.source));
    return {
      kind: kind.resource.kind,
      module: MODULES[kind.resource.kind],
      ownersOf: (use: string) => relatives.ownersOf(use),
    };
  });
  const turn = (next: string | undefined): void => {
    const isNews = next !== log || (next === undefined) !== isSilent;
    log = next;
    isSilent = next === undefined;
    if (isNews) side.changed();
  };
  const take = (news: AuditNews | undefined): void => {
    if (news?.type === 'source') turn(news.log);
    if (news?.type !== 'denial') return;
    const { module, use, call, enforced, by, last } = news;
    for (const finder of finders.filter((one) => one.module === module)) {
      for (const { metadata } of finder.ownersOf(use)) {
        if (isOld(last, metadata.generation, side.now()) || isAhead(last, side.now())) continue;
        side.cache.denied(nodeStatusKey(finder.kind, metadata.namespace, metadata.name), { call, enforced, by, last });
      }
    }
  };
  return {
    begin: () => feed?.follow({ line: (line) => take(parseNews(line)), lost: () => turn(undefined) }),
    observation: () => (feed === undefined ? WITHOUT_ENRICHER : observationOf(log, isSilent)),
  };
}

function isOld(last: string, generation = 1, now: number): boolean {
  return generation > 1 && now - Date.parse(last) > OLD_MS;
}

/** Nothing that comes later would be news beside it. Clocks of a node's containers are one. */
function isAhead(last: string, now: number): boolean {
  return Date.parse(last) - now > AHEAD_MS;
}

const AHEAD_MS = 600_000;

const WITHOUT_ENRICHER: Observation = {
  type: AUDIT_LOG_READ,
  status: 'False',
  reason: 'LogEnricherNotEnabled',
  message: 'the node has no log enricher',
};

function observationOf(log: string | undefined, isSilent: boolean): Observation | undefined {
  const type = AUDIT_LOG_READ;
  if (log !== undefined) return { type, status: 'True', reason: 'Reading', message: `the log enricher reads ${log}` };
  if (!isSilent) return undefined;
  return { type, status: 'False', reason: 'NoAuditLog', message: 'the log enricher reads no audit log yet' };
}
