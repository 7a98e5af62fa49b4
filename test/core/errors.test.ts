// SPDX-License-Identifier: Apache-2.0
// The kinds of failure, and the reasons that the manual promises to those who alert on them.
import { expect } from 'chai';
import { Failed, NotYet, REASONS, Rejected, errorText, isReason } from '../../src/core/errors.ts';

describe('core/errors', () => {
  it("has every reason of the manual's metrics table", () => {
    expect(REASONS).to.include.members([
      'SeccompNotSupportedOnNode',
      'InvalidSeccompProfile',
      'CannotSaveSeccompProfile',
      'CannotRemoveSeccompProfile',
      'CannotUpdateSeccompProfile',
      'CannotUpdateNodeStatus',
    ]);
    expect(isReason('InvalidSeccompProfile')).to.equal(true);
    expect(isReason('toString')).to.equal(false);
  });

  it('keeps reason and cause', () => {
    const cause = new Error('no space left on device');
    expect(new Rejected('InvalidSeccompProfile', 'bad')).to.include({
      reason: 'InvalidSeccompProfile',
      name: 'Rejected',
    });
    expect(new Failed('CannotSaveSeccompProfile', 'write a.json', { cause }).cause).to.equal(cause);
    expect(new NotYet('later', { requeueAfterMs: 5 })).to.include({ requeueAfterMs: 5, reason: undefined });
  });

  it('tells the causes in one line, none twice', () => {
    const cause = new Error('no space left on device');
    expect(errorText(new Error('write a.json', { cause }))).to.equal('write a.json: no space left on device');
    expect(errorText(new Error('x: no space left on device', { cause }))).to.equal('x: no space left on device');
    expect(errorText('plain')).to.equal('plain');
    expect(errorText(new TypeError())).to.equal('TypeError');
  });
});
