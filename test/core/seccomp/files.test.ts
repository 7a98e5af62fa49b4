// SPDX-License-Identifier: Apache-2.0
// Paths of profiles: what users' checks expect, and that no name leads out of the operator's directory.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  fileRival,
  localhostProfile,
  ourLocalhostProfile,
  profileFile,
  profilesRoot,
  seccompPath,
} from '../../../src/core/seccomp/files.ts';

describe('core/seccomp/files', () => {
  it('puts a profile where the manual says', () => {
    expect(seccompPath('/var/lib/kubelet', 'my-namespace', 'profile1')).to.equal(
      '/var/lib/kubelet/seccomp/operator/my-namespace/profile1.json',
    );
    expect(localhostProfile('my-namespace', 'profile1')).to.equal('operator/my-namespace/profile1.json');
  });

  it('adds no second suffix, and tells whose file it is', () => {
    expect(profileFile('ns', 'a.json').file).to.equal('a.json');
    expect(fileRival('a.json')).to.equal('a');
    expect(fileRival('a')).to.equal(undefined);
  });

  it('refuses every name that is no name of a Kubernetes object', () => {
    const bad = ['..', '.', '', 'a/b', '../../etc/cron.d/x', 'a..b', '.a', 'a.', 'A', 'a\0', 'a\n', '%2e%2e', 'ä'];
    for (const name of bad) expect(() => profileFile('ns', name), name).to.throw(RangeError);
    for (const namespace of [...bad, 'a.b', 'a'.repeat(64)]) {
      expect(() => profileFile(namespace, 'p'), namespace).to.throw(RangeError);
    }
    expect(() => profileFile('ns', 'a'.repeat(254))).to.throw(RangeError);
  });

  it('never leaves its directory, whatever the name', () => {
    const nasty = fc.string({ unit: fc.constantFrom('.', '/', 'a', '-', '\\', '\0', '0', '~', ':') });
    fc.assert(
      fc.property(nasty, nasty, (namespace, name) => {
        let file: string;
        try {
          file = seccompPath('/k', namespace, name);
        } catch (thrown) {
          expect(thrown).to.be.instanceOf(RangeError);
          return;
        }
        expect(file).to.match(/^\/k\/seccomp\/operator\/[^/]+\/[^/]+\.json$/);
        expect(file.split('/')).to.not.include.oneOf(['..', '.']);
      }),
    );
  });

  it('keeps file names within what a file system can hold, and different ones different', () => {
    const long = 'a'.repeat(252);
    const one = profileFile('n'.repeat(63), long + 'b').file;
    const two = profileFile('n'.repeat(63), long + 'c').file;
    expect(one).to.have.lengthOf(255);
    expect(one).to.match(/^a+-[0-9a-f]{16}\.json$/);
    expect(one).to.not.equal(two);
    expect(profileFile('n', 'a'.repeat(250)).file).to.equal('a'.repeat(250) + '.json');
  });

  it('knows its own localhost profiles', () => {
    for (const path of [
      'operator/ns/a.json',
      'operator//ns/a.json',
      './operator/./ns//a.json',
      'operator/ns/a.json/',
    ]) {
      expect(ourLocalhostProfile(path), path).to.equal('operator/ns/a.json');
    }
    for (const other of ['operator/a.json', 'operator/ns/x/a.json', 'profiles/ns/a.json', 'operator//a.json', '']) {
      expect(ourLocalhostProfile(other), other).to.equal(undefined);
    }
  });

  it('stays below the directory of the kubelet, however that is written', () => {
    expect(profilesRoot('/mnt/resource/kubelet/')).to.equal('/mnt/resource/kubelet/seccomp/operator');
  });
});
