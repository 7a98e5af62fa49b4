// SPDX-License-Identifier: Apache-2.0
// The steps of a round by what is known of their names before a compiler sees them: those that no compiler would take
// are left out, and those that are doubtful do not hold the others up.
import { needs } from './needs.ts';
import { unknownNames } from './node-names.ts';
import type { NodeNames } from './node-names.ts';
import { nameOf } from './transaction.ts';
import type { Failure, Step } from './transaction.ts';

/** The steps of a round. */
export interface CheckedSteps {
  /** In one transaction. */
  readonly sound: readonly Step[];
  /** In another one, behind it: those that name what may not be there, those that need these, and all removals. */
  readonly doubtful: readonly Step[];
  /** Why others are not tried, by the names of their modules. */
  readonly failures: ReadonlyMap<string, Failure>;
  /** Targets that the kernel does not know as types, by the names of the modules. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
}

/** Parts the steps. Without any doubt all of them are sound. */
export function checkSteps(steps: readonly Step[], node: NodeNames): CheckedSteps {
  const failures = new Map<string, Failure>();
  const targets = new Map<string, readonly string[]>();
  const names = new Set(steps.map(nameOf));
  for (const step of steps) {
    if (step.type === 'remove') continue;
    const { faults, targets: unknown } = unknownNames(step.file, node);
    const foreign = unknown.filter((target) => !names.has(target.replace(/^\./, '').split('.', 1)[0] ?? ''));
    if (faults.length > 0) failures.set(step.file.name, { reason: faults.join('; '), isOwn: true });
    else if (foreign.length > 0) targets.set(step.file.name, foreign);
  }
  const tried = steps.filter((step) => !failures.has(nameOf(step)));
  const doubts = withThoseInNeed(new Set(targets.keys()), tried);
  const isDoubtful = (step: Step): boolean => doubts.has(nameOf(step)) || (step.type === 'remove' && doubts.size > 0);
  return {
    sound: tried.filter((step) => !isDoubtful(step)),
    doubtful: tried.filter(isDoubtful),
    failures,
    targets,
  };
}

/** The failures of doubtful steps, with what their words do not name. */
export function explainTargets(
  failures: ReadonlyMap<string, Failure>,
  targets: CheckedSteps['targets'],
): ReadonlyMap<string, Failure> {
  return new Map(
    [...failures].map(([name, failure]) => {
      const unknown = targets.get(name);
      if (unknown === undefined || !failure.isOwn) return [name, failure];
      const types = `the policy of this node has no type ${unknown.slice(0, MOST_TARGETS).join(', ')}`;
      return [name, { ...failure, reason: `${failure.reason}; ${types}` }];
    }),
  );
}

/** Types that a message names. */
const MOST_TARGETS = 5;

function withThoseInNeed(names: Set<string>, steps: readonly Step[]): ReadonlySet<string> {
  for (const name of names) {
    for (const step of steps) {
      const inNeed = step.type === 'install' && !names.has(step.file.name) && needs(step.file.text, name);
      if (inNeed) names.add(step.file.name);
    }
  }
  return names;
}
