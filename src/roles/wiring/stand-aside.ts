// SPDX-License-Identifier: Apache-2.0
// The first thing that a manager does: to find out whether another operator was here before it, and to wait for the end
// of that one.
import type { ManagerSettings } from '../../core/config.ts';
import { StandAside } from '../../handlers/manager/spod/stand-aside.ts';
import { ALL_SPODS } from '../../handlers/sources/spods.ts';
import { aborted } from '../../runtime/clock.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';

/** The question, ready to be asked. */
export interface StandAsideWiring {
  readonly operator: SpoOperator;
  /** Resolves when no other operator goes before, or the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
}

/** Wires the question. */
export function wireStandAside(settings: ManagerSettings, parts: ControllerManagerParts): StandAsideWiring {
  const operator = SpoOperator.create({ ...parts, kinds: [] });
  const free = Promise.withResolvers<undefined>();
  const handler = new StandAside({
    ...settings,
    spods: operator.reader(ALL_SPODS),
    log: parts.log.named('setup'),
    proceed: () => free.resolve(undefined),
    now: () => parts.clock.now(),
  });
  const wake = operator.register(handler);
  return {
    operator,
    wait: async (signal) => {
      const stopped = aborted(signal);
      await Promise.race([operator.start(), stopped]);
      // Where there is no spod, nothing else would tell so.
      if (!signal.aborted) wake(handler.key);
      await Promise.race([free.promise, stopped]);
      await operator.stop();
    },
  };
}
