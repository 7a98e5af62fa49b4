// SPDX-License-Identifier: Apache-2.0
// The spod object itself: the one that is made where none is, and what is answered to options whose parts of the
// operator are not there yet. Such an option is never ignored in silence.
import type {
  SecurityProfilesOperatorDaemon,
  SecurityProfilesOperatorDaemonSpec,
} from '../../gen/crd/security-profiles-operator-daemon.ts';
import { faultOfFilters } from '../audit/filters.ts';
import { ANNOTATION, GROUP, SPOD } from '../names.ts';
import { ignoredActions } from '../seccomp/allowed.ts';
import type { Observation } from '../status/state.ts';
import { APP_LABEL } from './manifest.ts';
import { INSTALLED_WEBHOOKS, unknownWebhooks } from './webhooks/effective.ts';

/** Name of the condition that tells whether every option of a spod object has an effect. */
export const OPTIONS_CONDITION = 'OptionsInEffect';

/** The options that a new spod can have by the environment of the manager. */
export type FirstOptions = Pick<SecurityProfilesOperatorDaemonSpec, 'enableLogEnricher' | 'enableBpfRecorder'>;

/**
 * The spod object of an operator that has not been configured. Its annotation says so: until its spec is changed, it
 * lifts no limit that an object before it had set.
 */
export function defaultSpod(namespace: string, options: FirstOptions = {}): SecurityProfilesOperatorDaemon {
  return {
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'SecurityProfilesOperatorDaemon',
    metadata: { name: SPOD, namespace, labels: APP_LABEL, annotations: { [ANNOTATION.madeByDefault]: 'true' } },
    spec: {
      verbosity: 0,
      ...(options.enableLogEnricher === true ? { enableLogEnricher: true } : {}),
      ...(options.enableBpfRecorder === true ? { enableBpfRecorder: true } : {}),
    },
  };
}

interface Missing {
  /** Whether the spec asks for it. */
  readonly asked: (spec: SecurityProfilesOperatorDaemonSpec) => boolean;
  readonly field: keyof SecurityProfilesOperatorDaemonSpec;
  /** The part of the operator that it belongs to. */
  readonly part: string;
}

/** Options that ask for parts which this version does not have. Each part takes its lines along when it comes. */
const MISSING: readonly Missing[] = [
  { field: 'enableSelinux', part: 'SELinux profiles', asked: (spec) => spec.enableSelinux === true },
  {
    field: 'selinuxOptions',
    part: 'SELinux profiles',
    asked: (spec) => (spec.selinuxOptions?.allowedSystemProfiles ?? ['container']).join() !== 'container',
  },
  { field: 'enableAppArmor', part: 'AppArmor profiles', asked: (spec) => spec.enableAppArmor === true },
];

/** Tells which options of a spod object have no effect, as a condition. */
export function optionsInEffect(spec: SecurityProfilesOperatorDaemonSpec, generation: number): Observation {
  const unmet = MISSING.filter((option) => option.asked(spec));
  const common = { type: OPTIONS_CONDITION, observedGeneration: generation };
  const ignored = ignoredOptions(spec);
  if (unmet.length === 0 && ignored !== undefined) {
    return { ...common, status: 'False', reason: 'OptionIgnored', message: ignored };
  }
  if (unmet.length === 0) {
    return { ...common, status: 'True', reason: 'AllInEffect', message: 'every option has an effect' };
  }
  const parts = unmet.map((option) => `spec.${option.field} needs ${option.part}`);
  const message = `this version of the operator lacks what some options ask for: ${parts.join('; ')}${ignored === undefined ? '' : `; ${ignored}`}`;
  return { ...common, status: 'False', reason: 'OptionNotAvailable', message };
}

/** A sentence about options that are there and can mean nothing; undefined where there are none. */
function ignoredOptions(spec: SecurityProfilesOperatorDaemonSpec): string | undefined {
  const names = unknownWebhooks(spec);
  const known = INSTALLED_WEBHOOKS.join(', ');
  const webhooks =
    names.length === 0 ? [] : [`spec.webhookOptions: there is no webhook ${names.join(', ')}; there are ${known}`];
  const fault = faultOfFilters(spec.logEnricherFilters ?? '');
  const filters = fault === undefined ? [] : [`spec.logEnricherFilters ${fault}`];
  const all = [ignoredActions(spec.allowedSeccompActions) ?? [], webhooks, filters].flat();
  return all.length === 0 ? undefined : all.join('; ');
}
