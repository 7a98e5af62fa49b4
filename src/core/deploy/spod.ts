// SPDX-License-Identifier: Apache-2.0
// The spod object itself: the one that is made where none is, and the answer to options that can mean nothing. Such an
// option is never ignored in silence.
import type {
  SecurityProfilesOperatorDaemon,
  SecurityProfilesOperatorDaemonSpec,
} from '../../gen/crd/security-profiles-operator-daemon.ts';
import { faultOfFilters } from '../audit/filters.ts';
import { ANNOTATION, GROUP, SPOD } from '../names.ts';
import { ignoredActions } from '../seccomp/allowed.ts';
import type { Observation } from '../status/state.ts';
import type { Manifest } from './manifest.ts';
import { APP_LABEL } from './manifest.ts';
import { optionsHash } from './spod-options.ts';
import type { SpodOptions } from './spod-options.ts';
import { INSTALLED_WEBHOOKS, unknownWebhooks } from './webhooks/effective.ts';

/** Name of the condition that tells whether every option of a spod object has an effect. */
export const OPTIONS_CONDITION = 'OptionsInEffect';

const API_VERSION = `${GROUP}/v1alpha1`;
const KIND = 'SecurityProfilesOperatorDaemon';

/** The options that a new spod can have by the environment of the manager. */
export type FirstOptions = Pick<SecurityProfilesOperatorDaemonSpec, 'enableLogEnricher' | 'enableBpfRecorder'>;

/**
 * The spod object of an operator that has not been configured, but for the options of its installation. Its annotation
 * says so: until its spec is changed, it lifts no limit that an object before it had set.
 */
export function defaultSpod(
  namespace: string,
  first: FirstOptions = {},
  options: SpodOptions = {},
): SecurityProfilesOperatorDaemon {
  const hash = optionsHash(options);
  const annotations = {
    // A limit among the options is one that an administrator has set.
    ...(options.allowedSyscalls === undefined ? { [ANNOTATION.madeByDefault]: 'true' } : {}),
    ...(hash === undefined ? {} : { [ANNOTATION.optionsHash]: hash }),
  };
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: SPOD, namespace, labels: APP_LABEL, annotations },
    spec: {
      verbosity: 0,
      ...(first.enableLogEnricher === true ? { enableLogEnricher: true } : {}),
      ...(first.enableBpfRecorder === true ? { enableBpfRecorder: true } : {}),
      ...options,
    },
  };
}

/**
 * The part of a spod object that the options of the installation say, where it has another state of them; undefined
 * where it has this one. To be applied by the server: fields that were options before and are none any more go, and
 * what others have set beside them stays.
 */
export function configuredSpod(spod: SecurityProfilesOperatorDaemon, options: SpodOptions): Manifest | undefined {
  const hash = optionsHash(options);
  if (spod.metadata.annotations?.[ANNOTATION.optionsHash] === hash) return undefined;
  const { namespace } = spod.metadata;
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {
      name: SPOD,
      ...(namespace === undefined ? {} : { namespace }),
      labels: APP_LABEL,
      ...(hash === undefined ? {} : { annotations: { [ANNOTATION.optionsHash]: hash } }),
    },
    spec: options,
  };
}

/** Tells which options of a spod object have no effect, as a condition. */
export function optionsInEffect(spec: SecurityProfilesOperatorDaemonSpec, generation: number): Observation {
  const common = { type: OPTIONS_CONDITION, observedGeneration: generation };
  const ignored = ignoredOptions(spec);
  if (ignored !== undefined) return { ...common, status: 'False', reason: 'OptionIgnored', message: ignored };
  return { ...common, status: 'True', reason: 'AllInEffect', message: 'every option has an effect' };
}

/** A sentence about options that can mean nothing; undefined where there are none. */
function ignoredOptions(spec: SecurityProfilesOperatorDaemonSpec): string | undefined {
  const names = unknownWebhooks(spec);
  const known = INSTALLED_WEBHOOKS.join(', ');
  const webhooks =
    names.length === 0 ? [] : [`spec.webhookOptions: there is no webhook ${names.join(', ')}; there are ${known}`];
  const filters = (['logEnricherFilters', 'jsonEnricherFilters'] as const).flatMap((option) => {
    const fault = faultOfFilters(spec[option] ?? '');
    return fault === undefined ? [] : [`spec.${option} ${fault}`];
  });
  const all = [ignoredActions(spec.allowedSeccompActions) ?? [], webhooks, filters].flat();
  return all.length === 0 ? undefined : all.join('; ');
}
