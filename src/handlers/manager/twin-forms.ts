// SPDX-License-Identifier: Apache-2.0
// The log-only form of a profile of each kind.
import { renamedPolicy } from '../../core/apparmor/renamed.ts';
import { LexicalFault, placeOf, placeText } from '../../core/apparmor/tokens.ts';
import { Rejected } from '../../core/errors.ts';
import { requireLimit, stack } from '../../core/seccomp/install.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import { logOnly, refusesAny } from '../../core/seccomp/log-only.ts';
import { renderSpec } from '../../core/seccomp/render.ts';
import { unloggedDenials } from '../../core/seccomp/unlogged.ts';
import type { AppArmorProfile } from '../../gen/crd/app-armor-profile.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import type { SelinuxProfile } from '../../gen/crd/selinux-profile.ts';
import type { Reader } from '../../runtime/handler.ts';
import type { BaseArtifacts } from '../sources/base-artifacts.ts';
import { baseFinder } from '../sources/seccomp-profiles.ts';
import type { TwinForm } from './binding-trials.ts';

/** The cluster as forms of seccomp profiles need it. */
export interface SeccompFormParts {
  readonly profiles: Reader<SeccompProfile>;
  readonly artifacts: BaseArtifacts;
  /** The cluster's limit, which holds for twins as for all profiles. */
  limit(): Limit;
}

/**
 * The profile with its bases, every refusal of which is a line of the log: bases stay out of the twin, or theirs would
 * hold.
 * @throws Rejected for a profile that is none, or a twin beyond the limit; NotYet while a base is missing
 */
export function seccompTwin(profile: SeccompProfile, parts: SeccompFormParts): TwinForm {
  const { profiles, artifacts } = parts;
  const whole = stack(profile, baseFinder(profiles, artifacts, profile.metadata.namespace)).profile;
  const twin = logOnly(whole);
  requireTwinLimit(twin, parts.limit());
  const { disabled } = profile.spec;
  const spec = { ...renderSpec(twin), ...(disabled === undefined ? {} : { disabled }) };
  return { spec, refuses: refusesAny(whole), unlogged: unloggedDenials(whole) };
}

function requireTwinLimit(twin: Parameters<typeof requireLimit>[0], limit: Limit): void {
  try {
    requireLimit(twin, limit);
  } catch (cause) {
    if (!(cause instanceof Rejected)) throw cause;
    throw new Rejected(cause.reason, `a twin that only logs is beyond the limit: ${cause.message}`, { cause });
  }
}

/** The profile in complain mode, in which rules with `deny` refuse all the same. */
export function appArmorTwin({ spec }: AppArmorProfile, name: string): TwinForm {
  const { policy } = spec;
  try {
    const own = policy === undefined ? {} : { policy: renamedPolicy(policy, name) };
    return { spec: { ...spec, ...own, complainMode: true }, refuses: spec.complainMode !== true };
  } catch (cause) {
    if (!(cause instanceof LexicalFault)) throw cause;
    const at = placeText(placeOf(policy ?? '', cause.at));
    throw new Rejected('InvalidAppArmorProfile', `spec.policy: ${at}: ${cause.message}`, { cause });
  }
}

/** The profile with a permissive domain. */
export function selinuxTwin({ spec }: SelinuxProfile): TwinForm {
  return { spec: { ...spec, permissive: true }, refuses: spec.permissive !== true };
}
