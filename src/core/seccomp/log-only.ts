// SPDX-License-Identifier: Apache-2.0
// A profile that logs each call which another one refuses, and lets it happen. The kernel logs SCMP_ACT_LOG whatever
// the flags (kernel/seccomp.c, seccomp_log); SECCOMP_FILTER_FLAG_LOG alone has no such effect, since a refused call
// stays refused under it. Calls for a tracer or a listener stay so: these are no refusals of the profile's.
import { isPermitting } from './model.ts';
import type { Action, Profile, Rule } from './model.ts';

/** Whether the profile refuses anything by itself. */
export function refusesAny({ defaultAction, rules }: Profile): boolean {
  return !isPermitting(defaultAction) || rules.some(({ action }) => !isPermitting(action));
}

/** The profile with every refusal turned into a line of the log. It stands on no base: refusals of one would hold. */
export function logOnly(profile: Profile): Profile {
  const { architectures, flags, listenerPath, listenerMetadata } = profile;
  return {
    architectures,
    ...(flags === undefined ? {} : { flags }),
    ...(listenerPath === undefined ? {} : { listenerPath }),
    ...(listenerMetadata === undefined ? {} : { listenerMetadata }),
    defaultAction: logged(profile.defaultAction),
    rules: profile.rules.map(logOnlyRule),
  };
}

function logOnlyRule({ errno, ...rule }: Rule): Rule {
  const action = logged(rule.action);
  return { ...rule, action, ...(errno === undefined || action !== rule.action ? {} : { errno }) };
}

function logged(action: Action): Action {
  return isPermitting(action) ? action : 'SCMP_ACT_LOG';
}
