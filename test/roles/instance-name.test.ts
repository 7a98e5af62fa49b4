// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { hostname } from 'node:os';
import { instanceName } from '../../src/roles/process/cluster-process.ts';

describe('instanceName()', () => {
  it('is the name of the pod', () => {
    expect(instanceName('manager-abc')).to.equal('manager-abc');
  });

  it('differs between processes of one host that are in no pod, so that they do not lead both', () => {
    const names = [instanceName(''), instanceName('')];
    expect(new Set(names).size).to.equal(2);
    for (const name of names) expect(name.startsWith(`${hostname()}-`)).to.equal(true);
  });
});
