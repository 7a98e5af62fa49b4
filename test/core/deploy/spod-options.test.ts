// SPDX-License-Identifier: Apache-2.0
// The options of the spod in a variable: what is wrong with them is said when the manager starts.
import { expect } from 'chai';
import { managerDeployment } from '../../../src/core/deploy/manager.ts';
import { parseSpodOptions } from '../../../src/core/deploy/spod-options.ts';

describe('core/deploy/spod-options', () => {
  it('reads fields of the spec, of which there may be none', () => {
    expect(parseSpodOptions(undefined)).to.deep.equal({});
    expect(parseSpodOptions('{"verbosity":1,"tolerations":[{"operator":"Exists"}]}')).to.deep.equal({
      verbosity: 1,
      tolerations: [{ operator: 'Exists' }],
    });
  });

  const wrong: Readonly<Record<string, string>> = {
    '{"enableSelinx":true}': 'SPOD_OPTIONS: spec.enableSelinx',
    '{"verbosity":"1"}': 'SPOD_OPTIONS: spec.verbosity',
    '{"hostProcVolumePath":"/etc","verbosity":-1}': 'spec.hostProcVolumePath must be /proc or a path below it',
    '[]': 'must be an object',
    'verbosity: 1': 'SPOD_OPTIONS must be JSON',
  };
  for (const [text, sentence] of Object.entries(wrong)) {
    it(`refuses ${text}`, () => expect(() => parseSpodOptions(text)).to.throw(RangeError, sentence));
  }

  it('is what the Deployment of an installation with options says', () => {
    const base = { namespace: 'ns', image: 'i', kubeletDir: '/var/lib/kubelet', restrictTo: [] };
    const text = JSON.stringify(managerDeployment({ ...base, spodOptions: { enableAppArmor: true } }));
    expect(text).to.contain(JSON.stringify({ name: 'SPOD_OPTIONS', value: '{"enableAppArmor":true}' }));
    expect(JSON.stringify(managerDeployment({ ...base, spodOptions: {} }))).to.not.contain('SPOD_OPTIONS');
  });
});
