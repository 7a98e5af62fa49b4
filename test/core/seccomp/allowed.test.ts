// SPDX-License-Identifier: Apache-2.0
// The limit of the spod object, case by case as the original's end-to-end tests have it.
import { expect } from 'chai';
import { ignoredActions, violationOf } from '../../../src/core/seccomp/allowed.ts';
import { PERMITTING } from '../../../src/core/seccomp/model.ts';
import type { Action, Profile } from '../../../src/core/seccomp/model.ts';

const allowedSyscalls = ['exit', 'exit_group', 'futex', 'nanosleep'];

const profile = (defaultAction: Action, action: Action = 'SCMP_ACT_ALLOW', ...names: string[]): Profile => ({
  defaultAction,
  architectures: [],
  rules: names.length === 0 ? [] : [{ names, action, args: [] }],
});

describe('core/seccomp/allowed', () => {
  it('limits nothing without a list', () => {
    const all = profile('SCMP_ACT_ALLOW');
    expect(violationOf(all, {})).to.equal(undefined);
    expect(violationOf(all, { allowedSyscalls: [] })).to.equal(undefined);
  });

  it('lets a profile that blocks all and one that keeps to the list pass', () => {
    expect(violationOf(profile('SCMP_ACT_ERRNO'), { allowedSyscalls })).to.equal(undefined);
    const exact = profile('SCMP_ACT_ERRNO', 'SCMP_ACT_ALLOW', ...allowedSyscalls);
    expect(violationOf(exact, { allowedSyscalls })).to.equal(undefined);
  });

  it('refuses a call beyond the list, whatever action lets it happen', () => {
    for (const action of ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE', 'SCMP_ACT_NOTIFY'] as const) {
      const violation = violationOf(profile('SCMP_ACT_ERRNO', action, 'exit', 'mount', 'bpf'), { allowedSyscalls });
      expect(violation).to.equal('allows system calls that are not in spec.allowedSyscalls of the spod: bpf, mount');
    }
    expect(violationOf(profile('SCMP_ACT_ERRNO', 'SCMP_ACT_KILL', 'mount'), { allowedSyscalls })).to.equal(undefined);
  });

  it('refuses a default that allows', () => {
    expect(violationOf(profile('SCMP_ACT_LOG'), { allowedSyscalls })).to.contain('default action SCMP_ACT_LOG');
  });

  it('says which actions of the spod object do not count, and which count although they are not listed', () => {
    expect(ignoredActions()).to.equal(undefined);
    expect(ignoredActions([])).to.equal(undefined);
    expect(ignoredActions(PERMITTING)).to.equal(undefined);
    expect(ignoredActions(['SCMP_ACT_ALLOW'])).to.equal(
      'spec.allowedSeccompActions: SCMP_ACT_LOG, SCMP_ACT_TRACE, SCMP_ACT_NOTIFY count as well, because calls happen under them',
    );
    expect(ignoredActions([...PERMITTING, 'SCMP_ACT_ERRNO'])).to.equal(
      'spec.allowedSeccompActions: SCMP_ACT_ERRNO let no call happen and do not count',
    );
  });

  it('lists ten names and counts the rest', () => {
    const names = Array.from({ length: 13 }, (_, i) => `call${String(i).padStart(2, '0')}`);
    const violation = violationOf(profile('SCMP_ACT_ERRNO', 'SCMP_ACT_ALLOW', ...names), { allowedSyscalls });
    expect(violation).to.match(/call09 and 3 more$/);
  });
});
