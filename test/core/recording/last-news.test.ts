// SPDX-License-Identifier: Apache-2.0
// The last news of several recordings: never before the truth, whatever each knows of itself.
import { expect } from 'chai';
import fc from 'fast-check';
import { lastNews } from '../../../src/core/recording/last-news.ts';
import type { TimedNames } from '../../../src/core/recording/last-news.ts';

const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;

function seen(lastNew: string | undefined, ...names: readonly string[]): TimedNames {
  return { names: new Set(names), lastNew };
}

/** When each name was first seen by a recording, by the name. */
const sightings = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 59 }), { minKeys: 1 });

describe('core/recording/last-news', () => {
  it('are those of the recordings that add something', () => {
    expect(lastNews([])).to.equal(undefined);
    expect(lastNews([seen(at(5), 'a', 'b')])).to.equal(at(5));
    expect(lastNews([seen(at(9), 'a'), seen(at(5), 'a', 'b')])).to.equal(at(5));
    expect(lastNews([seen(at(5), 'a'), seen(at(9), 'a', 'b')])).to.equal(at(9));
  });

  it('are not known where a recording adds something and does not tell when', () => {
    expect(lastNews([seen(undefined, 'c'), seen(at(5), 'a')])).to.equal(undefined);
    expect(lastNews([seen(undefined, 'a'), seen(at(5), 'a', 'b')])).to.equal(at(5));
    expect(lastNews([seen(undefined)])).to.equal(undefined);
  });

  it('are never told earlier than they were, nor later than the latest of all, in any order', () => {
    fc.assert(
      fc.property(fc.array(sightings, { minLength: 1, maxLength: 5 }), (recordings) => {
        const timed = recordings.map((times) => seen(at(Math.max(...Object.values(times))), ...Object.keys(times)));
        const firsts = ['a', 'b', 'c', 'd'].flatMap((name) => {
          const all = recordings.flatMap((times) => times[name] ?? []);
          return all.length === 0 ? [] : [Math.min(...all)];
        });
        const last = lastNews(timed) ?? '';
        expect(last >= at(Math.max(...firsts))).to.equal(true);
        expect(timed.some(({ lastNew }) => lastNew === last)).to.equal(true);
        expect(lastNews([...timed].reverse())).to.equal(last);
      }),
    );
  });
});
