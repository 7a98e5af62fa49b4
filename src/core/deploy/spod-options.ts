// SPDX-License-Identifier: Apache-2.0
// Options of the spod that come with the installation: a chart's values, an overlay or a Subscription set one variable
// of the manager, because the spod itself cannot be applied together with the definition of its kind.
import type { SecurityProfilesOperatorDaemonSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON_SHAPE as SHAPE } from '../../gen/shape/security-profiles-operator-daemon.ts';
import { ENV } from '../env.ts';
import { isJsonObject, parseJson } from '../json.ts';
import { GROUP, SPOD } from '../names.ts';
import { sha256Hex } from '../sha256.ts';
import { validate } from '../validation/validate.ts';

/** Fields of `spec` of the spod. */
export type SpodOptions = SecurityProfilesOperatorDaemonSpec;

/**
 * The options in the text of the variable; none where it is not set.
 * @throws RangeError that names the variable and each field that is wrong
 */
export function parseSpodOptions(text: string | undefined): SpodOptions {
  if (text === undefined) return {};
  const spec = read(text);
  const kind = 'SecurityProfilesOperatorDaemon';
  const faults = validate({ apiVersion: `${GROUP}/v1alpha1`, kind, metadata: { name: SPOD }, spec }, SHAPE);
  if (faults.length === 0) return spec;
  const sentences = faults.map(({ path, message }) => `${path} ${message}`);
  throw new RangeError(`${ENV.spodOptions}: ${sentences.join('; ')}`);
}

/** A short hash by which a spod says which options it has; undefined for none. */
export function optionsHash(options: SpodOptions): string | undefined {
  return Object.keys(options).length === 0 ? undefined : sha256Hex(JSON.stringify(options)).slice(0, 16);
}

function read(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new RangeError(`${ENV.spodOptions} must be JSON: ${String(cause)}`, { cause });
  }
  if (!isJsonObject(value)) throw new RangeError(`${ENV.spodOptions} must be an object with fields of the spod's spec`);
  return value;
}
