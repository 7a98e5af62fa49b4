// SPDX-License-Identifier: Apache-2.0
// The notes about loaded profiles, and the names that no profile may have.
import { expect } from 'chai';
import { faultOfNodeName } from '../../../src/core/apparmor/node-names.ts';
import { parseNodeRecord, printNodeRecord } from '../../../src/core/apparmor/node-record.ts';

describe('core/apparmor/node-record', () => {
  it('reads what it has written, and nothing else', () => {
    const record = { namespace: 'ns', name: 'a', source: 's', binary: 'b', loaded: 'l', warnings: ['w'] };
    const dated = { record, boot: 'one' };
    expect(parseNodeRecord(printNodeRecord(dated))).to.deep.equal(dated);
    expect(parseNodeRecord(JSON.stringify(record))).to.deep.equal({ record, boot: '' });
    const bad = ['', '{', 'null', '1', '[]', '{}', JSON.stringify({ ...record, name: 1 })];
    for (const text of [
      ...bad,
      JSON.stringify({ ...record, warnings: [1] }),
      JSON.stringify({ ...record, warnings: 'w' }),
      JSON.stringify({ ...record, boot: 1 }),
    ])
      expect(parseNodeRecord(text), text).to.equal(undefined);
  });
});

describe('core/apparmor/node-names', () => {
  it('refuses the profiles of container runtimes and words of the language', () => {
    for (const name of ['cri-containerd.apparmor.d', 'docker-default', 'crio-default', 'containers-default-0.50.1'])
      expect(faultOfNodeName(name, 'ns', 'spo')).to.equal(
        `${name} is the profile that a container runtime gives to all containers without one`,
      );
    expect(faultOfNodeName('unconfined', 'ns', 'spo')).to.equal(
      "unconfined is a word of AppArmor's and names no profile",
    );
    expect(faultOfNodeName('log-enricher-trace', 'ns', 'spo')).to.equal(
      "log-enricher-trace is the operator's own profile for recordings, which only its namespace spo can have",
    );
    expect(faultOfNodeName('log-enricher-trace', 'spo', 'spo')).to.equal(undefined);
    for (const name of ['test-profile', 'docker-default-2', 'crio', 'a.b'])
      expect(faultOfNodeName(name, 'ns', 'spo')).to.equal(undefined);
  });
});
