// SPDX-License-Identifier: Apache-2.0
// Which objects of a namespace are kept whole: against a model that computes it from scratch after each step.
import { expect } from 'chai';
import fc from 'fast-check';
import { Budget } from '../../src/runtime/budget.ts';
import type { BudgetLimits, Sized } from '../../src/runtime/budget.ts';

const NAMES = ['p', 'q', 'r', 's', 't', 'u', 'v', 'w'];
const LIMITS: BudgetLimits = { bytes: 100, objects: 4 };

/** The oldest objects that fit together. */
function expected(objects: readonly Sized[]): ReadonlySet<string> {
  const sorted = [...objects].sort((a, b) => (`${a.created} ${a.name}` < `${b.created} ${b.name}` ? -1 : 1));
  const kept = new Set<string>();
  let bytes = 0;
  for (const object of sorted) {
    bytes += object.bytes;
    if (bytes > LIMITS.bytes || kept.size === LIMITS.objects) break;
    kept.add(object.name);
  }
  return kept;
}

const step = fc.record({
  namespace: fc.constantFrom('a', 'b'),
  name: fc.constantFrom(...NAMES),
  created: fc.constantFrom('1', '2', '3'),
  bytes: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 60 })),
});

describe('runtime/budget', () => {
  it('keeps the oldest objects of each namespace that fit, and names each other one whose place changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const budget = new Budget(LIMITS);
        const model = new Map<string, Map<string, Sized>>();
        for (const { namespace, name, created, bytes } of steps) {
          const objects = model.get(namespace) ?? new Map<string, Sized>();
          model.set(namespace, objects);
          const before = expected([...objects.values()]);
          let shift;
          if (bytes < 0) {
            objects.delete(name);
            shift = budget.take(namespace, name);
          } else {
            objects.set(name, { name, created, bytes });
            shift = budget.put(namespace, { name, created, bytes });
          }
          const after = expected([...objects.values()]);
          for (const other of NAMES) expect(budget.holds(namespace, other), other).to.equal(after.has(other));
          const others = [...objects.keys()].filter((other) => other !== name);
          expect([...shift.withheld].sort()).to.deep.equal(
            others.filter((other) => before.has(other) && !after.has(other)).sort(),
          );
          expect([...shift.admitted].sort()).to.deep.equal(
            others.filter((other) => !before.has(other) && after.has(other)).sort(),
          );
        }
      }),
    );
  });

  it('takes ten thousand objects of one namespace in no time', () => {
    const budget = new Budget({ bytes: 1e6, objects: 100 });
    const begun = process.cpuUsage();
    for (let i = 0; i < 10_000; i++) budget.put('a', { name: `p${String(i)}`, created: String(i % 7), bytes: 10 });
    for (let i = 0; i < 10_000; i++) budget.take('a', `p${String(i)}`);
    // Of the processor's time: others on the machine take none of it away.
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1000).to.be.lessThan(2000);
    expect(budget.holds('a', 'p1')).to.equal(false);
  });
});
