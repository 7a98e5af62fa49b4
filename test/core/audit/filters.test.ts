// SPDX-License-Identifier: Apache-2.0
// The rules by which lines are printed or hidden.
import { expect } from 'chai';
import { faultOfFilters, parseFilters } from '../../../src/core/audit/filters.ts';

const line = { type: 'seccomp', node: 'n', pod: 'web', syscallName: 'listen', syscallID: 50 };

const prints = (rules: readonly object[]): boolean => parseFilters(JSON.stringify(rules))(line);
const none = { priority: 1, level: 'None' };

describe('core/audit/filters', () => {
  it('prints everything without a rule that matches', () => {
    expect(parseFilters('')(line)).to.equal(true);
    expect(prints([])).to.equal(true);
    expect(prints([{ ...none, matchKeys: ['perm'] }])).to.equal(true);
    expect(prints([{ ...none, matchKeys: ['pod'], matchValues: ['db'] }])).to.equal(true);
    expect(prints([{ ...none, matchKeys: ['toString'] }])).to.equal(true);
  });

  it('hides by a key alone, by a value, and by a number', () => {
    expect(prints([{ ...none, matchKeys: ['syscallID'] }])).to.equal(false);
    expect(prints([{ ...none, matchKeys: ['pod'], matchValues: ['db', 'web'] }])).to.equal(false);
    for (const matchValues of [['50'], [50]]) {
      expect(prints([{ ...none, matchKeys: ['syscallID'], matchValues }])).to.equal(false);
    }
  });

  it('wants all keys of a rule', () => {
    expect(prints([{ ...none, matchKeys: ['pod', 'perm'] }])).to.equal(true);
    expect(prints([{ ...none, matchKeys: ['pod', 'type'], matchValues: ['web'] }])).to.equal(true);
    expect(prints([{ ...none, matchKeys: ['pod', 'type'], matchValues: ['web', 'seccomp'] }])).to.equal(false);
  });

  it('lets the lowest priority decide, in whatever order the rules stand', () => {
    const hide = { ...none, priority: 100, matchKeys: ['type'] };
    const show = { priority: 50, level: 'Metadata', matchKeys: ['pod'], matchValues: ['web'] };
    expect(prints([hide, show])).to.equal(true);
    expect(prints([show, hide])).to.equal(true);
    expect(prints([hide, { ...show, priority: 101 }])).to.equal(false);
  });

  it('says what is wrong with a rule', () => {
    const faults: Readonly<Record<string, string>> = {
      '{': 'is no JSON',
      '{}': 'must be a JSON list of rules',
      '[1]': 'rule 1 is no object',
      '[{"priority":1,"matchKeys":["a"]},{"matchKeys":["a"]}]': 'rule 2 needs a whole priority',
      '[{"priority":1}]': 'rule 1 needs matchKeys',
      '[{"priority":1,"matchKeys":"a"}]': 'matchKeys of rule 1 must be a list of texts',
      '[{"priority":1,"matchKeys":["a"],"matchValues":[{}]}]': 'matchValues of rule 1 must be a list of texts',
      '[{"priority":1,"matchKeys":["a"],"level":"Some"}]': 'the level of rule 1 must be Metadata or None',
      '[{"priority":1,"matchLabels":{}}]':
        'rule 1 has a field matchLabels; there are priority, level, matchKeys, matchValues',
    };
    for (const [text, fault] of Object.entries(faults)) expect(faultOfFilters(text), text).to.equal(fault);
    expect(faultOfFilters('[{"priority":1,"matchKeys":["a"]}]')).to.equal(undefined);
  });
});
