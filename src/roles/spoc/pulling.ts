// SPDX-License-Identifier: Apache-2.0
// The machine as pulling needs it.
import type { PullingMachine } from '../../cli/registry-settings.ts';
import type { Environment } from '../../core/env.ts';
import { buildHere } from './build.ts';

/** The machine, as far as pulling goes. */
export function pullingMachine(env: Environment): PullingMachine {
  return {
    ...buildHere(),
    env,
    openVerifier: async (trusted) => (await import('./signatures.ts')).openVerifier(trusted),
    openRegistry: async (settings, signal) => (await import('./registry.ts')).openRegistry(settings, env, signal),
  };
}
