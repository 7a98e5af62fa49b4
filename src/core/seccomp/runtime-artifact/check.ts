// SPDX-License-Identifier: Apache-2.0
// Whether a text may be the layer of a runtime artifact: JSON of the runtime specification's `linux.seccomp` that
// container runtimes pull by themselves (KEP-6061), and refuse for reasons that are better known before.
import { isJsonObject, parseJson, repeatedKey } from '../../json.ts';
import { FaultList, InvalidProfile } from '../../faults.ts';
import type { ProfileFault } from '../../faults.ts';
import { readRuntimeProfile } from './read.ts';
import { checkRuntimeRules } from './rules.ts';

function objectIn(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const value = parseJson(text);
    const repeated = repeatedKey(text);
    if (repeated !== undefined) return `${repeated.path} is written twice`;
    return isJsonObject(value) ? value : 'is no JSON object';
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return `is no JSON: ${cause.message}`;
  }
}

/** Everything for which a runtime would refuse it; nothing for a good one. */
export function runtimeArtifactFaults(text: string): readonly ProfileFault[] {
  const root = objectIn(text);
  if (typeof root === 'string') return [{ field: '', reason: root }];
  const faults = new FaultList();
  const profile = readRuntimeProfile(root, faults);
  // Rules that could not be read would be judged by what is left of them.
  if (faults.count === 0) checkRuntimeRules(profile, faults);
  try {
    faults.throwIfAny('');
    return [];
  } catch (cause) {
    if (cause instanceof InvalidProfile) return cause.faults;
    throw cause;
  }
}
