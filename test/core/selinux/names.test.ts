// SPDX-License-Identifier: Apache-2.0
// Names of SELinux profiles on nodes: the manual's, and that no two objects share one.
import { expect } from 'chai';
import fc from 'fast-check';
import { blockName, profileOfUsage, usageOf } from '../../../src/core/selinux/names.ts';
import { isTemplate } from '../../../src/core/selinux/templates.ts';

const word = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
const objectName = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.'));
const longName = fc
  .array(fc.stringMatching(/^[a-z0-9]{60,62}$/), { minLength: 4, maxLength: 4 })
  .map((words) => words.join('.'));

describe('core/selinux/names', () => {
  it('names profiles as the manual does', () => {
    expect(usageOf('nginx-deploy', 'nginx-secure')).to.equal('nginx-secure_nginx-deploy.process');
    expect(blockName('nginx-deploy', 'nginx-secure')).to.equal('nginx-secure_nginx-deploy');
  });

  it('makes names of CIL of those that Kubernetes allows', () => {
    expect(blockName('ns', '1web')).to.equal('N1web_ns');
    expect(blockName('ns', 'a.b')).to.equal('a_b_ns');
    expect(blockName('1', '1.2')).to.equal('N1_2_1');
  });

  it('refuses what is no name of an object', () => {
    for (const name of ['', 'a_b', 'A', 'a)', '../a', 'a..b', '-a']) {
      expect(() => blockName('ns', name), name).to.throw(RangeError);
      expect(() => blockName(name, 'a'), name).to.throw(RangeError);
    }
  });

  it('gives names of CIL that fit a file system, a different one to each object, which leads back to it', () => {
    const object = fc.record({ namespace: word, name: fc.oneof(objectName, longName) });
    fc.assert(
      fc.property(object, object, (one, other) => {
        const block = blockName(one.namespace, one.name);
        expect(block).to.match(/^[A-Za-z][A-Za-z0-9_-]*$/);
        expect(`${block}.cil`.length).to.be.at.most(255);
        const isSame = one.namespace === other.namespace && one.name === other.name;
        expect(block === blockName(other.namespace, other.name)).to.equal(isSame);
        const found = profileOfUsage(usageOf(one.namespace, one.name));
        if (one.name.length + one.namespace.length < 240) expect(found).to.deep.equal(one);
        else if (found !== undefined) expect(found).to.deep.equal(one);
      }),
    );
  });

  it('knows types that are none of ours', () => {
    for (const type of ['', 'container_t', 'container.process', 'a_b', '_b.process', 'a_.process', 'N1_b.processes']) {
      expect(profileOfUsage(type), type).to.equal(undefined);
    }
    expect(profileOfUsage('Nweb_ns.process')).to.equal(undefined);
    expect(profileOfUsage('1web_ns.process')).to.equal(undefined);
  });

  it('knows blocks that are policies of the system', () => {
    expect(isTemplate(blockName('container', 'net'), [])).to.equal(true);
    expect(isTemplate(blockName('container', 'home.rw'), [])).to.equal(true);
    expect(isTemplate(blockName('b', 'a'), ['a_b'])).to.equal(true);
    expect(isTemplate(blockName('container', 'web'), ['container'])).to.equal(false);
  });
});
